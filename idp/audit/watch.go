package audit

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"time"
)

// WatchOptions are what Watch needs; all may be nil.
type WatchOptions struct {
	// Seen is told of every event, also of those that the bounds leave out of log and
	// trail. It must be quick.
	Seen func(Event)
	// Log gets one record an event.
	Log *slog.Logger
	Now func() time.Time
}

// Watched is a Trail that others follow too: metrics, and the log as it is read by
// machines. Records of the log have the type as "event" and as the message; their
// names never change.
type Watched struct {
	o     WatchOptions
	next  Trail
	flood *flood
}

var _ Trail = (*Watched)(nil)

// Watch follows next.
func Watch(next Trail, o WatchOptions) *Watched {
	if o.Seen == nil {
		o.Seen = func(Event) {}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Watched{o: o, next: next, flood: newFlood(DefaultBounds())}
}

// Record implements Recorder.
func (w *Watched) Record(ctx context.Context, e Event) {
	w.follow(ctx, e)
	w.next.Record(ctx, e)
}

// Append implements Trail. What wasn't kept is followed by nobody: it is undone.
func (w *Watched) Append(ctx context.Context, e Event) error {
	err := w.next.Append(ctx, e)
	if err == nil {
		w.follow(ctx, e)
	}
	return err
}

// Settle implements Trail.
func (w *Watched) Settle(ctx context.Context) error { return w.next.Settle(ctx) }

func (w *Watched) follow(ctx context.Context, e Event) {
	w.o.Seen(e)
	if !w.o.Log.Enabled(ctx, slog.LevelInfo) {
		return
	}
	from := OriginOf(ctx)
	if e.At.IsZero() {
		e.At = w.o.Now()
	}
	if !e.IP.IsValid() {
		e.IP = from.IP
	}
	e.UserAgent = clip(cmp.Or(e.UserAgent, from.UserAgent))
	keep, told := w.flood.take(e)
	for _, t := range told {
		w.log(ctx, t)
	}
	if keep {
		w.log(ctx, e)
	}
}

// log writes the event. Who is alarmed by a log looks at its warnings: they are what
// somebody may be doing to us.
func (w *Watched) log(ctx context.Context, e Event) {
	level := slog.LevelInfo
	if slices.Contains(Warnings(), e.Type) {
		level = slog.LevelWarn
	}
	attrs := make([]slog.Attr, 0, 10)
	attrs = append(attrs, slog.String("event", e.Type))
	for _, one := range []struct{ name, value string }{
		{"user_id", e.Subject}, {"object", e.Object}, {"client_id", e.ClientID}, {"client_auth", e.AuthMethod}, {"login_id", e.Procedure},
		{"session_id", e.SessionID}, {"user_agent", e.UserAgent},
	} {
		if one.value != "" {
			attrs = append(attrs, slog.String(one.name, clip(one.value)))
		}
	}
	if e.IP.IsValid() {
		attrs = append(attrs, slog.String("ip", e.IP.Unmap().String()))
	}
	if params := paramAttrs(e.Params); len(params) > 0 {
		attrs = append(attrs, slog.GroupAttrs("params", params...))
	}
	w.o.Log.LogAttrs(ctx, level, e.Type, attrs...)
}

// paramAttrs are the params that are words of this program, counts and the like, in
// order. Names of accounts, comments and what changed are in the trail alone: a log
// is no place for people's data.
func paramAttrs(params map[string]any) []slog.Attr {
	var attrs []slog.Attr
	for _, name := range LoggedParams() {
		switch v := params[name].(type) {
		case string:
			attrs = append(attrs, slog.String(name, clip(v)))
		case bool, int, int64, []string:
			attrs = append(attrs, slog.Any(name, v))
		}
	}
	return attrs
}

// LoggedParams are the names of the params that records of the log have.
func LoggedParams() []string {
	return []string{
		"acr_values", "allowed", "auth_methods", "authnDone", "budget", "by", "changed", "channel", "count", "created", "decoy", "driver", "error",
		"everywhere", "factor", "factors", "failure", "format", "grant", "grant_type", "kind", "method", "moved_on", "must_change", "pending", "phone",
		"problem", "prompt", "reason", "records", "revision", "same", "scopes", "session", "sessions", "signed_out", "state", "suppressed", "through",
		"used", "version", "what",
	}
}

// Warnings are the types that are logged as warnings.
func Warnings() []string {
	return []string{
		TypeTokenReused, TypeMethodBlocked, TypeCodeExhausted, TypeNumberRefused, TypeCallFailed, TypeAuditBroken, TypeSettingsNotChanged, TypeDriverNotPublished,
	}
}
