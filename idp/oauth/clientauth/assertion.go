package clientauth

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/keyring"
	"github.com/ringtail-id/ringtail/idp/oauth"
	"github.com/ringtail-id/ringtail/idp/oauth/keyset"
)

// AssertionType is the one client_assertion_type that is taken (RFC 7523,
// section 2.2).
const AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

// assertionPurpose is the keyring's purpose for the IDs of JWTs that were used.
const assertionPurpose = "client-assertion"

// Used remembers JWTs. Implementations serve many goroutines and many processes.
type Used interface {
	// UseAssertion notes a digest until the time given. Of all who note the same
	// one at once, exactly one is told true; so is who notes it after its time is
	// over.
	UseAssertion(ctx context.Context, digest string, now, until time.Time) (first bool, err error)
}

// Assertions proves what clients signed, and lets each such JWT be used once.
// All fields are required. It is safe for concurrent use.
type Assertions struct {
	// Issuer is the audience that the JWTs must have.
	Issuer  string
	Keys    *keyset.Sets
	Used    Used
	Keyring *keyring.Keyring
	Now     func() time.Time
}

// Verify proves that one of the client's registered keys has signed the JWT for
// us, and uses it up: a second use of its jti by the client is refused, whatever
// it is used for. r's Audience and NeedID are set here. The error is a
// *keyset.Fault where the JWT or its keys are to blame.
//
// It serves client assertions and authorization grants (RFC 7523). A request
// object may come again where a person reloads a page: Keys.Verify is for those.
func (a *Assertions) Verify(ctx context.Context, client *idp.Client, jwt string, r keyset.Rules) (*keyset.Token, error) {
	r.Audience, r.NeedID = a.Issuer, true
	token, err := keyset.Read(jwt, a.Now(), r)
	if err != nil {
		return nil, err
	}
	return token, a.prove(ctx, client, token)
}

// prove is Verify for a JWT that was read.
func (a *Assertions) prove(ctx context.Context, client *idp.Client, token *keyset.Token) error {
	if client.AuthAlg != "" && client.AuthAlg != token.Algorithm {
		return &keyset.Fault{Text: "the JWT is not signed with the algorithm that the client is registered for"}
	}
	if err := a.Keys.Prove(ctx, keyset.Source{Document: client.JWKS, URI: client.JWKSURI}, token); err != nil {
		return err
	}
	digest := a.Keyring.Hash(assertionPurpose, client.ID, token.ID)
	first, err := a.Used.UseAssertion(ctx, digest, a.Now(), token.ReuseUntil())
	if err != nil {
		return fmt.Errorf("noting an assertion: %w", err)
	}
	if !first {
		return &keyset.Fault{Text: "the JWT was used before"}
	}
	return nil
}

// bySignature authenticates a client by its assertion. What is wrong with the
// assertion itself is told, what has to do with the client is not.
func (a *Authenticator) bySignature(ctx context.Context, c credentials) (*idp.Client, *oauth.Failure) {
	if a.Signed == nil {
		return nil, oauth.Fail(oauth.InvalidClient, "client assertions are not supported")
	}
	rules := keyset.Rules{Audience: a.Signed.Issuer, NeedID: true, Types: []string{"client-authentication+jwt"}}
	token, err := keyset.Read(c.assertion, a.Signed.Now(), rules)
	var fault *keyset.Fault
	switch {
	case errors.As(err, &fault):
		return nil, oauth.Fail(oauth.InvalidClient, "client_assertion: "+fault.Text)
	case token.Issuer != token.Subject:
		return nil, oauth.Fail(oauth.InvalidClient, "client_assertion: the JWT's iss and sub must both be the client's ID")
	case c.id != "" && c.id != token.Subject:
		return nil, oauth.Fail(oauth.InvalidRequest, "client_id is not the client that authenticates")
	}
	client, f := a.named(ctx, token.Subject)
	if f != nil {
		return nil, f
	}
	if client.AuthMethod != idp.AuthPrivateKeyJWT {
		return client, unproved()
	}
	err = a.Signed.prove(ctx, client, token)
	switch {
	case errors.As(err, &fault):
		a.Log.WarnContext(ctx, "client assertion refused", "client_id", client.ID, "reason", fault.Error())
		return client, unproved()
	case err != nil:
		a.Log.ErrorContext(ctx, "client assertion can't be checked", "client_id", client.ID, "error", err)
		return client, oauth.FailureOf(err)
	}
	return client, nil
}
