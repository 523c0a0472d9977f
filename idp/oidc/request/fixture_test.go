package request_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"net/url"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oauth"
	"github.com/ringtail-id/ringtail/idp/oauth/keyset"
	"github.com/ringtail-id/ringtail/idp/oidc/hint"
	"github.com/ringtail-id/ringtail/idp/oidc/request"
)

const (
	issuer    = "https://id.example/blitz"
	redirect  = "https://rp.example/callback"
	challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
	api       = "https://api.example/v1"
)

var noon = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)

// key signs request objects of the client "signer"; stranger is nobody's.
var key, stranger = sync.OnceValue(newKey), sync.OnceValue(newKey)

func newKey() *ecdsa.PrivateKey {
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	return k
}

func document(t testing.TB, k *ecdsa.PrivateKey) string {
	t.Helper()
	text, err := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: k.Public(), KeyID: "k1", Algorithm: "ES256", Use: "sig"}}})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

type clients map[string]*idp.Client

func (c clients) ClientByID(_ context.Context, id string) (*idp.Client, error) {
	if id == "broken" {
		return nil, errors.New("the database is away")
	}
	if client, ok := c[id]; ok {
		return client, nil
	}
	return nil, idp.ErrNotFound
}

func someClients(t testing.TB) clients {
	age := int64(600)
	all := []*idp.Client{
		{ID: "app"},
		{ID: "spa", AuthMethod: idp.AuthNone},
		{ID: "old", WaivePKCE: true},
		{ID: "waived", AuthMethod: idp.AuthNone, WaivePKCE: true},
		{ID: "all", Grants: []string{idp.GrantCode, idp.GrantRefresh, idp.GrantImplicit}, ClientMetadata: idp.ClientMetadata{ResponseTypes: idp.ResponseTypes()}},
		{ID: "noimplicit", ClientMetadata: idp.ClientMetadata{ResponseTypes: idp.ResponseTypes()}},
		{ID: "nocode", Grants: []string{idp.GrantImplicit}, ClientMetadata: idp.ClientMetadata{ResponseTypes: idp.ResponseTypes()}},
		{ID: "pushing", ClientMetadata: idp.ClientMetadata{RequirePAR: true}},
		{ID: "unsigned", ClientMetadata: idp.ClientMetadata{RequestObjectAlg: request.AlgNone}},
		{ID: "signer", ClientMetadata: idp.ClientMetadata{JWKS: document(t, key())}},
		{ID: "rs256", ClientMetadata: idp.ClientMetadata{JWKS: document(t, key()), RequestObjectAlg: "RS256"}},
		{ID: "api", ClientMetadata: idp.ClientMetadata{Resources: []string{api, "urn:example:other"}}},
		{ID: "narrow", Scopes: []string{"profile"}, Grants: []string{idp.GrantCode}},
		{ID: "defaults", ClientMetadata: idp.ClientMetadata{DefaultMaxAge: &age, DefaultACRs: []string{idp.ACRTwoFactors}}},
	}
	found := clients{}
	for _, c := range all {
		c.RedirectURIs = []string{redirect}
		if c.Grants == nil {
			c.Grants = []string{idp.GrantCode, idp.GrantRefresh}
		}
		found[c.ID] = c
	}
	return found
}

// hints are ID tokens of the client "app" that say nothing but the subject.
type hints struct{}

func (hints) Read(_ context.Context, token string) (hint.Claims, error) {
	switch token {
	case "forged":
		return hint.Claims{}, hint.ErrNone
	case "broken":
		return hint.Claims{}, errors.New("the database is away")
	}
	return hint.Claims{Subject: token, Client: "app"}, nil
}

func newReader(t testing.TB, with clients) *request.Reader {
	t.Helper()
	now := func() time.Time { return noon }
	keys, err := keyset.New(keyset.Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	r, err := request.New(request.Options{
		Issuer: issuer, Clients: with, Keys: keys, Now: now,
		Scopes: func() []string { return []string{"openid", "profile", "email", "offline_access"} },
		Askable: func(_ *idp.Client, names []string) []string {
			return slices.DeleteFunc(names, func(name string) bool { return name != "name" && name != "email" })
		},
		Hints: hints{}, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// asked is a good request of the client; pairs change it, "" takes away.
func asked(client string, pairs ...string) url.Values {
	form := url.Values{
		"client_id": {client}, "redirect_uri": {redirect}, "response_type": {"code"}, "scope": {"openid profile"}, "state": {"s1"}, "nonce": {"n1"},
		"code_challenge": {challenge}, "code_challenge_method": {"S256"},
	}
	return with(form, pairs...)
}

func with(form url.Values, pairs ...string) url.Values {
	form = maps.Clone(form)
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Del(pairs[i])
		if pairs[i+1] != "" {
			form.Set(pairs[i], pairs[i+1])
		}
	}
	return form
}

// refusedAs is how a refusal is compared: "page PROBLEM", or the OAuth error and
// the response mode in which it goes to the relying party.
func refusedAs(refusal *request.Refusal) string {
	switch {
	case refusal == nil:
		return ""
	case refusal.Problem != "":
		return "page " + refusal.Problem
	}
	return refusal.Failure.Code + " " + refusal.Request.ResponseMode
}

// object is the claims of a good request object of the client; change alters them.
func object(client string, change func(map[string]any)) map[string]any {
	claims := map[string]any{
		"iss": client, "aud": issuer, "exp": noon.Add(5 * time.Minute).Unix(), "client_id": client, "response_type": "code",
		"redirect_uri": redirect, "scope": "openid email", "state": "inside", "nonce": "inside",
		"code_challenge": challenge, "code_challenge_method": "S256",
	}
	if change != nil {
		change(claims)
	}
	return claims
}

func encode(t testing.TB, claims any) []byte {
	t.Helper()
	if text, ok := claims.(string); ok {
		return []byte(text)
	}
	text, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func signed(t testing.TB, by *ecdsa.PrivateKey, typ string, claims any) string {
	t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: jose.JSONWebKey{Key: by, KeyID: "k1"}},
		(&jose.SignerOptions{}).WithType(jose.ContentType(typ)))
	if err != nil {
		t.Fatal(err)
	}
	jws, err := signer.Sign(encode(t, claims))
	if err != nil {
		t.Fatal(err)
	}
	text, err := jws.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func unsigned(t testing.TB, claims any) string {
	part := base64.RawURLEncoding.EncodeToString
	return part([]byte(`{"alg":"none"}`)) + "." + part(encode(t, claims)) + "."
}

func read(t testing.TB, form url.Values) (*idp.AuthorizationRequest, *request.Refusal) {
	t.Helper()
	return newReader(t, someClients(t)).Read(t.Context(), oauth.NewParams(form))
}
