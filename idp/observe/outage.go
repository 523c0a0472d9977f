package observe

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/ringtail-id/ringtail/idp"
)

// outagePause is between two records of a message that tell of the database.
const outagePause = time.Second

// OutageHandler keeps an outage of the database from filling the log with a record for
// each request. Of those with an error that is idp.ErrUnavailable it lets one a second
// through for each message; "left_out" in it says how many came since the one before.
func OutageHandler(next slog.Handler, now func() time.Time) slog.Handler {
	return outageHandler{next, &outages{now: now, of: map[string]*outage{}}}
}

type outageHandler struct {
	slog.Handler
	seen *outages
}

// outages are those by message, of which a program has few.
type outages struct {
	now func() time.Time

	mu sync.Mutex
	of map[string]*outage
}

type outage struct {
	told    time.Time
	leftOut int
}

// Handle implements slog.Handler.
func (h outageHandler) Handle(ctx context.Context, r slog.Record) error {
	if !tellsOfOutage(r) {
		return h.Handler.Handle(ctx, r)
	}
	leftOut, tell := h.seen.take(r.Message)
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

func (o *outages) take(message string) (leftOut int, tell bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	own := o.of[message]
	if own == nil {
		own = &outage{}
		o.of[message] = own
	}
	now := o.now()
	if now.Sub(own.told) < outagePause {
		own.leftOut++
		return 0, false
	}
	leftOut, own.leftOut, own.told = own.leftOut, 0, now
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
