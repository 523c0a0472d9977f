package logout

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/browser"
	"github.com/ringtail-id/ringtail/idp/keyring"
	"github.com/ringtail-id/ringtail/idp/oidc/hint"
)

// Jar is the browser's cookie; see browser.Jar.
type Jar interface {
	Current(r *http.Request) (browser.Visit, error)
	SignOut(w http.ResponseWriter, r *http.Request) error
}

// Sessions keeps who is signed in where. Errors: idp.ErrNotFound.
type Sessions interface {
	SessionByID(ctx context.Context, id string) (*idp.Session, error)
	// EndSessions ends the sessions, and has their relying parties told, as one
	// transaction; it returns those that it ended.
	EndSessions(ctx context.Context, e idp.Ending, now time.Time) ([]string, error)
	SessionClients(ctx context.Context, sessions ...string) ([]idp.SessionClient, error)
}

// Pages are what people see. Each writes the whole answer, headers included.
type Pages interface {
	// Problem tells of an error, and logs its cause.
	Problem(w http.ResponseWriter, r *http.Request, p *idp.Problem)
	// ConfirmLogout asks whether to sign out.
	ConfirmLogout(w http.ResponseWriter, r *http.Request, q Question)
	// SignedOut says that the person is signed out.
	SignedOut(w http.ResponseWriter, r *http.Request, g Goodbye)
}

// Question is asked before somebody is signed out.
type Question struct {
	// Action is the path that the form posts to.
	Action string
	// Hidden fields of the form, by name.
	Hidden map[string]string
	// Client is what the relying party calls itself; empty where none was named.
	Client string
	// Person is the login of who is signed in; empty where that isn't known.
	Person string
	// FormTargets are addresses outside that the form may lead to.
	FormTargets []string
	// UILocales are the request's, in order of preference.
	UILocales []string
}

// Goodbye is said when somebody is signed out.
type Goodbye struct {
	// Client is what the relying party calls itself; empty where none was named.
	Client string
	// Next is where the browser goes on; empty where it stays.
	Next string
	// Frames are addresses of applications to load, each in a frame.
	Frames []string
	// Wait is how long the frames have, before the browser goes on by itself; 0
	// means that the person does.
	Wait time.Duration
	// UILocales are the request's, in order of preference.
	UILocales []string
}

// Options for New. All are required but Wait, Audit and Log.
type Options struct {
	// Issuer is the provider's address without a slash at its end.
	Issuer   string
	Keyring  *keyring.Keyring
	Keys     hint.Keys
	Sessions Sessions
	Clients  idp.Clients
	Users    idp.Users
	Jar      Jar
	Pages    Pages
	// Wait is how long frames have: 3 seconds by default.
	Wait time.Duration
	// Audit records sessions that ended; nil records nothing.
	Audit audit.Recorder
	Now   func() time.Time
	// Log defaults to slog's default.
	Log *slog.Logger
}

func (o *Options) check() error {
	for name, missing := range map[string]bool{
		"Keyring": o.Keyring == nil, "Keys": o.Keys == nil, "Sessions": o.Sessions == nil, "Clients": o.Clients == nil,
		"Users": o.Users == nil, "Jar": o.Jar == nil, "Pages": o.Pages == nil, "Now": o.Now == nil,
	} {
		if missing {
			return errors.New("logout: Options." + name + " is missing")
		}
	}
	if u, err := url.Parse(o.Issuer); err != nil || u.Host == "" {
		return errors.New("logout: Options.Issuer is not an address")
	}
	if o.Wait <= 0 {
		o.Wait = 3 * time.Second
	}
	o.Audit = audit.Or(o.Audit)
	if o.Log == nil {
		o.Log = slog.Default()
	}
	return nil
}
