package hooks

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/ringtail-id/ringtail/loops"
)

// Defaults of Options.
const (
	defaultWithin     = 5 * time.Second
	defaultBodyWithin = 10 * time.Second
	// waitingPerRun is how many callbacks may wait for each that may run.
	waitingPerRun = 8
)

// Window is how long a callback is remembered. Providers sign the time, and a
// driver takes one that is five minutes off: a callback stamped five minutes
// ahead stays good for ten.
const Window = 10 * time.Minute

// Options are what a Handler needs. Within, BodyWithin, Now and Log have
// defaults.
type Options struct {
	// Base is the path of the issuer, empty or "/blitz": callbacks come to
	// Base/hooks/DRIVER.
	Base string
	// Driver gives the driver in service that takes callbacks under this name, nil
	// where there is none. It is asked for every request, so it does no I/O.
	Driver func(name string) *loops.Driver
	// Secrets gives a driver's secrets by name.
	Secrets func(ctx context.Context, d *loops.Driver) (map[string]string, error)
	Runner  loops.Runner
	// Limits are the Runner's: Message bounds the body, and the body with all else
	// that the script is given.
	Limits loops.Limits
	// Workers is how many steps of scripts run at once. At most half of them, and
	// at least one, serve callbacks; the others stay free for logins.
	Workers int
	// Tell passes on what a script read out of a callback: an Ok value as the
	// contract wants it. It is called once per callback. An error means that it
	// wasn't heard, so that the provider may send it again; a call that nobody knows
	// is none, for sending it again would change nothing.
	Tell func(ctx context.Context, d *loops.Driver, value map[string]any) error
	Seen Seen
	// Hash is a keyed hash (HMAC) of its parts, unambiguous about where one part
	// ends, as text.
	Hash func(parts ...string) string
	// Within bounds the wait for a worker and the run together; default 5 s.
	Within time.Duration
	// BodyWithin bounds the reading of a body; default 10 s.
	BodyWithin time.Duration
	Now        func() time.Time
	Log        *slog.Logger
}

// Handler takes callbacks. It serves many goroutines.
type Handler struct {
	o      Options
	prefix string
	lanes  *lanes
}

// New refuses incomplete Options.
func New(o Options) (*Handler, error) {
	if o.Driver == nil || o.Secrets == nil || o.Runner == nil || o.Tell == nil || o.Seen == nil || o.Hash == nil {
		return nil, errors.New("hooks: Driver, Secrets, Runner, Tell, Seen and Hash are needed")
	}
	if o.Limits == (loops.Limits{}) {
		o.Limits = loops.DefaultLimits()
	}
	if o.Within <= 0 {
		o.Within = defaultWithin
	}
	if o.BodyWithin <= 0 {
		o.BodyWithin = defaultBodyWithin
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	runs := max(1, o.Workers/2)
	return &Handler{o: o, prefix: strings.TrimSuffix(o.Base, "/") + "/hooks/", lanes: newLanes(runs, runs*waitingPerRun)}, nil
}

// Before takes callbacks and leaves everything else to next. It must stand
// before every http.ServeMux: a mux cleans paths and redirects, and a provider's
// signature holds for the path as it came alone.
func (h *Handler) Before(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		t, ours := h.aim(r)
		if !ours {
			next.ServeHTTP(w, r)
			return
		}
		r.Pattern = h.prefix + "{driver}/" // so that it is counted as a mux's routes are
		h.serve(w, r, t).write(w)
	})
}

// serve refuses what costs little to refuse first: nothing is read for a driver
// that isn't in service, and no worker waits for a body.
func (h *Handler) serve(w http.ResponseWriter, r *http.Request, t target) reply {
	driver := h.driver(t.driver)
	if driver == nil {
		return reply{status: http.StatusNotFound}
	}
	if !takes(r.Method) {
		return reply{status: http.StatusMethodNotAllowed, header: http.Header{"Allow": {strings.Join(methods(), ", ")}}}
	}
	input, status := h.read(w, r, t)
	if status != 0 {
		return reply{status: status}
	}
	value, refused := h.run(r.Context(), driver, input)
	if refused != nil {
		return *refused
	}
	// What a provider has said counts, even where it doesn't wait for the answer.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), h.o.Within)
	defer cancel()
	return h.hear(ctx, driver, h.digest(driver, input), value)
}

// driver is nil for a name that no driver can have, whatever Options.Driver says.
func (h *Handler) driver(name string) *loops.Driver {
	if !loops.ValidName(name) {
		return nil
	}
	return h.o.Driver(name)
}

// run asks the driver's script, when it is this callback's turn. The reply is
// for a callback that the script doesn't take.
func (h *Handler) run(ctx context.Context, d *loops.Driver, in input) (map[string]any, *reply) {
	ctx, cancel := context.WithTimeout(ctx, h.o.Within)
	defer cancel()
	leave, err := h.lanes.enter(ctx)
	if err != nil {
		return nil, h.refuse(d, err)
	}
	defer leave()
	secrets, err := h.o.Secrets(ctx, d)
	if err != nil {
		return nil, h.refuse(d, fmt.Errorf("secrets: %w", err))
	}
	result, err := h.o.Runner.Run(ctx, loops.Job{Driver: d, Entry: loops.EntryCallback, Input: in.values(), Secrets: secrets})
	if err != nil {
		return nil, h.refuse(d, err)
	}
	return result.Value, nil
}

// hear passes on what the script read out of the callback, once. A callback that
// was seen before is answered as the first was: its script has just run again,
// which needs nothing stored but the digest, and keeps what strangers send,
// which no script takes, out of the database.
func (h *Handler) hear(ctx context.Context, d *loops.Driver, digest string, value map[string]any) reply {
	answer, fault := answerOf(value)
	if f := loops.ValueFault(loops.EntryCallback, value); f != "" {
		fault = f
	}
	if fault != "" {
		return *h.refuse(d, &loops.Refusal{Reason: loops.ReasonContract, Detail: d.File + ":1:1: callback: " + fault})
	}
	now := h.o.Now()
	first, err := h.o.Seen.RememberCallback(ctx, digest, now, now.Add(Window))
	if err != nil {
		return *h.refuse(d, fmt.Errorf("remembering a callback: %w", err))
	}
	if !first {
		h.o.Log.Info("callback came again", "driver", d.Name)
		return answer
	}
	if err := h.o.Tell(ctx, d, value); err != nil {
		err = fmt.Errorf("telling what a callback said: %w", err)
		return *h.refuse(d, errors.Join(err, h.o.Seen.ForgetCallback(ctx, digest)))
	}
	return answer
}
