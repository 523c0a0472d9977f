package login

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"slices"
	"time"

	"github.com/ringtail-id/ringtail/factors"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/browser"
	"github.com/ringtail-id/ringtail/idp/claims"
	"github.com/ringtail-id/ringtail/idp/consent"
	"github.com/ringtail-id/ringtail/idp/pages"
	"github.com/ringtail-id/ringtail/templates"
)

// Jar is the browser's cookie.
type Jar interface {
	Current(r *http.Request) (browser.Visit, error)
	SignIn(w http.ResponseWriter, r *http.Request, session string) error
}

// Options for New. All are required but Claims, Consents, Hash, ConfirmPhone,
// NewPasswords, Audit, Recorded, Rand and Log.
type Options struct {
	// Base is the path that logins lie below: /blitz makes them /blitz/login/ID.
	Base string
	// CallbackURL is where a browser goes when its login is done or denied.
	CallbackURL func(id string) string
	Logins      Logins
	Sessions    Sessions
	Users       idp.Users
	Clients     idp.Clients
	Methods     *factors.Registry
	// Policy is asked anew by every request.
	Policy func() Policy
	Jar    Jar
	Pages  *templates.Renderer
	// Claims say what the scopes show; nil means the standard ones.
	Claims *claims.Set
	// Consents remembers what people allowed; nil remembers nothing.
	Consents consent.Records
	// Hash is a keyed hash of its parts, unambiguous about where one part ends. nil
	// means one of this process alone, which doesn't do for several nodes.
	Hash func(parts ...string) string
	// SessionLife ends a session whatever happens; SessionIdle ends it when it
	// was not used for so long.
	SessionLife, SessionIdle time.Duration
	// ClientIP is the address of the person, as far as proxies may be believed.
	ClientIP func(*http.Request) netip.Addr
	// ConfirmPhone notes that the person was reached at their number; may be nil.
	ConfirmPhone func(ctx context.Context, userID, e164 string, at time.Time) error
	// NewPasswords has people change a password that has to go; nil lets them keep it.
	NewPasswords *NewPasswords
	// Audit records the steps of logins; nil records nothing.
	Audit audit.Recorder
	// Recorded says whether the end of the login of that ID is on record, for logins
	// whose node died before it was; nil takes all for recorded.
	Recorded func(ctx context.Context, id string) (bool, error)
	Now      func() time.Time
	// Rand defaults to crypto/rand, Log to slog's default.
	Rand io.Reader
	Log  *slog.Logger
}

func (o *Options) check() error {
	missing := map[string]bool{
		"CallbackURL": o.CallbackURL == nil, "Logins": o.Logins == nil, "Sessions": o.Sessions == nil,
		"Users": o.Users == nil, "Clients": o.Clients == nil, "Methods": o.Methods == nil, "Policy": o.Policy == nil,
		"Jar": o.Jar == nil, "Pages": o.Pages == nil, "ClientIP": o.ClientIP == nil, "Now": o.Now == nil,
		"SessionLife": o.SessionLife <= 0, "SessionIdle": o.SessionIdle <= 0,
	}
	for name, is := range missing {
		if is {
			return errors.New("login: Options." + name + " is missing")
		}
	}
	if o.ConfirmPhone == nil {
		o.ConfirmPhone = func(context.Context, string, string, time.Time) error { return nil }
	}
	if o.Consents == nil {
		o.Consents = consent.Nothing{}
	}
	o.Audit = audit.Or(o.Audit)
	if o.Recorded == nil {
		o.Recorded = func(context.Context, string) (bool, error) { return true, nil }
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	return o.consentDefaults()
}

// Handler serves {Base}/login/{id}. It is safe for concurrent use.
type Handler struct {
	Options
	pages    *pages.Pages
	words    consent.Words
	serve    http.Handler
	turns    *turns
	outcomes *outcomes
}

// New returns the handler. It fails when a dependency is missing, or when a
// method of the policy has no page.
func New(o Options) (*Handler, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	h := &Handler{Options: o, pages: pages.New(o.Pages, o.Log), turns: newTurns(), outcomes: newOutcomes()}
	h.words = consent.Words{Claims: o.Claims, Text: func(lang, key string) string { return h.pages.Text(lang, key, nil) }}
	policy := h.policy()
	for _, id := range slices.Concat(policy.First, policy.Second) {
		if !o.Pages.Has(id) {
			return nil, errors.New("login: there is no page for the method " + id)
		}
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+h.URL("{id}"), h.get)
	mux.HandleFunc("POST "+h.URL("{id}"), h.post)
	guard := http.NewCrossOriginProtection()
	guard.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.pages.Problem(w, r, problem(ProblemCrossOrigin, http.StatusForbidden))
	}))
	h.serve = guard.Handler(mux)
	return h, nil
}

// URL is the path of a login.
func (h *Handler) URL(id string) string { return h.Base + "/login/" + id }

// ServeHTTP answers GET and POST of a login's address.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) { h.serve.ServeHTTP(w, r) }
