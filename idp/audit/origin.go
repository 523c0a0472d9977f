package audit

import (
	"context"
	"net/http"
	"net/netip"
)

// Origin is where a request came from.
type Origin struct {
	IP        netip.Addr
	UserAgent string
}

type originKey struct{}

// WithOrigin gives the context an origin: events that are recorded under it and
// say nothing of theirs have it.
func WithOrigin(ctx context.Context, o Origin) context.Context {
	return context.WithValue(ctx, originKey{}, o)
}

// OriginOf is the context's origin; zero where it has none.
func OriginOf(ctx context.Context) Origin {
	o, _ := ctx.Value(originKey{}).(Origin)
	return o
}

// Origins gives every request its origin. address says where it came from, as far
// as proxies may be believed.
func Origins(address func(*http.Request) netip.Addr, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		from := Origin{IP: address(r), UserAgent: r.UserAgent()}
		next.ServeHTTP(w, r.WithContext(WithOrigin(r.Context(), from)))
	})
}

// Nothing is a Trail that keeps nothing, for programs that want none.
type Nothing struct{}

var _ Trail = Nothing{}

// Record implements Recorder.
func (Nothing) Record(context.Context, Event) {}

// Or is the recorder, or Nothing where it is nil.
func Or(r Recorder) Recorder {
	if r == nil {
		return Nothing{}
	}
	return r
}

// Append implements Trail.
func (Nothing) Append(context.Context, Event) error { return nil }

// Settle implements Trail.
func (Nothing) Settle(context.Context) error { return nil }
