package console

import (
	"context"
	"net/url"
	"strings"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/keyring"
	"github.com/ringtail-id/ringtail/idp/oauth/clientauth"
)

// ClientID is the built-in client's, Blitz's name for it.
const ClientID = "_blitz_console"

// pathCallback is where the provider answers, below the console.
const pathCallback = "/callback"

// clientName is what the login's pages call the console.
const clientName = "Ringtail console"

// Secret is the secret of the built-in client. It follows from the master key, so
// every node has the same, and nothing is stored.
func Secret(k *keyring.Keyring) string { return k.Hash("console-client") }

// Client is the built-in client of a console at the address, whose origin is that
// of Options.URL. It may have a code at one redirect URI, and two factors are asked
// for whatever the policy says.
func Client(issuer, origin string, k *keyring.Keyring) *idp.Client {
	return &idp.Client{
		ID: ClientID, Name: clientName, SecretHash: clientauth.HashSecret(k, ClientID, Secret(k)), AuthMethod: idp.AuthSecretBasic,
		RedirectURIs: []string{Address(issuer, origin) + pathCallback}, Grants: []string{idp.GrantCode}, Scopes: []string{idp.ScopeOpenID},
		SigningAlg: "RS256", RequiredFactor: 2, ClientMetadata: idp.ClientMetadata{ApplicationType: idp.ApplicationWeb},
	}
}

// Address is where the console's pages begin. An empty origin is the issuer's.
func Address(issuer, origin string) string {
	issuer = strings.TrimSuffix(issuer, "/")
	u, err := url.Parse(issuer)
	if err != nil || origin == "" {
		return issuer + Path
	}
	return strings.TrimSuffix(origin, "/") + u.Path + Path
}

// WithClient are the others and the built-in client, which none of them can
// stand in for.
func WithClient(builtIn *idp.Client, others idp.Clients) idp.Clients {
	return clients{builtIn: builtIn, others: others}
}

type clients struct {
	builtIn *idp.Client
	others  idp.Clients
}

// ClientByID implements idp.Clients.
func (c clients) ClientByID(ctx context.Context, id string) (*idp.Client, error) {
	if id == ClientID {
		return c.builtIn, nil
	}
	return c.others.ClientByID(ctx, id)
}
