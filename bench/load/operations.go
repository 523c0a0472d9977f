package load

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/url"
	"strings"
)

// Operation is one kind of request, or flow, that is measured.
type Operation struct {
	// Name is what the results call it.
	Name string
	// signedIn: it needs a person with tokens and a session.
	signedIn bool
	do       func(context.Context, *person) error
}

// Names of the operations, in the order of the report.
const (
	Discovery         = "discovery"
	Keys              = "keys"
	ClientCredentials = "client_credentials"
	LoginSession      = "login with a session"
	LoginFull         = "full login"
	Refresh           = "refresh"
	Userinfo          = "userinfo"
	Introspect        = "introspect"
)

// Operations are all of them, in the order of the report.
func Operations() []Operation {
	return []Operation{
		{Name: Discovery, do: discover},
		{Name: Keys, do: keys},
		{Name: ClientCredentials, do: clientCredentials},
		{Name: LoginSession, signedIn: true, do: func(ctx context.Context, p *person) error { return p.loginSession(ctx) }},
		{Name: LoginFull, do: func(ctx context.Context, p *person) error { return p.loginFull(ctx) }},
		{Name: Refresh, signedIn: true, do: func(ctx context.Context, p *person) error { return p.refresh(ctx) }},
		{Name: Userinfo, signedIn: true, do: userinfo},
		{Name: Introspect, signedIn: true, do: introspect},
	}
}

func discover(ctx context.Context, p *person) error {
	var got endpoints
	if err := p.client.get(ctx, p.client.target.Issuer+"/.well-known/openid-configuration", "", &got); err != nil {
		return err
	}
	return p.client.checkDiscovery(got)
}

func keys(ctx context.Context, p *person) error {
	var got keySet
	if err := p.client.get(ctx, p.client.endpoints.Keys, "", &got); err != nil {
		return err
	}
	return p.client.checkKeys(got)
}

func clientCredentials(ctx context.Context, p *person) error {
	form := url.Values{"grant_type": {"client_credentials"}}
	if len(p.client.target.OwnScopes) > 0 {
		form.Set("scope", strings.Join(p.client.target.OwnScopes, " "))
	}
	var got tokens
	if err := p.client.post(ctx, p.client.endpoints.Token, form, &got); err != nil {
		return err
	}
	return checkTokens(got)
}

func userinfo(ctx context.Context, p *person) error {
	var got claims
	if err := p.client.get(ctx, p.client.endpoints.Userinfo, p.tokens.Access, &got); err != nil {
		return err
	}
	want, err := p.client.subject(p.tokens)
	if err == nil && got.Subject != want {
		err = errors.New("userinfo is about somebody else")
	}
	return err
}

func introspect(ctx context.Context, p *person) error {
	var got state
	if err := p.client.post(ctx, p.client.endpoints.Introspection, url.Values{"token": {p.tokens.Access}}, &got); err != nil {
		return err
	}
	return p.client.checkState(got, p.tokens)
}

// subject is that of an ID token whose signature was checked when it came.
func (c *Client) subject(t tokens) (string, error) {
	parts := strings.Split(t.ID, ".")
	if len(parts) != 3 {
		return "", errors.New("there is no ID token to compare with")
	}
	text, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return "", err
	}
	var payload claims
	err = json.Unmarshal(text, &payload)
	return payload.Subject, err
}
