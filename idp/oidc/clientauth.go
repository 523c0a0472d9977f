package oidc

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/keyring"
)

// clientSecretPurpose is the keyring's purpose for hashes of client secrets.
const clientSecretPurpose = "client-secret"

// HashSecret is the keyed hash under which a client's secret is stored in
// Client.SecretHash.
func HashSecret(k *keyring.Keyring, clientID, secret string) string {
	return k.Hash(clientSecretPurpose, clientID, secret)
}

// credentials are what a request says of its client.
type credentials struct {
	id, secret string
	method     string // one of the idp.Auth constants
}

// readCredentials finds the one way in which the client says who it is (RFC
// 6749, section 2.3).
func readCredentials(r *http.Request, p params) (credentials, *failure) {
	id, secret := p.get("client_id"), p.get("client_secret")
	if p.get("client_assertion") != "" || p.get("client_assertion_type") != "" {
		return credentials{}, fail(invalidClient, "client assertions are not supported")
	}
	header := r.Header.Values("Authorization")
	if len(header) == 0 && secret != "" {
		return credentials{id: id, secret: secret, method: idp.AuthSecretPost}, nil
	}
	if len(header) == 0 {
		return credentials{id: id, method: idp.AuthNone}, nil
	}
	if len(header) > 1 || secret != "" {
		return credentials{}, fail(invalidRequest, "the client authenticates in more than one way")
	}
	basic, f := readBasic(r)
	if f == nil && id != "" && id != basic.id {
		return credentials{}, fail(invalidRequest, "client_id is not the client that authenticates")
	}
	return basic, f
}

// readBasic decodes both parts, which are form-urlencoded inside (RFC 6749,
// section 2.3.1).
func readBasic(r *http.Request) (credentials, *failure) {
	user, password, ok := r.BasicAuth()
	id, errID := url.QueryUnescape(user)
	secret, errSecret := url.QueryUnescape(password)
	if !ok || errID != nil || errSecret != nil {
		return credentials{}, fail(invalidClient, "the Authorization header can't be read")
	}
	return credentials{id: id, secret: secret, method: idp.AuthSecretBasic}, nil
}

// authenticate returns the client that sent the request. With a failure the
// client is the one that was named, if there is one, and is not authenticated.
func (p *Provider) authenticate(ctx context.Context, c credentials) (*idp.Client, *failure) {
	if c.id == "" {
		return nil, fail(invalidClient, "the request names no client")
	}
	client, err := p.Clients.ClientByID(ctx, c.id)
	if errors.Is(err, idp.ErrNotFound) {
		client = &idp.Client{ID: c.id} // Costs the same as a known client with a wrong secret.
	} else if err != nil {
		return nil, p.fault(ctx, "reading a client", err)
	}
	if !p.proves(client, c) {
		return client, fail(invalidClient, "the client is unknown or didn't authenticate as it is registered")
	}
	return client, nil
}

// proves says whether the credentials are the client's, sent as it is registered.
func (p *Provider) proves(client *idp.Client, c credentials) bool {
	if client.Public() {
		return c.method == idp.AuthNone
	}
	right := p.Keyring.Equal(client.SecretHash, clientSecretPurpose, client.ID, c.secret)
	return right && c.method != idp.AuthNone && (client.AuthMethod == "" || client.AuthMethod == c.method)
}

// normalize gives the request the one form that the library reads alike at
// every endpoint: Basic for a confidential client, client_id for a public one.
func normalize(r *http.Request, p params, client *idp.Client, c credentials) *http.Request {
	next := r.Clone(r.Context())
	form := p.form()
	form.Del("client_secret")
	if client.Public() {
		form.Set("client_id", client.ID)
	} else {
		form.Del("client_id")
		next.SetBasicAuth(url.QueryEscape(c.id), url.QueryEscape(c.secret))
	}
	next.Form, next.PostForm = form, form
	return next
}

// bearerToken reads the token of RFC 6750, sections 2.1 and 2.2: the header or
// a posted form, never both and never the query.
func bearerToken(w http.ResponseWriter, r *http.Request) (string, *failure) {
	if r.URL.RawQuery != "" {
		return "", fail(invalidRequest, "a token must not be in the query")
	}
	headers := r.Header.Values("Authorization")
	if len(headers) > 1 {
		return "", fail(invalidRequest, "the Authorization header is repeated")
	}
	token := ""
	if len(headers) == 1 {
		scheme, rest, _ := strings.Cut(headers[0], " ")
		if !strings.EqualFold(scheme, schemeBearer) {
			return "", fail(invalidToken, "the Authorization header holds no bearer token")
		}
		token = strings.TrimSpace(rest)
	}
	if r.Method != http.MethodPost || r.ContentLength == 0 {
		return token, nil
	}
	p, f := postedParams(w, r)
	if f != nil {
		return "", f
	}
	if posted := p.get("access_token"); posted != "" && token != "" {
		return "", fail(invalidRequest, "the token is sent twice")
	} else if posted != "" {
		token = posted
	}
	return token, nil
}
