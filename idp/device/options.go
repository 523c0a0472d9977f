package device

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/browser"
	"github.com/ringtail-id/ringtail/idp/keyring"
	"github.com/ringtail-id/ringtail/idp/oauth"
)

// Clients proves who a client is; clientauth.Authenticator is one.
type Clients interface {
	Authenticate(ctx context.Context, r *http.Request, p oauth.Params) (*idp.Client, *oauth.Failure)
}

// Logins takes the logins that begin on the page.
type Logins interface {
	CreateLogin(ctx context.Context, l *idp.Login) error
}

// Jar is the browser's cookie; see browser.Jar.
type Jar interface {
	Current(r *http.Request) (browser.Visit, error)
	Ensure(w http.ResponseWriter, r *http.Request) (browser.Visit, error)
}

// Pages are what people see. Each writes the whole answer, headers included.
type Pages interface {
	Device(w http.ResponseWriter, r *http.Request, page Page)
	// Problem tells of an error that has no page of its own, and logs its cause.
	Problem(w http.ResponseWriter, r *http.Request, p *idp.Problem)
}

// Options for New. All are required but LoginURL, the lives, Limits, Audit, Rand
// and Log.
type Options struct {
	// Issuer is the provider's address without a slash at its end.
	Issuer  string
	Keyring *keyring.Keyring
	Devices Devices
	Guesses Guesses
	// Auth tells clients apart at the endpoint; Registered names them on the page.
	Auth       Clients
	Registered idp.Clients
	// Scopes are those that mean something when a person signs in.
	Scopes func() []string
	Logins Logins
	// LoginURL is where a browser goes on with a login; nil means
	// {issuer}/login/{id}. LoginLife is how long it has: 3 hours.
	LoginURL  func(id string) string
	LoginLife time.Duration
	Jar       Jar
	Pages     Pages
	// ClientIP is the address of the person, as far as proxies may be believed.
	ClientIP func(*http.Request) netip.Addr
	// Life of the codes: 10 minutes. Interval is the least time between two polls to
	// begin with: 5 seconds, whole ones.
	Life, Interval time.Duration
	Limits         Limits
	// Audit records devices; nil records nothing.
	Audit audit.Recorder
	Now   func() time.Time
	// Rand defaults to crypto/rand, Log to slog's default.
	Rand io.Reader
	Log  *slog.Logger
}

func (o *Options) check() error {
	missing := map[string]bool{
		"Keyring": o.Keyring == nil, "Devices": o.Devices == nil, "Guesses": o.Guesses == nil, "Auth": o.Auth == nil,
		"Registered": o.Registered == nil, "Scopes": o.Scopes == nil, "Logins": o.Logins == nil, "Jar": o.Jar == nil,
		"Pages": o.Pages == nil, "ClientIP": o.ClientIP == nil, "Now": o.Now == nil,
	}
	for name, is := range missing {
		if is {
			return errors.New("device: Options." + name + " is missing")
		}
	}
	if u, err := url.Parse(o.Issuer); err != nil || u.Host == "" {
		return errors.New("device: Options.Issuer is not an address")
	}
	if o.LoginURL == nil {
		o.LoginURL = func(id string) string { return o.Issuer + "/login/" + id }
	}
	setDefault(&o.LoginLife, 3*time.Hour)
	setDefault(&o.Life, 10*time.Minute)
	setDefault(&o.Interval, 5*time.Second)
	setDefault(&o.Limits.Browser, 10)
	setDefault(&o.Limits.Address, 50)
	o.Audit = audit.Or(o.Audit)
	if o.Log == nil {
		o.Log = slog.Default()
	}
	return nil
}

func setDefault[N int | time.Duration](n *N, to N) {
	if *n <= 0 {
		*n = to
	}
}
