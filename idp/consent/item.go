package consent

import (
	"slices"
	"time"

	"github.com/ringtail-id/ringtail/idp"
)

// Kind is what an item is.
type Kind string

// The kinds of items.
const (
	Scope Kind = "scope"
	Claim Kind = "claim" // asked for by name, and shown by no scope of the request
)

// Item is one thing that a person allows an application.
type Item struct {
	Kind Kind
	Name string
}

// Asked are the items of the request: its scopes in their order, then claims by
// name. scopesOf says which scopes show a claim; one that none shows is no
// person's and needs no consent.
func Asked(r *idp.AuthorizationRequest, scopesOf func(claim string) []string) []Item {
	var items []Item
	for _, scope := range r.Scopes {
		if item := (Item{Scope, scope}); !slices.Contains(items, item) {
			items = append(items, item)
		}
	}
	for _, claim := range Named(r.Claims) {
		showing := scopesOf(claim)
		shown := slices.ContainsFunc(showing, func(scope string) bool { return slices.Contains(r.Scopes, scope) })
		if len(showing) > 0 && !shown {
			items = append(items, Item{Claim, claim})
		}
	}
	return items
}

// Named are the claims that the claims parameter asks for, wherever they are to
// be told, sorted.
func Named(r *idp.ClaimsRequest) []string {
	names := slices.Concat(
		r.Names(func(r *idp.ClaimsRequest) map[string]*idp.ClaimWish { return r.Userinfo }),
		r.Names(func(r *idp.ClaimsRequest) map[string]*idp.ClaimWish { return r.IDToken }),
	)
	slices.Sort(names)
	return slices.Compact(names)
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
