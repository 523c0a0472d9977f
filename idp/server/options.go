package server

import (
	"errors"
	"io"
	"log/slog"
	"net/netip"
	"time"

	"github.com/ringtail-id/ringtail/factors/flashcall"
	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/factors/password"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin/calls"
	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/claims"
	"github.com/ringtail-id/ringtail/idp/keyring"
	"github.com/ringtail-id/ringtail/idp/login"
	"github.com/ringtail-id/ringtail/idp/oidc"
	"github.com/ringtail-id/ringtail/idp/overload"
	"github.com/ringtail-id/ringtail/idp/ratelimit"
	"github.com/ringtail-id/ringtail/idp/store"
	"github.com/ringtail-id/ringtail/idp/tracing"
	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/egress"
)

// Options for New. Issuer, Store, Keyring, Policy and Session are required.
type Options struct {
	// Issuer is the provider's address without a slash at its end.
	Issuer  string
	Store   *store.Store
	Keyring *keyring.Keyring
	// Apps are relying parties that the settings file manages; they win over
	// clients of the same ID in the store.
	Apps []idp.Client
	// Scopes beside the standard ones, or changes of those; see claims.Scope.
	Scopes []claims.Scope
	Policy login.Policy
	// Languages of the pages, the default first; empty means English, Russian.
	Languages []string
	// IgnoreBrowser leaves Accept-Language unread.
	IgnoreBrowser bool
	Session       Session
	Logout        Logout
	Lives         oidc.Lives
	Signing       Signing
	Device        Device
	Password      Password
	// FlashCall is nil where the method is not in use.
	FlashCall *FlashCall
	// Calls say what is kept of calls, and what is warned of.
	Calls Calls
	// Registration is nil where clients can't register themselves.
	Registration *Registration
	// Audit keeps the record of logins, calls, tokens and sessions; nil keeps none. It
	// isn't the server's to close.
	Audit audit.Trail
	// Console is nil where there is no administrators' console and no admin API.
	Console *ConsoleOptions
	// Egress says what may be reached, beyond public https addresses, at addresses
	// that relying parties registered. Its limits are set by who makes the requests.
	Egress egress.Options
	// TrustedProxies may say by X-Forwarded-For where a request comes from.
	TrustedProxies []netip.Prefix
	// RateLimits say how often one address or client may come; the zero value has the
	// table's limits. Its Memory should outlive the server, as Metrics do.
	RateLimits ratelimit.Options
	// Gate lets requests in when more come than can be served; nil lets all in. It
	// should outlive the server, as Metrics do.
	Gate *overload.Gate
	// MaxBody bounds a request's body, in bytes; default 64 KiB.
	MaxBody int64
	// Profiles serves those of the Go runtime to operators, at /debug/pprof/.
	Profiles bool
	// Tracing outlives the server; nil traces nothing.
	Tracing *tracing.Tracing
	// Metrics outlive the server; nil makes some of its own.
	Metrics *Metrics
	Now     func() time.Time
	Rand    io.Reader
	Log     *slog.Logger
}

// Session is how long a person stays signed in in one browser.
type Session struct {
	Idle, Life time.Duration
}

// Signing is the plan for the keys that sign ID tokens; zero values mean the
// defaults of package signing.
type Signing struct {
	Algorithms           []string
	RotateAfter, KeepFor time.Duration
}

// Password is the method "password".
type Password struct {
	Settings password.Settings
	Params   password.Params
	// Parallel hashes at once; 0 means one per processor.
	Parallel int
	// Policy of new passwords.
	Policy password.Policy
}

// Calls say what is kept of calls, in whose days they are summed up, and what is
// warned of; see calls.Options.
type Calls struct {
	Zone              *time.Location
	Keep, KeepFigures time.Duration
	Alarms            calls.Limits
}

// FlashCall is the method "flashCall" with its chain.
type FlashCall struct {
	Codes otp.Settings
	// PhoneAttribute is the user's attribute that holds the number; Ask and Numbers
	// are those of flashcall.Settings.
	PhoneAttribute string
	Ask            string
	Numbers        flashcall.Numbers
	// LoginAttribute is the user's attribute by which an account is found where the
	// method is a first factor; empty means PhoneAttribute.
	LoginAttribute string
	// Routes are the chain, in order; Breaker passes over those that fail.
	Routes  []Route
	Breaker flashcall.Breaker
	// Stops are what is switched off for everybody.
	Stops  flashcall.Stops
	Runner loops.Runner
	// RunLimit is the longest that Runner takes for one call; a call that takes
	// longer is given up. 0 means that otp's default holds.
	RunLimit time.Duration
	// Limits are the Runner's; zero means loops.DefaultLimits. Workers is how many
	// steps of scripts it runs at once, half of which callbacks may take.
	Limits  loops.Limits
	Workers int
	// Stats tells how busy the workers are, for the metrics; may be nil.
	Stats func() WorkerStats
}

// WorkerStats are the workers' steps that run and that wait now, and how many
// workers were started.
type WorkerStats struct {
	Running, Waiting, Started int64
}

// Route is one way of the chain; see flashcall.Route, whose Secrets New sets.
type Route struct {
	flashcall.Route
	// Given are secrets of the driver by name, from the settings; those in the
	// store win.
	Given map[string]string
}

func (o *Options) check() error {
	if o.Store == nil || o.Keyring == nil || o.Issuer == "" || len(o.Policy.First) == 0 {
		return errors.New("server: Issuer, Store, Keyring and Policy are needed")
	}
	if o.Session.Idle <= 0 || o.Session.Life <= 0 {
		return errors.New("server: Session is needed")
	}
	if o.MaxBody <= 0 {
		o.MaxBody = 64 << 10
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Audit == nil {
		o.Audit = audit.Nothing{}
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.RateLimits.Memory == nil {
		o.RateLimits.Memory = ratelimit.NewMemory(nil)
	}
	if o.Metrics == nil {
		o.Metrics = NewMetrics("")
	}
	return nil
}

// phoneAttribute is the user's attribute that holds the number; empty where
// nobody is called.
func (o *Options) phoneAttribute() string {
	if o.FlashCall == nil {
		return ""
	}
	return o.FlashCall.PhoneAttribute
}
