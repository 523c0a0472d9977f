package account

import (
	"context"

	"github.com/ringtail-id/ringtail/idp"
)

// ClientID is the built-in client's, Blitz's name for it.
const ClientID = "_blitz_profile"

// Path of the page below the issuer, Blitz's.
const Path = "/profile"

// clientName is what the login's pages call the account page: "to continue to
// Ringtail", in every language.
const clientName = "Ringtail"

// Client is the built-in client of the provider at the issuer. It may ask for a
// code, at one redirect URI, and for nothing besides. It has neither a secret
// nor the right to do without one, so that no endpoint takes anybody for it.
func Client(issuer string) *idp.Client {
	return &idp.Client{
		ID: ClientID, Name: clientName, AuthMethod: idp.AuthSecretBasic, RedirectURIs: []string{issuer + Path},
		Grants: []string{idp.GrantCode}, Scopes: []string{idp.ScopeOpenID}, SigningAlg: "RS256",
	}
}

// WithClient are the others and the built-in client, which none of them can
// stand in for.
func WithClient(issuer string, others idp.Clients) idp.Clients {
	return clients{builtIn: Client(issuer), others: others}
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
