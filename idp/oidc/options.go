package oidc

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/browser"
	"github.com/ringtail-id/ringtail/idp/claims"
	"github.com/ringtail-id/ringtail/idp/keyring"
	"github.com/ringtail-id/ringtail/idp/oauth/clientauth"
	"github.com/ringtail-id/ringtail/idp/oidc/signing"
)

// Jar is the browser's cookie; see browser.Jar.
type Jar interface {
	Current(r *http.Request) (browser.Visit, error)
	Ensure(w http.ResponseWriter, r *http.Request) (browser.Visit, error)
}

// Pages are what people see of these endpoints. Each writes the whole answer,
// headers included.
type Pages interface {
	// Problem tells of an error that can't go to the relying party, and logs its
	// cause.
	Problem(w http.ResponseWriter, r *http.Request, p *idp.Problem)
	// FormPost carries an answer to the relying party. It must work without
	// JavaScript, by a button.
	FormPost(w http.ResponseWriter, r *http.Request, page FormPostPage)
}

// FormPostPage is an answer by response_mode=form_post (OAuth 2.0 Form Post
// Response Mode).
type FormPostPage struct {
	// Action is the redirect URI.
	Action string
	// Fields of the answer, by name.
	Fields map[string]string
}

// Claims says what is told of a person; claims.Set implements it.
type Claims interface {
	// Scopes are those that mean something in authorization requests.
	Scopes() []string
	// Names are all claims of the person that a scope shows.
	Names() []string
	// Askable are those of the claims that the client may ask for by name: who may
	// not have a scope can't have its claims either.
	Askable(client *idp.Client, names []string) []string
	// Of is what the scopes show of the person, and the claims asked for by name.
	Of(u *idp.User, scopes, names []string) map[string]any
}

// Lives are how long things live where a client says nothing. Zero means the
// default, which is that of the settings (login.lstateTtlInSec and tokens).
type Lives struct {
	Login        time.Duration // 3 hours
	Code         time.Duration // 60 seconds
	AccessToken  time.Duration // 1 hour
	IDToken      time.Duration // 1 hour
	RefreshToken time.Duration // 1 day; each use gives a new one with a new life
	// RefreshGrace is how long after its use a refresh token may come once more
	// where the answer was lost; 0 is never.
	RefreshGrace time.Duration
}

// Options for New. All are required but Settle, Lives, Claims, OwnScopes, Announce, Locales, Audit, Rand and Log.
type Options struct {
	// Issuer is the provider's address without a slash at its end: https, or
	// http where the host is loopback.
	Issuer  string
	Keyring *keyring.Keyring
	Signing *signing.Ring
	Stores  Stores
	Clients idp.Clients
	Auth    *clientauth.Authenticator
	Users   idp.Users
	Jar     Jar
	Pages   Pages
	// LoginURL is where a browser goes on with a login; nil means
	// {issuer}/login/{id}.
	LoginURL func(id string) string
	// Settle ends a new login whose browser is signed in and that asks nothing more
	// of the person: it fills in how the login ended. Nil where it has to be gone
	// through. Without Settle all are.
	Settle func(r *http.Request, visit browser.Visit, l *idp.Login) (*idp.Settled, error)
	Lives  Lives
	// Claims defaults to the standard scopes of package claims.
	Claims Claims
	// OwnScopes are those of clients' own tokens, which mean nothing in an
	// authorization request.
	OwnScopes []string
	// Announce are further members of the discovery document, by name: what handlers
	// beside these serve.
	Announce map[string]any
	// Locales of the pages, as BCP 47 tags, for discovery.
	Locales []string
	Now     func() time.Time
	// Registration says that clients register themselves at PathRegister, which
	// idp/register serves.
	Registration bool
	// Audit records logins that begin and tokens; nil records nothing.
	Audit audit.Recorder
	// Rand defaults to crypto/rand, Log to slog's default.
	Rand io.Reader
	Log  *slog.Logger
}

func (o *Options) check() error {
	for name, missing := range map[string]bool{
		"Keyring": o.Keyring == nil, "Signing": o.Signing == nil, "Stores": o.Stores == nil, "Clients": o.Clients == nil, "Auth": o.Auth == nil,
		"Users": o.Users == nil, "Jar": o.Jar == nil, "Pages": o.Pages == nil, "Now": o.Now == nil,
	} {
		if missing {
			return errors.New("oidc: Options." + name + " is missing")
		}
	}
	if err := checkIssuer(o.Issuer); err != nil {
		return err
	}
	if !slices.Contains(o.Signing.Algorithms, signing.RS256) {
		return errors.New("oidc: RS256 must be among the signing algorithms: it signs for clients that say nothing")
	}
	if o.LoginURL == nil {
		o.LoginURL = func(id string) string { return o.Issuer + "/login/" + id }
	}
	o.Audit = audit.Or(o.Audit)
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Claims == nil {
		standard, err := claims.New(claims.Options{})
		if err != nil {
			return fmt.Errorf("oidc: making the standard scopes: %w", err)
		}
		o.Claims = standard
	}
	o.Lives.defaults()
	return nil
}

func (l *Lives) defaults() {
	l.Login = life(l.Login, 3*time.Hour)
	l.Code = life(l.Code, time.Minute)
	l.AccessToken = life(l.AccessToken, time.Hour)
	l.IDToken = life(l.IDToken, time.Hour)
	l.RefreshToken = life(l.RefreshToken, 24*time.Hour)
}

// life is the first that is set.
func life(own, otherwise time.Duration) time.Duration {
	if own > 0 {
		return own
	}
	return otherwise
}

// checkIssuer holds the issuer to OpenID Connect Discovery, section 3.
func checkIssuer(issuer string) error {
	u, err := url.Parse(issuer)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || strings.HasSuffix(issuer, "/") {
		return fmt.Errorf("oidc: the issuer %q is not an address without query, fragment and last slash", issuer)
	}
	if u.Scheme == "https" || u.Scheme == "http" && isLoopback(u.Hostname()) {
		return nil
	}
	return fmt.Errorf("oidc: the issuer %q must be https, or http on a loopback host", issuer)
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
