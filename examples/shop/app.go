package shop

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

//go:embed pages/*.html
var pageFiles embed.FS

//go:embed assets
var assetFiles embed.FS

// Options for New. All but Log and HTTP are required.
type Options struct {
	Issuer       string
	ClientID     string
	ClientSecret string
	// APIClientID and APIClientSecret are of the client that has numbers confirmed
	// for the checkout: grant client_credentials, scope phone_verification.
	APIClientID     string
	APIClientSecret string
	// URL is where this relying party is reached, without a slash at the end.
	URL string
	Now func() time.Time
	Log *slog.Logger
	// HTTP reaches the provider; http.DefaultClient when nil.
	HTTP *http.Client
}

// App is the relying party as an http.Handler.
type App struct {
	Options
	handler http.Handler
	pages   *template.Template
	jar     *jar

	mu        sync.Mutex
	provider  *provider
	verifying *verifications
}

// provider is what discovery told.
type provider struct {
	oidc       *oidc.Provider
	oauth      oauth2.Config
	endSession string
	revocation string
}

// New returns the relying party. It asks the provider for nothing yet: the
// provider may start after it.
func New(o Options) (*App, error) {
	pages, err := template.ParseFS(pageFiles, "pages/*.html")
	if err != nil {
		return nil, fmt.Errorf("parsing the pages: %w", err)
	}
	assets, err := fs.Sub(assetFiles, "assets")
	if err != nil {
		return nil, fmt.Errorf("opening the assets: %w", err)
	}
	if o.HTTP == nil {
		o.HTTP = http.DefaultClient
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	a := &App{Options: o, pages: pages, jar: newJar(o.Now)}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", a.home)
	mux.HandleFunc("GET /login", a.login)
	mux.HandleFunc("GET /callback", a.callback)
	mux.HandleFunc("GET /register", a.register)
	mux.HandleFunc("POST /register", a.beginRegistration)
	mux.HandleFunc("GET /checkout", a.checkoutPage)
	mux.HandleFunc("POST /checkout", a.beginCheckout)
	mux.HandleFunc("POST /checkout/code", a.checkCode)
	mux.HandleFunc("POST /checkout/again", a.callAgain)
	mux.HandleFunc("POST /checkout/other", a.otherNumber)
	mux.HandleFunc("POST /refresh", a.refresh)
	mux.HandleFunc("POST /logout", a.logout)
	mux.Handle("GET /assets/", http.StripPrefix("/assets/", http.FileServerFS(assets)))
	a.handler = http.NewCrossOriginProtection().Handler(mux)
	return a, nil
}

// ServeHTTP implements http.Handler.
func (a *App) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self' "+a.Issuer+"/; frame-ancestors 'none'; base-uri 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	a.handler.ServeHTTP(w, r)
}

// discover reads the provider's metadata once; a failure is tried again by the
// next request.
func (a *App) discover(ctx context.Context) (*provider, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.provider != nil {
		return a.provider, nil
	}
	// go-oidc keeps this context for fetching keys later, so it must outlive the request.
	p, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), a.HTTP), a.Issuer)
	if err != nil {
		return nil, fmt.Errorf("reading the provider's metadata: %w", err)
	}
	var more struct {
		EndSession string `json:"end_session_endpoint"`
		Revocation string `json:"revocation_endpoint"`
	}
	if err := p.Claims(&more); err != nil {
		return nil, fmt.Errorf("reading the provider's metadata: %w", err)
	}
	a.provider = &provider{
		oidc: p,
		oauth: oauth2.Config{
			ClientID: a.ClientID, ClientSecret: a.ClientSecret, Endpoint: p.Endpoint(),
			RedirectURL: a.URL + "/callback",
			Scopes:      []string{oidc.ScopeOpenID, "profile", "email", "phone", oidc.ScopeOfflineAccess},
		},
		endSession: more.EndSession, revocation: more.Revocation,
	}
	return a.provider, nil
}

// fail shows a problem; the cause goes to the log.
func (a *App) fail(w http.ResponseWriter, status int, text string, err error) {
	a.Log.Warn("relying party", "problem", text, "error", err)
	w.WriteHeader(status)
	a.render(w, "problem.html", text)
}

func (a *App) render(w http.ResponseWriter, page string, data any) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if err := a.pages.ExecuteTemplate(w, page, data); err != nil {
		a.Log.Error("rendering a page", "page", page, "error", err)
	}
}

// errNoSession: the browser has no session here, or it is over.
var errNoSession = errors.New("no session")
