package register

import (
	"errors"
	"slices"
	"strings"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oauth"
)

// Policy is what software that registers itself may ask for.
type Policy struct {
	Grants        []string
	ResponseTypes []string
	// Scopes that it may ask people for; all of them are meant where it names none.
	Scopes []string
	// AuthMethods are those of the idp.Auth constants.
	AuthMethods []string
	// WaivePKCE lets confidential clients leave PKCE out.
	WaivePKCE bool
}

func (p Policy) check() error {
	for what, list := range map[string][]string{"Grants": p.Grants, "ResponseTypes": p.ResponseTypes, "AuthMethods": p.AuthMethods} {
		if len(list) == 0 {
			return errors.New("register: Policy." + what + " is empty")
		}
	}
	return nil
}

// with is the policy for who was let in with more.
func (p Policy) with(grants, scopes []string) Policy {
	p.Grants, p.Scopes = slices.Concat(p.Grants, grants), slices.Concat(p.Scopes, scopes)
	return p
}

// held is the policy for a client that can't gain what it doesn't have.
func (p Policy) held(c *idp.Client) Policy {
	p.Grants = slices.DeleteFunc(slices.Clone(p.Grants), func(grant string) bool { return !c.Allows(grant) })
	p.ResponseTypes = slices.DeleteFunc(slices.Clone(p.ResponseTypes), func(kind string) bool { return !c.Responds(kind) })
	if len(c.Scopes) > 0 { // none means all
		p.Scopes = slices.DeleteFunc(slices.Clone(p.Scopes), func(scope string) bool { return !slices.Contains(c.Scopes, scope) })
	}
	p.WaivePKCE = p.WaivePKCE && c.WaivePKCE
	return p
}

// complete fills in what the standards mean by silence (RFC 7591, section 2;
// OpenID Connect Dynamic Client Registration, section 2).
func complete(m Metadata) Metadata {
	if len(m.Grants) == 0 {
		m.Grants = []string{idp.GrantCode}
	}
	if len(m.ResponseTypes) == 0 && slices.Contains(m.Grants, idp.GrantCode) {
		m.ResponseTypes = []string{idp.ResponseCode}
	}
	if m.AuthMethod == "" {
		m.AuthMethod = idp.AuthSecretBasic
	}
	if m.ApplicationType == "" {
		m.ApplicationType = idp.ApplicationWeb
	}
	if m.SigningAlg == "" {
		m.SigningAlg = "RS256"
	}
	return m
}

// apply gives the client the metadata, as far as the policy goes. Scopes beyond it
// are left out, as the standards let servers do, and the answer shows it; anything
// else is refused.
func (p Policy) apply(c *idp.Client, m Metadata) *oauth.Failure {
	m = complete(m)
	for _, rule := range []struct {
		field         string
		asked, within []string
	}{
		{"grant_types", m.Grants, p.Grants}, {"response_types", m.ResponseTypes, p.ResponseTypes},
		{"token_endpoint_auth_method", []string{m.AuthMethod}, p.AuthMethods},
	} {
		for _, value := range rule.asked {
			if !slices.Contains(rule.within, value) {
				return refused(InvalidMetadata, rule.field+" holds "+value+"; clients that register themselves may have "+strings.Join(rule.within, ", "))
			}
		}
	}
	scopes, f := p.scopes(m)
	if f != nil {
		return f
	}
	m.Apply(c)
	c.Scopes = scopes
	c.AskConsent = true
	c.WaivePKCE = p.WaivePKCE && c.AuthMethod != idp.AuthNone
	return nil
}

// scopes is never empty: no list would mean every scope that there is.
func (p Policy) scopes(m Metadata) ([]string, *oauth.Failure) {
	asked := strings.Fields(m.Scope)
	granted := []string{idp.ScopeOpenID}
	for _, scope := range p.Scopes {
		if slices.Contains(idp.AdminScopes(), scope) {
			continue // whatever the settings or a token say: an administrator gives these by hand
		}
		wanted := len(asked) == 0 || slices.Contains(asked, scope)
		fits := !slices.Contains(idp.OwnScopes(), scope) || slices.Contains(m.Grants, idp.GrantClientCredentials)
		if wanted && fits && !slices.Contains(granted, scope) {
			granted = append(granted, scope)
		}
	}
	if len(asked) > 0 && len(granted) == 1 && !slices.Contains(asked, idp.ScopeOpenID) {
		return nil, refused(InvalidMetadata, "scope holds nothing that clients that register themselves may ask for")
	}
	return granted, nil
}
