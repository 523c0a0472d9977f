package console

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/api"
	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/browser"
	"github.com/ringtail-id/ringtail/idp/pages"
)

// Paths of the console and of the API, below the issuer's path.
const (
	Path    = "/console"
	PathAPI = "/admin/api/v3"
)

// Administrators says who has which roles; none of who is no administrator.
type Administrators interface {
	RolesOf(ctx context.Context, userID string) ([]admin.Role, error)
}

// Sessions reads the sessions at the provider and ends them. Errors: idp.ErrNotFound.
type Sessions interface {
	SessionByID(ctx context.Context, id string) (*idp.Session, error)
	EndSessions(ctx context.Context, e idp.Ending, now time.Time) ([]string, error)
}

// Jar is the provider's cookie; see browser.Jar.
type Jar interface {
	Current(r *http.Request) (browser.Visit, error)
}

// Life is how long a session of the console lives.
type Life struct {
	Idle     time.Duration // without use; default 15 minutes
	Absolute time.Duration // at most; default 8 hours
}

// Options for New. All are required but Jar, URL, Life, FreshFor, ReadOnly, Rand and Log.
type Options struct {
	// Issuer is the provider's address without a slash at its end.
	Issuer string
	// URL is the origin at which browsers reach the console; empty means the issuer's.
	URL string
	// Provider serves the OpenID endpoints. The console redeems its codes there, in
	// process, so that it needs no way to its own public address.
	Provider http.Handler
	// Secret of the console's client; see Client.
	Secret         string
	Users          idp.Users
	Sessions       Sessions
	Records        Records
	Administrators Administrators
	Tokens         api.Tokens
	// Trail keeps who came in and who left.
	Trail audit.Trail
	// Jar, where the console shares the provider's origin, binds its sessions to the
	// browser that is signed in there.
	Jar   Jar
	Pages *pages.Pages
	// Asset gives the address of a file of package static.
	Asset func(name string) string
	// Sections makes the sections, which show their pages through the view.
	Sections func(admin.View) ([]admin.Section, error)
	// Hash is a keyed hash of its parts, unambiguous about where one part ends.
	Hash func(parts ...string) string
	// ClientIP is the address that a request came from.
	ClientIP func(*http.Request) netip.Addr
	Life     Life
	// FreshFor is how old a proof may be for routes that are Fresh; default 5 minutes.
	FreshFor time.Duration
	// ReadOnly serves no route that changes something.
	ReadOnly bool
	Now      func() time.Time
	// Rand defaults to crypto/rand, Log to slog's default.
	Rand io.Reader
	Log  *slog.Logger
}

func (o *Options) check() error {
	for name, missing := range map[string]bool{
		"Provider": o.Provider == nil, "Secret": o.Secret == "", "Users": o.Users == nil, "Sessions": o.Sessions == nil,
		"Records": o.Records == nil, "Administrators": o.Administrators == nil, "Tokens": o.Tokens == nil, "Trail": o.Trail == nil, "Pages": o.Pages == nil,
		"Asset": o.Asset == nil, "Sections": o.Sections == nil, "Hash": o.Hash == nil, "ClientIP": o.ClientIP == nil, "Now": o.Now == nil,
	} {
		if missing {
			return errors.New("console: Options." + name + " is missing")
		}
	}
	issuer, err := url.Parse(o.Issuer)
	if err != nil || issuer.Host == "" {
		return errors.New("console: Options.Issuer is not an address")
	}
	if o.URL == "" {
		o.URL = issuer.Scheme + "://" + issuer.Host
	}
	o.URL = strings.TrimSuffix(o.URL, "/")
	set(&o.Life.Idle, 15*time.Minute)
	set(&o.Life.Absolute, 8*time.Hour)
	set(&o.FreshFor, 5*time.Minute)
	if o.Log == nil {
		o.Log = slog.Default()
	}
	return nil
}

func set(d *time.Duration, otherwise time.Duration) {
	if *d <= 0 {
		*d = otherwise
	}
}
