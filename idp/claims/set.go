package claims

import (
	"cmp"
	"maps"
	"slices"

	"github.com/ringtail-id/ringtail/idp"
)

// Set is all scopes of a provider and what they show. It never changes and is
// safe for concurrent use.
type Set struct {
	scopes  []scope
	sources map[string]source // by claim
}

// scope is an enabled scope.
type scope struct {
	name        string
	claims      []string
	standard    bool
	clientLevel bool
	title       map[string]string
	description map[string]string
}

// Options for New.
type Options struct {
	// PhoneAttribute is the attribute that holds the person's number; empty means
	// the one of that name.
	PhoneAttribute string
	// Scopes of the settings, in any order.
	Scopes []Scope
}

// New makes the set. The error joins a *Fault for everything that is wrong.
func New(o Options) (*Set, error) {
	s := &Set{sources: map[string]source{}}
	s.addStandard(cmp.Or(o.PhoneAttribute, idp.AttributePhone))
	return s, s.addCustom(o.Scopes)
}

func (s *Set) add(one scope) { s.scopes = append(s.scopes, one) }

func (s *Set) define(in *scope, claim string, find source) {
	s.sources[claim] = find
	in.claims = append(in.claims, claim)
}

func (s *Set) scope(name string) *scope {
	for i := range s.scopes {
		if s.scopes[i].name == name {
			return &s.scopes[i]
		}
	}
	return nil
}

// Scopes are those that mean something in authorization requests, openid and
// offline_access included.
func (s *Set) Scopes() []string { return s.named(false) }

// ClientScopes are those that a client may have for itself (client_credentials),
// and no person is asked for.
func (s *Set) ClientScopes() []string { return s.named(true) }

func (s *Set) named(clientLevel bool) []string {
	var names []string
	for _, one := range s.scopes {
		if one.clientLevel == clientLevel {
			names = append(names, one.name)
		}
	}
	return names
}

// Names are the claims of the person that some scope shows.
func (s *Set) Names() []string {
	var names []string
	for _, one := range s.scopes {
		for _, claim := range one.claims {
			if !slices.Contains(names, claim) {
				names = append(names, claim)
			}
		}
	}
	return names
}

// ScopeOf are the scopes that show the claim.
func (s *Set) ScopeOf(claim string) []string {
	var names []string
	for _, one := range s.scopes {
		if slices.Contains(one.claims, claim) {
			names = append(names, one.name)
		}
	}
	return names
}

// ClaimsOf are the claims that the scope shows, in a fixed order; none of a
// scope that there isn't.
func (s *Set) ClaimsOf(name string) []string {
	if one := s.scope(name); one != nil {
		return slices.Clone(one.claims)
	}
	return nil
}

// Askable are those of the claims that the client may ask for by name: a scope
// that shows it must be one that the client may ask for (OpenID Connect Core,
// section 5.5, leaves that to the provider).
func (s *Set) Askable(client *idp.Client, names []string) []string {
	var askable []string
	for _, claim := range names {
		if slices.ContainsFunc(s.ScopeOf(claim), client.AllowsScope) && !slices.Contains(askable, claim) {
			askable = append(askable, claim)
		}
	}
	return askable
}

// Of is what the scopes show of the person, and the claims asked for by name.
// What the person doesn't have is left out, and so is sub.
func (s *Set) Of(u *idp.User, scopes, names []string) map[string]any {
	shown := map[string]any{}
	show := func(claim string) {
		if v, ok := s.sources[claim](u); ok {
			shown[claim] = v
		}
	}
	for _, name := range scopes {
		if one := s.scope(name); one != nil {
			for _, claim := range one.claims {
				show(claim)
			}
		}
	}
	for _, claim := range names {
		if slices.ContainsFunc(s.scopes, func(one scope) bool { return slices.Contains(one.claims, claim) }) {
			show(claim)
		}
	}
	return shown
}

// Title is what the scope is called in the language, and Description what it
// means; empty where the settings don't say, as for the standard ones.
func (s *Set) Title(name, lang string) string {
	if one := s.scope(name); one != nil {
		return inLanguage(one.title, lang)
	}
	return ""
}

// Description says what the scope means; see Title.
func (s *Set) Description(name, lang string) string {
	if one := s.scope(name); one != nil {
		return inLanguage(one.description, lang)
	}
	return ""
}

// inLanguage picks the language, or Blitz's default, or the first by name.
func inLanguage(texts map[string]string, lang string) string {
	if text := cmp.Or(texts[lang], texts[LanguageDefault]); text != "" {
		return text
	}
	for _, lang := range slices.Sorted(maps.Keys(texts)) {
		return texts[lang]
	}
	return ""
}
