// Package clientauth owns how a relying party proves at an endpoint which
// client it is (RFC 6749, section 2.3; OpenID Connect Core, section 9).
//
// It does not own what clients are registered (idp.Clients) or what they may do.
package clientauth

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/keyring"
	"github.com/ringtail-id/ringtail/idp/oauth"
	"github.com/ringtail-id/ringtail/idp/oauth/keyset"
)

// secretPurpose is the keyring's purpose for hashes of client secrets.
const secretPurpose = "client-secret"

// HashSecret is the keyed hash under which a client's secret is stored in
// Client.SecretHash.
func HashSecret(k *keyring.Keyring, clientID, secret string) string {
	return k.Hash(secretPurpose, clientID, secret)
}

// Authenticator tells clients apart. All fields but Signed, Audit and Limit are required. It is
// safe for concurrent use.
type Authenticator struct {
	Clients idp.Clients
	Keyring *keyring.Keyring
	// Signed proves client assertions; nil refuses them all.
	Signed *Assertions
	// Audit records those that didn't prove who they are; nil records nothing.
	Audit audit.Recorder
	// Limit says how long a client with credentials has to wait that comes too often,
	// and counts this time; nil lets all through. Those that only say their name aren't
	// counted: anybody could use up what is theirs.
	Limit func(clientID string) time.Duration
	Log   *slog.Logger
}

// Methods are the ways in which confidential clients authenticate, for the
// metadata of endpoints (RFC 8414, section 2).
func (a *Authenticator) Methods() []string {
	methods := []string{idp.AuthSecretBasic, idp.AuthSecretPost}
	if a.Signed != nil {
		methods = append(methods, idp.AuthPrivateKeyJWT)
	}
	return methods
}

// Algorithms sign client assertions; none where these are refused.
func (a *Authenticator) Algorithms() []string {
	if a.Signed == nil {
		return nil
	}
	return keyset.Algorithms()
}

// Authenticate returns the client that sent the request whose parameters are p.
// With a failure the client is the one that was named, if there is one, and is
// not authenticated. A public client has only said its name.
func (a *Authenticator) Authenticate(ctx context.Context, r *http.Request, p oauth.Params) (*idp.Client, *oauth.Failure) {
	client, f := a.authenticate(ctx, r, p)
	if f != nil && !f.Ours() {
		e := audit.Event{Type: audit.TypeClientFailed, Params: map[string]any{"error": f.Code}}
		if client != nil {
			e.ClientID = client.ID
		}
		audit.Or(a.Audit).Record(ctx, e)
	}
	if f == nil && a.Limit != nil && !client.Public() {
		if wait := a.Limit(client.ID); wait > 0 {
			return client, tooOften(wait)
		}
	}
	return client, f
}

func tooOften(wait time.Duration) *oauth.Failure {
	return &oauth.Failure{
		Code: oauth.TemporarilyUnavailable, Description: "too many requests of this client; come again after the seconds of Retry-After",
		Status: http.StatusTooManyRequests, RetryAfter: wait,
	}
}

func (a *Authenticator) authenticate(ctx context.Context, r *http.Request, p oauth.Params) (*idp.Client, *oauth.Failure) {
	c, f := readCredentials(r, p)
	switch {
	case f != nil:
		return nil, f
	case c.method == idp.AuthPrivateKeyJWT:
		return a.bySignature(ctx, c)
	case c.id == "":
		return nil, oauth.Fail(oauth.InvalidClient, "the request names no client")
	}
	client, f := a.named(ctx, c.id)
	if f != nil {
		return nil, f
	}
	if !a.proves(client, c) {
		return client, unproved()
	}
	return client, nil
}

// named is the client of the ID, and one that nothing proves where there is
// none: it costs the same as a known client with a wrong secret.
func (a *Authenticator) named(ctx context.Context, id string) (*idp.Client, *oauth.Failure) {
	client, err := a.Clients.ClientByID(ctx, id)
	if errors.Is(err, idp.ErrNotFound) {
		return &idp.Client{ID: id}, nil
	}
	if err != nil {
		a.Log.ErrorContext(ctx, "client can't be read", "client_id", id, "error", err)
		return nil, oauth.FailureOf(err)
	}
	return client, nil
}

func unproved() *oauth.Failure {
	return oauth.Fail(oauth.InvalidClient, "the client is unknown or didn't authenticate as it is registered")
}

// proves says whether the credentials are the client's, sent as it is registered.
func (a *Authenticator) proves(client *idp.Client, c credentials) bool {
	if client.Public() {
		return c.method == idp.AuthNone
	}
	right := a.Keyring.Equal(client.SecretHash, secretPurpose, client.ID, c.secret)
	return right && c.method != idp.AuthNone && (client.AuthMethod == "" || client.AuthMethod == c.method)
}

// credentials are what a request says of its client.
type credentials struct {
	id, secret string
	assertion  string
	method     string // one of the idp.Auth constants
}

// readCredentials finds the one way in which the client says who it is.
func readCredentials(r *http.Request, p oauth.Params) (credentials, *oauth.Failure) {
	id, secret := p.Get("client_id"), p.Get("client_secret")
	header := r.Header.Values("Authorization")
	if assertion, kind := p.Get("client_assertion"), p.Get("client_assertion_type"); assertion != "" || kind != "" {
		switch {
		case len(header) > 0 || secret != "":
			return credentials{}, twoWays()
		case kind != AssertionType:
			return credentials{}, oauth.Fail(oauth.InvalidClient, "client_assertion_type must be "+AssertionType)
		}
		return credentials{id: id, assertion: assertion, method: idp.AuthPrivateKeyJWT}, nil
	}
	if len(header) == 0 && secret != "" {
		return credentials{id: id, secret: secret, method: idp.AuthSecretPost}, nil
	}
	if len(header) == 0 {
		return credentials{id: id, method: idp.AuthNone}, nil
	}
	if len(header) > 1 || secret != "" {
		return credentials{}, twoWays()
	}
	basic, f := readBasic(r)
	if f == nil && id != "" && id != basic.id {
		return credentials{}, oauth.Fail(oauth.InvalidRequest, "client_id is not the client that authenticates")
	}
	return basic, f
}

func twoWays() *oauth.Failure {
	return oauth.Fail(oauth.InvalidRequest, "the client authenticates in more than one way")
}

// readBasic decodes both parts, which are form-urlencoded inside (RFC 6749,
// section 2.3.1).
func readBasic(r *http.Request) (credentials, *oauth.Failure) {
	user, password, ok := r.BasicAuth()
	id, errID := url.QueryUnescape(user)
	secret, errSecret := url.QueryUnescape(password)
	if !ok || errID != nil || errSecret != nil {
		return credentials{}, oauth.Fail(oauth.InvalidClient, "the Authorization header can't be read")
	}
	return credentials{id: id, secret: secret, method: idp.AuthSecretBasic}, nil
}
