package account

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/browser"
	"github.com/ringtail-id/ringtail/idp/consent"
	"github.com/ringtail-id/ringtail/idp/login"
	"github.com/ringtail-id/ringtail/idp/pages"
)

// Jar is the browser's cookie; see browser.Jar.
type Jar interface {
	Current(r *http.Request) (browser.Visit, error)
	Ensure(w http.ResponseWriter, r *http.Request) (browser.Visit, error)
}

// Sessions keeps who is signed in where. Errors: idp.ErrNotFound.
type Sessions interface {
	SessionByID(ctx context.Context, id string) (*idp.Session, error)
	SessionsOf(ctx context.Context, userID string, now time.Time) ([]*idp.Session, error)
	SessionClients(ctx context.Context, sessions ...string) ([]idp.SessionClient, error)
	EndSessions(ctx context.Context, e idp.Ending, now time.Time) ([]string, error)
}

// Options for New. All are required but Stops, Calls, Access, Words, Audit, Rand
// and Log.
type Options struct {
	// Issuer is the provider's address without a slash at its end.
	Issuer   string
	Users    idp.Users
	Sessions Sessions
	// SignedOut answers when the browser's own session was ended with the others; see
	// logout.Handler.
	SignedOut func(w http.ResponseWriter, r *http.Request, ended []string)
	// Clients give the names of the applications that calls were for.
	Clients idp.Clients
	Jar     Jar
	Pages   *pages.Pages
	// Policy is asked anew by every request; see login.Options.
	Policy func() login.Policy
	// Phone is the number that the user would be called at, E.164 with "+"; empty
	// where there is none.
	Phone func(*idp.User) string
	// Stops and Calls are nil where no method calls anybody.
	Stops Stops
	Calls Calls
	// Access is what people allowed applications; nil leaves that part of the page
	// out. Words, which it needs, say what that means.
	Access consent.Register
	Words  consent.Words
	// Hash is a keyed hash of its parts, unambiguous about where one part ends.
	Hash func(parts ...string) string
	// SessionIdle ends a session that was not used for so long.
	SessionIdle time.Duration
	// Audit records what people do on their page; nil records nothing.
	Audit audit.Recorder
	Now   func() time.Time
	// Rand defaults to crypto/rand, Log to slog's default.
	Rand io.Reader
	Log  *slog.Logger
}

func (o *Options) check() error {
	missing := map[string]bool{
		"Users": o.Users == nil, "Sessions": o.Sessions == nil, "Clients": o.Clients == nil, "Jar": o.Jar == nil,
		"Pages": o.Pages == nil, "Policy": o.Policy == nil, "Phone": o.Phone == nil, "Hash": o.Hash == nil, "SignedOut": o.SignedOut == nil,
		"SessionIdle": o.SessionIdle <= 0, "Now": o.Now == nil, "Words": o.Access != nil && (o.Words.Claims == nil || o.Words.Text == nil),
	}
	for name, is := range missing {
		if is {
			return errors.New("account: Options." + name + " is missing")
		}
	}
	if u, err := url.Parse(o.Issuer); err != nil || u.Host == "" {
		return errors.New("account: Options.Issuer is not an address")
	}
	o.Audit = audit.Or(o.Audit)
	if o.Log == nil {
		o.Log = slog.Default()
	}
	return nil
}
