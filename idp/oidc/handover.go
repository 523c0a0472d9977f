package oidc

import (
	"context"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oauth"
)

// handover is what our guard and the storage adapter tell each other over one
// request that the library serves between them; it travels in the request's
// context, which is the only thing that the library hands through.
type handover struct {
	// client is authenticated, or named by a token that is alive.
	client *idp.Client
	// fault is set where the request failed for a reason of ours: the answer is
	// then server_error, whatever the library made of it.
	fault *oauth.Failure
}

type handoverKey struct{}

func withHandover(ctx context.Context, h *handover) context.Context {
	return context.WithValue(ctx, handoverKey{}, h)
}

// handoverOf is never nil.
func handoverOf(ctx context.Context) *handover {
	if h, ok := ctx.Value(handoverKey{}).(*handover); ok {
		return h
	}
	return &handover{}
}
