package oidc

import (
	"context"
	"errors"

	jose "github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"

	"github.com/ringtail-id/ringtail/idp"
)

// storage is our stores in the shape that the library asks for. It is used by
// the handlers of the library that we keep: token, userinfo, introspection,
// revocation and key set. Every error it returns is one of the library's own,
// because the library answers any other with 500 and its text.
type storage struct{ *Provider }

var (
	_ op.Storage                   = (*storage)(nil)
	_ op.CanSetUserinfoFromRequest = (*storage)(nil)
)

// failed logs the fault and makes sure that the answer is server_error.
func (s *storage) failed(ctx context.Context, doing string, err error) *oidc.Error {
	handoverOf(ctx).fault = s.fault(ctx, doing, err)
	return oidc.ErrServerError()
}

// refused is the answer to a code or token that can't be used, unless err is a
// fault of ours.
func (s *storage) refused(ctx context.Context, doing string, err error) *oidc.Error {
	if errors.Is(err, errOver) {
		return oidc.ErrInvalidGrant().WithDescription("unknown, used before, or over")
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

// errNotOurs answers what only those handlers of the library ask for that we
// don't mount. Reaching it is a fault.
var errNotOurs = errors.New("this handler of the library is not in use")

func (s *storage) unused(ctx context.Context) *oidc.Error {
	return s.failed(ctx, "an unused handler", errNotOurs)
}

// CreateAuthRequest: the authorization endpoint is ours.
func (s *storage) CreateAuthRequest(ctx context.Context, _ *oidc.AuthRequest, _ string) (op.AuthRequest, error) {
	return nil, s.unused(ctx)
}

// AuthRequestByID: the callback is ours.
func (s *storage) AuthRequestByID(ctx context.Context, _ string) (op.AuthRequest, error) {
	return nil, s.unused(ctx)
}

// SaveAuthCode: the callback is ours.
func (s *storage) SaveAuthCode(ctx context.Context, _, _ string) error { return s.unused(ctx) }

// TerminateSession: the logout endpoint is ours.
func (s *storage) TerminateSession(ctx context.Context, _, _ string) error { return s.unused(ctx) }

// GetPrivateClaimsFromScopes: access tokens are opaque.
func (s *storage) GetPrivateClaimsFromScopes(ctx context.Context, _, _ string, _ []string) (map[string]any, error) {
	return nil, s.unused(ctx)
}

// GetKeyByIDAndClientID: no client is registered with keys.
func (s *storage) GetKeyByIDAndClientID(ctx context.Context, _, _ string) (*jose.JSONWebKey, error) {
	return nil, s.unused(ctx)
}

// ValidateJWTProfileScopes: there is no jwt-bearer grant.
func (s *storage) ValidateJWTProfileScopes(ctx context.Context, _ string, _ []string) ([]string, error) {
	return nil, s.unused(ctx)
}
