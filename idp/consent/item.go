package consent

import (
	"slices"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/claims"
)

// Kind is what an item is.
type Kind string

// The kinds of items.
const (
	Scope Kind = "scope"
	Claim Kind = "claim" // told by its name, and shown by no scope of the request
)

// Item is one thing that a person allows an application.
type Item struct {
	Kind Kind
	Name string
}

// Asked are the items of the request: its scopes in their order, then the claims
// that it asks for by name or that the client's ID tokens always carry. A claim
// that the client can't get needs no consent, nor does one that a scope of the
// request shows.
func Asked(set *claims.Set, client *idp.Client, r *idp.AuthorizationRequest) []Item {
	var items []Item
	for _, scope := range r.Scopes {
		if item := (Item{Scope, scope}); !slices.Contains(items, item) {
			items = append(items, item)
		}
	}
	requested := func(scope string) bool { return slices.Contains(r.Scopes, scope) }
	for _, claim := range set.Askable(client, named(client, r.Claims)) {
		if !slices.ContainsFunc(set.ScopeOf(claim), requested) {
			items = append(items, Item{Claim, claim})
		}
	}
	return items
}

// named are the names of claims, wherever they are to be told, sorted.
func named(client *idp.Client, r *idp.ClaimsRequest) []string {
	names := slices.Concat(
		client.IDTokenClaims,
		r.Names(func(r *idp.ClaimsRequest) map[string]*idp.ClaimWish { return r.Userinfo }),
		r.Names(func(r *idp.ClaimsRequest) map[string]*idp.ClaimWish { return r.IDToken }),
	)
	slices.Sort(names)
	return names
}

// New are the items that are not among those given.
func New(asked, given []Item) []Item {
	var fresh []Item
	for _, item := range asked {
		if !slices.Contains(given, item) {
			fresh = append(fresh, item)
		}
	}
	return fresh
}

// Access is what a person allows one application: what they agreed to, and what
// its living grants were given without a question.
type Access struct {
	ClientID string
	// Items in the order in which they were allowed, then by name.
	Items []Item
	// Since is when the oldest of them was allowed.
	Since time.Time
}
