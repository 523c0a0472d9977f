package claims

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"

	"github.com/ringtail-id/ringtail/idp"
)

// LanguageDefault is the language of a title or description that serves where
// there is none of the page's own, as in Blitz.
const LanguageDefault = "default"

// Scope is a scope of the settings. One of a standard scope's name adds to it,
// or takes it away.
type Scope struct {
	// Name is a scope token (RFC 6749, section 3.3) of at most 100 characters.
	Name string
	// Title and Description by language: en, ru, or LanguageDefault.
	Title, Description map[string]string
	// Claims are templates by claim.
	Claims map[string]string
	// ClientLevel scopes are for clients themselves and show nothing of anybody.
	ClientLevel bool
	// Disabled takes the scope away from everybody at once.
	Disabled bool
}

// Fault is something wrong with a scope of the settings.
type Fault struct {
	Scope string
	// Claim is empty where the scope as a whole is wrong.
	Claim string
	// Problem completes the name: "is ...; write ...".
	Problem string
}

// Error names the scope and the claim.
func (f *Fault) Error() string {
	if f.Claim == "" {
		return fmt.Sprintf("scope %q: %s", f.Scope, f.Problem)
	}
	return fmt.Sprintf("scope %q, claim %q: %s", f.Scope, f.Claim, f.Problem)
}

var (
	scopeName = regexp.MustCompile(`^[\x21\x23-\x5B\x5D-\x7E]{1,100}$`)
	claimName = regexp.MustCompile(`^[\x21\x23-\x5B\x5D-\x7E]{1,128}$`)
)

// addCustom enters the scopes of the settings.
func (s *Set) addCustom(custom []Scope) error {
	var faults []error
	standard := slices.Clone(s.scopes)
	written := map[string]string{} // templates by claim, over all scopes
	for _, one := range slices.SortedFunc(slices.Values(custom), byName) {
		fault := s.checkScope(one)
		if fault != "" {
			faults = append(faults, &Fault{Scope: one.Name, Problem: fault})
			continue
		}
		entry := s.entry(one)
		for _, claim := range slices.Sorted(maps.Keys(one.Claims)) {
			find, problem := s.checkClaim(one, claim, standard, written)
			if problem != "" {
				faults = append(faults, &Fault{Scope: one.Name, Claim: claim, Problem: problem})
				continue
			}
			s.sources[claim] = find
			if !slices.Contains(entry.claims, claim) {
				entry.claims = append(entry.claims, claim)
			}
		}
	}
	s.disable(custom)
	return errors.Join(faults...)
}

func byName(a, b Scope) int {
	if a.Name < b.Name {
		return -1
	}
	return 1
}

// entry is the scope to add to: a standard one, or a new one.
func (s *Set) entry(one Scope) *scope {
	if s.scope(one.Name) == nil {
		s.add(scope{name: one.Name, clientLevel: one.ClientLevel})
	}
	entry := s.scope(one.Name)
	entry.title, entry.description = maps.Clone(one.Title), maps.Clone(one.Description)
	return entry
}

// disable takes the scopes away that the settings switch off.
func (s *Set) disable(custom []Scope) {
	s.scopes = slices.DeleteFunc(s.scopes, func(known scope) bool {
		return slices.ContainsFunc(custom, func(c Scope) bool { return c.Name == known.name && c.Disabled })
	})
}

func (s *Set) checkScope(one Scope) string {
	known := s.scope(one.Name)
	switch {
	case !scopeName.MatchString(one.Name):
		return `is no name of a scope; write 1 to 100 visible ASCII characters without " and \`
	case one.Name == idp.ScopeOpenID || one.Name == idp.ScopeOfflineAccess || slices.Contains(idp.OwnScopes(), one.Name):
		return "has a rule of its own and can't be changed; take it out"
	case known != nil && !known.standard:
		return "stands twice; write it once"
	case one.ClientLevel && known != nil:
		return "is a scope about people; take clientLevel out"
	case one.ClientLevel && len(one.Claims) > 0:
		return "is for clients themselves and can't show claims of a person; take the claims or clientLevel out"
	}
	return ""
}

// checkClaim gives the claim's source and holds it to the rule that a claim means
// one thing: a standard one is defined in its own scope (another scope may show
// it as it is), any other one alike in all scopes.
func (s *Set) checkClaim(in Scope, claim string, standard []scope, written map[string]string) (source, string) {
	switch {
	case !claimName.MatchString(claim):
		return nil, `is no name of a claim; write 1 to 128 visible ASCII characters without " and \`
	case Reserved(claim):
		return nil, "is the protocol's own and can't be set; write another name"
	}
	template := in.Claims[claim]
	for _, own := range standard {
		switch {
		case own.name == in.Name || !slices.Contains(own.claims, claim):
		case template == "${"+claim+"}":
			return s.sources[claim], ""
		default:
			return nil, "is a claim of the scope " + own.name + "; define it there, write ${" + claim + "} to show it as it is, or write another name"
		}
	}
	if other, ok := written[claim]; ok && other != template {
		return nil, fmt.Sprintf("is %q in another scope; write the same here, or another name", other)
	}
	parsed, err := Parse(template)
	if err != nil {
		return nil, err.Error()
	}
	written[claim] = template
	return parsed.value, ""
}
