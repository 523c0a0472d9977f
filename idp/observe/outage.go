package observe

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/ringtail-id/ringtail/idp"
)

const (
	// outagePause is between two records of a message that tell of the database.
	outagePause = time.Second
	// outageOver is when what was left out is forgotten: the outage is another one.
	outageOver = time.Minute
)

// OutageHandler keeps an outage of the database from filling the log with a record for
// each request. Of a request's records with an error that is idp.ErrUnavailable it lets
// one a second through for each message and level; "left_out" in it says how many came
// since the one before. What no request caused is always logged: an audit record that
// found no other place is among it.
func OutageHandler(next slog.Handler, now func() time.Time) slog.Handler {
	return outageHandler{next, &outages{now: now, of: map[outageKey]*outage{}}}
}

type outageHandler struct {
	slog.Handler
	seen *outages
}

// outages are those by message, of which a program has few.
type outages struct {
	now func() time.Time

	mu sync.Mutex
	of map[outageKey]*outage
}

type outageKey struct {
	level   slog.Level
	message string
}

type outage struct {
	told    time.Time
	leftOut int
}

// Handle implements slog.Handler.
func (h outageHandler) Handle(ctx context.Context, r slog.Record) error {
	if RequestID(ctx) == "" || !tellsOfOutage(r) {
		return h.Handler.Handle(ctx, r)
	}
	leftOut, tell := h.seen.take(outageKey{r.Level, r.Message})
	if !tell {
		return nil
	}
	if leftOut > 0 {
		r = r.Clone()
		r.AddAttrs(slog.Int("left_out", leftOut))
	}
	return h.Handler.Handle(ctx, r)
}

func tellsOfOutage(r slog.Record) (tells bool) {
	r.Attrs(func(a slog.Attr) bool {
		err, _ := a.Value.Any().(error)
		tells = errors.Is(err, idp.ErrUnavailable)
		return !tells
	})
	return tells
}

func (o *outages) take(key outageKey) (leftOut int, tell bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	own := o.of[key]
	if own == nil {
		own = &outage{}
		o.of[key] = own
	}
	now := o.now()
	since := now.Sub(own.told)
	if since < outagePause {
		own.leftOut++
		return 0, false
	}
	if since < outageOver {
		leftOut = own.leftOut
	}
	own.leftOut, own.told = 0, now
	return leftOut, true
}

// WithAttrs implements slog.Handler.
func (h outageHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return outageHandler{h.Handler.WithAttrs(attrs), h.seen}
}

// WithGroup implements slog.Handler.
func (h outageHandler) WithGroup(name string) slog.Handler {
	return outageHandler{h.Handler.WithGroup(name), h.seen}
}
