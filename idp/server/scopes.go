package server

import (
	"slices"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/claims"
)

// scopes is what each scope shows of a person.
func (o *Options) scopes() (*claims.Set, error) {
	return claims.New(claims.Options{PhoneAttribute: o.phoneAttribute(), Scopes: o.Scopes})
}

// ownScopes are those that clients' own tokens may have.
func ownScopes(set *claims.Set) []string {
	return slices.Concat(idp.OwnScopes(), set.ClientScopes())
}
