package overload

import "context"

type passKey struct{}

// WithPass gives the context the place under which a request is served.
func WithPass(ctx context.Context, p *Pass) context.Context {
	return context.WithValue(ctx, passKey{}, p)
}

// Away gives the context's place to others until back is called: it is for requests
// that wait for something slow which has a queue or bounds of its own, such as a provider or
// the hashing of a password. Without a place it does nothing.
func Away(ctx context.Context) (back func()) {
	p, ok := ctx.Value(passKey{}).(*Pass)
	if !ok {
		return func() {}
	}
	p.Leave()
	return p.back
}
