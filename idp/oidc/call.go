package oidc

import (
	"context"

	"github.com/ringtail-id/ringtail/idp"
)

// call is what our guard and the storage adapter know of one request that the
// library serves between them; it travels in the request's context.
type call struct {
	// client is authenticated, or named by a token that is alive.
	client *idp.Client
	// fault is set where the request failed for a reason of ours: the answer is
	// then server_error, whatever the library made of it.
	fault *failure
}

type callKey struct{}

func withCall(ctx context.Context, c *call) context.Context {
	return context.WithValue(ctx, callKey{}, c)
}

// callOf is never nil.
func callOf(ctx context.Context) *call {
	if c, ok := ctx.Value(callKey{}).(*call); ok {
		return c
	}
	return &call{}
}
