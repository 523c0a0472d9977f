package console

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/ringtail-id/ringtail/idp"
	provider "github.com/ringtail-id/ringtail/idp/oidc"
)

// party is the relying party that the console is.
type party struct {
	config   oauth2.Config
	verifier *oidc.IDTokenVerifier
	client   *http.Client
}

func newParty(o *Options, redirect string) *party {
	p := &party{
		config: oauth2.Config{
			ClientID: ClientID, ClientSecret: o.Secret, RedirectURL: redirect, Scopes: []string{idp.ScopeOpenID},
			Endpoint: oauth2.Endpoint{
				AuthURL: o.Issuer + provider.PathAuthorize, TokenURL: o.Issuer + provider.PathToken, AuthStyle: oauth2.AuthStyleInHeader,
			},
		},
		client: &http.Client{Transport: inProcess{o.Provider}},
	}
	keys := oidc.NewRemoteKeySet(p.context(context.Background()), o.Issuer+provider.PathKeys)
	p.verifier = oidc.NewVerifier(o.Issuer, keys, &oidc.Config{ClientID: ClientID, Now: o.Now, SupportedSigningAlgs: []string{oidc.RS256}})
	return p
}

func (p *party) context(ctx context.Context) context.Context {
	return oidc.ClientContext(ctx, p.client)
}

// identity is what an ID token says.
type identity struct {
	Subject string   `json:"sub"`
	Session string   `json:"sid"`
	Nonce   string   `json:"nonce"`
	ACR     string   `json:"acr"`
	AMR     []string `json:"amr"`
}

// twoFactors says whether the person proved two.
func (i identity) twoFactors() bool {
	return i.ACR == idp.ACRTwoFactors && slices.Contains(i.AMR, "mfa")
}

// redeem gives what the ID token says that the code is good for.
func (p *party) redeem(ctx context.Context, code, verifier, nonce string) (identity, error) {
	tokens, err := p.config.Exchange(p.context(ctx), code, oauth2.VerifierOption(verifier))
	if err != nil {
		return identity{}, fmt.Errorf("redeeming a code: %w", err)
	}
	raw, _ := tokens.Extra("id_token").(string)
	token, err := p.verifier.Verify(p.context(ctx), raw)
	if err != nil {
		return identity{}, fmt.Errorf("verifying an ID token: %w", err)
	}
	var said identity
	if err := token.Claims(&said); err != nil {
		return identity{}, fmt.Errorf("reading an ID token: %w", err)
	}
	if said.Nonce != nonce || said.Subject == "" || said.Session == "" {
		return identity{}, errors.New("the ID token is of another sign-in")
	}
	return said, nil
}

// inProcess carries requests to a handler of this process.
type inProcess struct{ http.Handler }

var _ http.RoundTripper = inProcess{}

// RoundTrip implements http.RoundTripper.
func (t inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	in := r.Clone(r.Context())
	in.RequestURI, in.Host = r.URL.RequestURI(), r.URL.Host
	if in.Body == nil {
		in.Body = http.NoBody
	}
	out := &answer{header: http.Header{}, status: http.StatusOK}
	t.ServeHTTP(out, in)
	return &http.Response{
		StatusCode: out.status, Status: http.StatusText(out.status), Header: out.header, Request: r,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, ContentLength: int64(out.body.Len()), Body: io.NopCloser(&out.body),
	}, nil
}

// answer keeps what a handler answers.
type answer struct {
	header http.Header
	status int
	began  bool
	body   bytes.Buffer
}

// Header implements http.ResponseWriter.
func (a *answer) Header() http.Header { return a.header }

// WriteHeader implements http.ResponseWriter; the first status counts.
func (a *answer) WriteHeader(status int) {
	if !a.began {
		a.status, a.began = status, true
	}
}

// Write implements http.ResponseWriter.
func (a *answer) Write(b []byte) (int, error) {
	a.began = true
	return a.body.Write(b)
}
