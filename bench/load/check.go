package load

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
)

// checkCallback is the code of a callback's address; the state must be ours
// (RFC 6749, section 4.1.2), and the issuer where it is named (RFC 9207).
func (c *Client) checkCallback(back *url.URL, state string) (string, error) {
	q := back.Query()
	switch {
	case q.Get("error") != "":
		return "", fmt.Errorf("the login ended with %s: %s", q.Get("error"), q.Get("error_description"))
	case q.Get("state") != state:
		return "", errors.New("the callback's state is not the request's")
	case q.Has("iss") && q.Get("iss") != c.target.Issuer:
		return "", fmt.Errorf("the callback comes from %q", q.Get("iss"))
	case q.Get("code") == "":
		return "", errors.New("the callback has no code")
	}
	return q.Get("code"), nil
}

// checkTokens are the rules for every answer of the token endpoint (RFC 6749,
// section 5.1).
func checkTokens(t tokens) error {
	switch {
	case t.Access == "":
		return errors.New("the answer has no access token")
	case !strings.EqualFold(t.Type, "Bearer"):
		return fmt.Errorf("the access token is of the type %q", t.Type)
	case t.Life <= 0:
		return fmt.Errorf("the access token lives for %d s", t.Life)
	}
	return nil
}

// checkIDToken checks signature, issuer, audience, times, nonce and, where it is
// there, the hash of the access token (OpenID Connect Core, section 3.1.3.7).
func (c *Client) checkIDToken(ctx context.Context, t tokens, nonce string) error {
	if err := checkTokens(t); err != nil {
		return err
	}
	token, err := c.verifier.Verify(ctx, t.ID)
	if err != nil {
		return err
	}
	if token.Nonce != nonce {
		return errors.New("the ID token's nonce is not the request's")
	}
	if token.Subject == "" || token.IssuedAt.After(time.Now().Add(time.Minute)) {
		return errors.New("the ID token has no subject or is from the future")
	}
	if token.AccessTokenHash != "" {
		return token.VerifyAccessToken(t.Access)
	}
	return nil
}

// checkRefreshed checks an answer to a refresh token. An ID token in it must be
// about the same person (OpenID Connect Core, section 12.2).
func (c *Client) checkRefreshed(ctx context.Context, got, before tokens) error {
	if err := checkTokens(got); err != nil {
		return err
	}
	if got.Access == before.Access {
		return errors.New("the access token is the one of before")
	}
	if got.ID == "" {
		return nil
	}
	now, err := c.verifier.Verify(ctx, got.ID)
	if err != nil {
		return err
	}
	subject, err := c.subject(before)
	if err == nil && now.Subject != subject {
		err = errors.New("the ID token is about somebody else")
	}
	return err
}

// checkDiscovery compares with what discovery said at first.
func (c *Client) checkDiscovery(got endpoints) error {
	if got.Issuer != c.target.Issuer || got.Token != c.endpoints.Token || got.Keys != c.endpoints.Keys || !slices.Equal(got.Algs, c.endpoints.Algs) {
		return errors.New("the discovery document is not what it was")
	}
	return nil
}

// keySet is what is checked of a key set (RFC 7517).
type keySet struct {
	Keys []struct{ Kty, Kid, Alg, X, N string }
}

func (c *Client) checkKeys(set keySet) error {
	for _, k := range set.Keys {
		if k.Kid == "" || k.Kty == "" || k.X == "" && k.N == "" {
			return errors.New("a key has no id, no type or no material")
		}
		if c.target.Alg == "" || k.Alg == c.target.Alg {
			return nil
		}
	}
	return fmt.Errorf("the key set has no key for %s", c.target.Alg)
}

// claims are what is checked of userinfo.
type claims struct {
	Subject string `json:"sub"`
}

// state is what is checked of an introspection (RFC 7662, section 2.2).
type state struct {
	Active   bool   `json:"active"`
	ClientID string `json:"client_id"`
	Expires  int64  `json:"exp"`
	Subject  string `json:"sub"`
}

func (c *Client) checkState(got state, of tokens) error {
	subject, err := c.subject(of)
	switch {
	case err != nil:
		return err
	case !got.Active:
		return errors.New("a living token is said to be inactive")
	case got.ClientID != "" && got.ClientID != c.target.ClientID:
		return fmt.Errorf("the token is said to be of the client %q", got.ClientID)
	case got.Subject != "" && got.Subject != subject:
		return errors.New("the token is said to be somebody else's")
	case got.Expires != 0 && got.Expires < time.Now().Unix():
		return errors.New("an active token is said to have expired")
	}
	return nil
}
