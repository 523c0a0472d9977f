package oidc

import (
	"context"
	"maps"
	"slices"

	"github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/pkg/oidc"

	"github.com/ringtail-id/ringtail/idp"
)

// idTokenParts are what an ID token is given together with: it holds their
// hashes, so that none of them can be swapped (OpenID Connect Core, sections
// 3.1.3.6 and 3.3.2.11).
type idTokenParts struct {
	access, code, nonce string
	// scopes show their claims in the token, where no access token goes with it
	// (section 5.4).
	scopes []string
}

// idToken signs an ID token (OpenID Connect Core, section 2) with the client's
// algorithm.
func (m *mint) idToken(ctx context.Context, user *idp.User, with idTokenParts) (string, error) {
	key, err := m.p.Signing.Signing(ctx, m.client.SigningAlg)
	if err != nil {
		return "", err
	}
	names := m.p.Claims.Askable(m.client, slices.Concat(m.client.IDTokenClaims, m.grant.Claims.Names(idTokenWishes)))
	claims := m.p.Claims.Of(user, with.scopes, names)
	maps.Copy(claims, m.protocolClaims())
	for name, value := range map[string]string{"at_hash": with.access, "c_hash": with.code} {
		if value == "" {
			continue
		}
		if claims[name], err = oidc.ClaimHash(value, jose.SignatureAlgorithm(key.Alg)); err != nil {
			return "", err
		}
	}
	if with.nonce != "" {
		claims["nonce"] = with.nonce
	}
	return key.JWT("JWT", claims)
}

// protocolClaims are those of the standard that say what was proved to whom.
func (m *mint) protocolClaims() map[string]any {
	g := m.grant
	claims := map[string]any{
		"iss": m.p.Issuer, "sub": g.UserID, "aud": m.client.ID, "azp": m.client.ID,
		"iat": m.now.Unix(), "exp": m.now.Add(life(m.client.IDTokenLife, m.p.Lives.IDToken)).Unix(),
		"auth_time": g.AuthTime.Unix(), "acr": g.ACR, "amr": g.AMR,
	}
	if g.Session != "" {
		claims["sid"] = g.Session
	}
	return claims
}

func idTokenWishes(r *idp.ClaimsRequest) map[string]*idp.ClaimWish  { return r.IDToken }
func userinfoWishes(r *idp.ClaimsRequest) map[string]*idp.ClaimWish { return r.Userinfo }
