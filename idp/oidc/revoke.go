package oidc

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/oauth"
)

// serveRevoke is the revocation endpoint (RFC 7009). The token_type_hint is not
// needed: every kind of token is found by its hash.
func (p *Provider) serveRevoke(w http.ResponseWriter, r *http.Request) {
	oauth.NoStore(w)
	if oauth.Preflight(w, r, http.MethodPost) || !oauth.OnlyMethods(w, r, http.MethodPost) {
		return
	}
	client, posted, f := p.admit(w, r, clientRules{public: true})
	oauth.AllowOrigin(w, r, client)
	if f == nil {
		f = p.revoke(r.Context(), client, posted.Get("token"))
	}
	if f != nil {
		oauth.WriteFailure(w, f, oauth.SchemeBasic)
		return
	}
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(http.StatusOK)
}

// revoke ends an access token alone, and with a refresh token everything of its
// grant (RFC 7009, section 2.1). An unknown token is a success; another client's
// is refused.
func (p *Provider) revoke(ctx context.Context, client *idp.Client, secret string) *oauth.Failure {
	hash, err := p.storedAs(ctx, secret)
	if errors.Is(err, errOver) {
		return nil
	}
	if err != nil {
		return p.fault(ctx, "reading a token", err)
	}
	token, grant, err := p.Stores.TokenByHash(ctx, hash)
	if errors.Is(err, idp.ErrNotFound) {
		return p.revokeOwn(ctx, client, hash)
	}
	if err != nil {
		return p.fault(ctx, "reading a token", err)
	}
	if grant.ClientID != client.ID {
		return notYours()
	}
	if token.Kind == RefreshToken {
		err = p.Stores.RevokeGrant(ctx, grant.ID, p.Now())
	} else {
		err = p.Stores.DeleteToken(ctx, hash)
	}
	if err != nil {
		return p.fault(ctx, "revoking a token", fmt.Errorf("grant %s: %w", grant.ID, err))
	}
	p.Audit.Record(ctx, grantEvent(audit.TypeTokenRevoked, grant, map[string]any{"grant": grant.ID, "kind": string(token.Kind)}))
	return nil
}

// revokeOwn is revoke for a client's own token.
func (p *Provider) revokeOwn(ctx context.Context, client *idp.Client, hash string) *oauth.Failure {
	token, err := p.Stores.ClientTokenByHash(ctx, hash)
	if errors.Is(err, idp.ErrNotFound) {
		return nil
	}
	if err != nil {
		return p.fault(ctx, "reading a client's token", err)
	}
	if token.ClientID != client.ID {
		return notYours()
	}
	if err := p.Stores.DeleteClientToken(ctx, hash); err != nil {
		return p.fault(ctx, "revoking a client's token", err)
	}
	p.Audit.Record(ctx, audit.Event{Type: audit.TypeTokenRevoked, ClientID: client.ID, Params: map[string]any{"kind": string(AccessToken)}})
	return nil
}

func notYours() *oauth.Failure {
	return oauth.Fail(oauth.InvalidGrant, "the token was given to another client")
}
