package request

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oauth"
	"github.com/ringtail-id/ringtail/idp/oauth/keyset"
)

const (
	// maxAhead bounds how far in the future a request object may expire.
	maxAhead = time.Hour
	// typeObject is the header typ of a request object (RFC 9101, section 10.8).
	typeObject = "oauth-authz-req+jwt"
	// AlgNone is the algorithm of unsigned objects.
	AlgNone = "none"
)

// Keys verify what clients signed; *keyset.Sets does.
type Keys interface {
	Verify(ctx context.Context, from keyset.Source, token string, r keyset.Rules) (*keyset.Token, error)
}

// errNoKeys: nobody's signature can be verified here.
var errNoKeys = errors.New("signed ones are not supported")

// unfold takes the parameters out of a request object, where there is one, and
// joins them with those around it.
func (r *Reader) unfold(ctx context.Context, client *idp.Client, asked oauth.Params, join func(around, inside url.Values) url.Values) (oauth.Params, *oauth.Failure) {
	token := asked.Get("request")
	switch f := asked.Fault(); {
	case f != nil:
		return asked, f
	case asked.Get("request_uri") != "" && token != "":
		return asked, oauth.Fail(oauth.InvalidRequest, "request and request_uri exclude each other")
	case asked.Get("request_uri") != "":
		return asked, oauth.Fail(oauth.RequestURINotSupported, "request objects are taken by value, or pushed")
	case token == "":
		return asked, nil
	}
	inside, err := r.inside(ctx, client, token)
	if err == nil {
		err = agree(asked, inside)
	}
	if err != nil {
		return asked, oauth.Fail(oauth.InvalidRequestObject, "the request object is refused: "+err.Error())
	}
	return oauth.NewParams(join(asked.Form(), inside)), nil
}

// merge is OpenID's way: a value inside wins, what is only outside counts too
// (OpenID Connect Core, section 6.1).
func merge(around, inside url.Values) url.Values {
	around.Del("request")
	for name, values := range inside {
		around[name] = values
	}
	return around
}

// objectAlone is OAuth's way: nothing outside counts (RFC 9101, section 5).
func objectAlone(_, inside url.Values) url.Values { return inside }

// agree holds what must stand outside of the object to what stands in it.
func agree(asked oauth.Params, inside url.Values) error {
	outside := asked.Get("response_type")
	if outside != "" && inside.Has("response_type") && typeOf(outside) != typeOf(inside.Get("response_type")) {
		return errors.New("its response_type is not that outside")
	}
	return nil
}

// inside verifies the object and returns its parameters. The error is for the
// client's developers.
func (r *Reader) inside(ctx context.Context, client *idp.Client, token string) (url.Values, error) {
	object, err := r.open(ctx, client, token)
	if fault := (*keyset.Fault)(nil); errors.As(err, &fault) {
		return nil, errors.New(fault.Text)
	}
	if errors.Is(err, errNoKeys) {
		return nil, err
	}
	if err != nil {
		r.Log.ErrorContext(ctx, "request object can't be checked", "client_id", client.ID, "error", err)
		return nil, errors.New("its keys can't be read")
	}
	for _, name := range []string{"request", "request_uri"} {
		if object.Claims[name] != nil {
			return nil, errors.New("it holds another request")
		}
	}
	switch {
	case object.Issuer != "" && object.Issuer != client.ID:
		return nil, errors.New("its iss is not the client")
	case object.Subject == client.ID:
		return nil, errors.New("its sub is the client, as in a client assertion")
	}
	inside, err := parameters(object.Claims)
	if err == nil && inside.Has("client_id") && inside.Get("client_id") != client.ID {
		return nil, errors.New("its client_id is not that outside")
	}
	if err == nil {
		inside.Set("client_id", client.ID)
	}
	return inside, err
}

// open verifies the signature. A client that registered an algorithm is held to
// it; of others an unsigned object is taken too (OpenID Connect Registration,
// section 2, request_object_signing_alg). Such a one has no more authority than the
// query that anybody can write, so it needs no iss, aud and exp.
func (r *Reader) open(ctx context.Context, client *idp.Client, token string) (*keyset.Token, error) {
	rules := keyset.Rules{Audience: r.Issuer, Types: []string{typeObject}, Life: maxAhead}
	if alg := client.RequestObjectAlg; alg == AlgNone || alg == "" && strings.HasSuffix(token, ".") {
		rules.Optional = []string{"iss", "aud", "exp"}
		return keyset.ReadUnsigned(token, r.Now(), rules)
	}
	if client.RequestObjectAlg != "" {
		rules.Algorithms = []string{client.RequestObjectAlg}
	}
	if r.Keys == nil {
		return nil, errNoKeys
	}
	return r.Keys.Verify(ctx, keyset.Source{Document: client.JWKS, URI: client.JWKSURI}, token, rules)
}

// ofTheJWT are claims about the object itself and no parameters.
func ofTheJWT(name string) bool {
	return slices.Contains([]string{"iss", "sub", "aud", "exp", "nbf", "iat", "jti"}, name)
}

// parameters are the claims as parameters of a query: texts as they are,
// numbers in digits, claims as JSON (RFC 9101, section 4).
func parameters[Raw ~[]byte](claims map[string]Raw) (url.Values, error) {
	inside := url.Values{}
	for name, text := range claims {
		if ofTheJWT(name) {
			continue
		}
		values, err := parameter(name, text)
		if err != nil {
			return nil, err
		}
		inside[name] = values
	}
	return inside, nil
}

func parameter(name string, text []byte) ([]string, error) {
	var value any
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&value); err != nil {
		return nil, errors.New("a parameter in it can't be read")
	}
	switch v := value.(type) {
	case string:
		return []string{v}, nil
	case json.Number:
		return []string{v.String()}, nil
	case map[string]any:
		if name == "claims" {
			return []string{string(text)}, nil
		}
	case []any:
		if name == "resource" {
			return allTexts(v)
		}
	}
	return nil, errors.New("a parameter in it has the wrong type")
}

func allTexts(values []any) ([]string, error) {
	var found []string
	for _, value := range values {
		text, ok := value.(string)
		if !ok {
			return nil, errors.New("a resource in it is no text")
		}
		found = append(found, text)
	}
	return found, nil
}
