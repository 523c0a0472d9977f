package oidc

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/oauth"
)

// front is the answer of the authorization endpoint in the making: a code, and
// for the response types of the implicit and hybrid flows also tokens (OpenID
// Connect Core, sections 3.2 and 3.3).
type front struct {
	mint    *mint
	request *idp.AuthorizationRequest
	code    string // empty where the answer has none
}

// newFront makes the grant of the login with its secrets. Nothing is stored yet.
func (p *Provider) newFront(ctx context.Context, login *idp.Login) (*front, *oauth.Failure) {
	f := &front{request: &login.Request}
	client, err := p.Clients.ClientByID(ctx, login.Request.ClientID)
	if err == nil {
		err = f.make(p, client, login)
	}
	if err != nil {
		return nil, p.fault(ctx, "making a grant", err)
	}
	return f, nil
}

func (f *front) make(p *Provider, client *idp.Client, login *idp.Login) error {
	code, err := idp.NewSecret(p.Rand)
	if err != nil {
		return fmt.Errorf("making a code: %w", err)
	}
	now, asked := p.Now(), login.Request
	grant, err := p.loginGrant(login, Code{
		Hash: p.Keyring.Hash(codePurpose, code), RedirectURI: asked.RedirectURI, Challenge: asked.CodeChallenge,
		ExpiresAt: now.Add(p.Lives.Code),
	})
	if err != nil {
		return err
	}
	grant.Scopes, grant.Resources = standing(client, asked.Scopes), registered(client, asked.Resources)
	if f.asks("code") {
		f.code = code
	} else { // Nobody gets the code, so that nobody can redeem it.
		grant.Kind, grant.Code.RedeemedAt = KindImplicit, now
	}
	f.mint = &mint{p: p, client: client, grant: grant, scopes: grant.Scopes, audience: grant.Resources, now: now, since: now}
	if !f.asks("token") {
		return nil
	}
	return f.mint.make(false)
}

// asks says whether the response type has the word.
func (f *front) asks(word string) bool {
	return slices.Contains(strings.Fields(f.request.ResponseType), word)
}

// fields are those of the answer, by name.
func (f *front) fields(ctx context.Context, user *idp.User) (map[string]string, error) {
	fields := map[string]string{}
	if f.code != "" {
		fields["code"] = f.code
	}
	if f.asks("token") {
		access, err := f.mint.accessToken(ctx)
		if err != nil {
			return nil, err
		}
		f.mint.p.recordTokens(ctx, audit.TypeTokenIssued, idp.GrantImplicit, f.mint)
		fields["access_token"], fields["token_type"] = access, oauth.SchemeBearer
		fields["expires_in"] = strconv.FormatInt(seconds(f.mint.accessLife()), 10)
		fields["scope"] = strings.Join(f.mint.scopes, " ")
	}
	if !f.asks("id_token") {
		return fields, nil
	}
	with := idTokenParts{access: fields["access_token"], code: f.code, nonce: f.request.Nonce}
	if f.request.ResponseType == "id_token" { // there is no other way to the claims
		with.scopes = f.mint.scopes
	}
	token, err := f.mint.idToken(ctx, user, with)
	fields["id_token"] = token
	return fields, err
}
