package oidc

import (
	"context"
	"errors"

	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"

	"github.com/ringtail-id/ringtail/idp"
)

// storage is our stores in the shape that the library asks for. It is used by
// the handlers of the library that we keep: userinfo, introspection, revocation
// and key set. Every error it returns is one of the library's own, because the
// library answers any other with 500 and its text.
type storage struct {
	unused
	*Provider
}

var _ op.Storage = (*storage)(nil)

// failed logs the fault and makes sure that the answer is server_error.
func (s *storage) failed(ctx context.Context, doing string, err error) *oidc.Error {
	handoverOf(ctx).fault = s.fault(ctx, doing, err)
	return oidc.ErrServerError()
}

// over is the answer to a token that can't be used, unless err is a fault of ours.
func (s *storage) over(ctx context.Context, doing string, err error) *oidc.Error {
	if errors.Is(err, errOver) {
		return oidc.ErrInvalidGrant()
	}
	return s.failed(ctx, doing, err)
}

// GetClientByClientID gives the client that was authenticated without reading it anew.
func (s *storage) GetClientByClientID(ctx context.Context, id string) (op.Client, error) {
	client, err := s.client(ctx, id)
	if errors.Is(err, idp.ErrNotFound) {
		return nil, oidc.ErrInvalidClient().WithDescription("the client is unknown")
	}
	if err != nil {
		return nil, s.failed(ctx, "reading a client", err)
	}
	return &libraryClient{Client: client, provider: s.Provider}, nil
}

func (s *storage) client(ctx context.Context, id string) (*idp.Client, error) {
	if c := handoverOf(ctx).client; c != nil && c.ID == id {
		return c, nil
	}
	return s.Clients.ClientByID(ctx, id)
}

// AuthorizeClientIDSecret has nothing left to check: our guard has
// authenticated the client, in whichever way it is registered for.
func (s *storage) AuthorizeClientIDSecret(ctx context.Context, id, _ string) error {
	if client := handoverOf(ctx).client; client == nil || client.ID != id {
		return oidc.ErrInvalidClient().WithDescription("the client is not authenticated")
	}
	return nil
}

// Health is for the library's own probe, which isn't mounted.
func (s *storage) Health(context.Context) error { return nil }
