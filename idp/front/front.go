package front

import (
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/ringtail-id/ringtail/idp/api"
	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/overload"
	"github.com/ringtail-id/ringtail/idp/pages"
	"github.com/ringtail-id/ringtail/idp/ratelimit"
)

// Options for New. All are required but Gate, Limited, Now and Log.
type Options struct {
	// Base is the path of the issuer, empty or "/blitz".
	Base   string
	Limits *ratelimit.Limits
	// ClientIP is where a request comes from, as far as proxies are believed.
	ClientIP func(*http.Request) netip.Addr
	Pages    *pages.Pages
	// Gate lets requests in when more come than can be served; nil lets all in.
	Gate *overload.Gate
	// Limited is told of each request that came too often, by the rule's name.
	Limited func(rule string)
	// Withheld is told of each answer that Unrecorded stood in for.
	Withheld func()
	Now      func() time.Time
	Log      *slog.Logger
}

// Front stands before endpoints. It is safe for concurrent use.
type Front struct {
	o      Options
	places places
	other  *guard
	client *ratelimit.Limit
	teller *api.Teller
}

// guard is a route with its limit in force.
type guard struct {
	limit *ratelimit.Limit
	class overload.Class
	form  Form
}

// New puts the table in force.
func New(o Options) (*Front, error) {
	if o.Limits == nil || o.ClientIP == nil || o.Pages == nil {
		return nil, errors.New("front: Limits, ClientIP and Pages are needed")
	}
	if o.Limited == nil {
		o.Limited = func(string) {}
	}
	if o.Withheld == nil {
		o.Withheld = func() {}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	f := &Front{o: o, places: places{}, client: o.Limits.Limit(ClientRule()), teller: &api.Teller{Pages: o.Pages, Now: o.Now, Log: o.Log}}
	for _, r := range Table() {
		g := &guard{limit: o.Limits.Limit(r.Rule), class: r.Class, form: r.Form}
		for _, path := range pathsOf(r, o.Base) {
			f.places.add(path, r, g)
		}
	}
	f.other = f.places["/"].any
	return f, nil
}

// Before serves next for requests that don't come too often, when it is their turn,
// each with its origin for the audit record. What a request brings is read before, so that a slow sender
// takes nobody's turn.
func (f *Front) Before(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ip := f.o.ClientIP(r)
		g := f.places.find(r.Method, r.URL.Path)
		if wait := g.wait(r, ip); wait > 0 {
			f.o.Limited(g.limit.Name())
			f.tooOften(w, r, g.form, wait)
			return
		}
		receive(w, r, f.o.Now())
		defer overload.Serving(r.Context())()
		pass, err := f.o.Gate.Enter(r.Context(), g.class)
		if err != nil {
			f.tooBusy(w, r, g.form, err)
			return
		}
		defer pass.Leave()
		ctx := audit.WithOrigin(r.Context(), audit.Origin{IP: ip, UserAgent: r.UserAgent()})
		next.ServeHTTP(w, r.WithContext(overload.WithPass(ctx, pass)))
	})
}

// wait counts the request. A proxy on this machine that isn't trusted stands for
// strangers, and is never exempt.
func (g *guard) wait(r *http.Request, ip netip.Addr) time.Duration {
	if ip.IsLoopback() && r.Header.Get("X-Forwarded-For") != "" {
		return g.limit.Everybody(ip)
	}
	return g.limit.Address(ip)
}

// Client counts a request of a client that has proved who it is, and says how long to
// wait where it is one too many.
func (f *Front) Client(id string) time.Duration {
	wait := f.client.Client(id)
	if wait > 0 {
		f.o.Limited(f.client.Name())
	}
	return wait
}

// Has says whether the table has a row for a pattern of a http.ServeMux without host
// and method: the row of what is served nowhere is none.
func (f *Front) Has(pattern string) bool {
	if strings.HasSuffix(pattern, "/") {
		return f.places[pattern] != nil && pattern != "/"
	}
	return f.places.find(http.MethodGet, pattern) != f.other
}
