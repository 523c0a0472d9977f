package main

import (
	"errors"

	"github.com/ringtail-id/ringtail/conf"
	"github.com/ringtail-id/ringtail/conf/hocon"
	"github.com/ringtail-id/ringtail/idp/claims"
)

// scopes are those of the settings file.
func scopes(s *conf.Settings) []claims.Scope {
	list := make([]claims.Scope, 0, len(s.Scopes))
	for _, one := range s.Scopes {
		list = append(list, claims.Scope{
			Name: one.Name, Title: one.Title, Description: one.Description, Claims: one.Claims,
			ClientLevel: one.ClientLevel, Disabled: !one.Enabled,
		})
	}
	return list
}

// checkScopes tells of every scope, claim and template that can't be, each at
// its place.
func checkScopes(s *conf.Settings) error {
	_, err := claims.New(claims.Options{Scopes: scopes(s)})
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return err
	}
	var faults []error
	for _, one := range joined.Unwrap() {
		var fault *claims.Fault
		if !errors.As(one, &fault) {
			faults = append(faults, one)
			continue
		}
		faults = append(faults, faultAt(s, faultyScope(s, fault), "%s", fault.Problem))
	}
	return errors.Join(faults...)
}

// faultyScope is the setting that is at fault: the claim's template, or the scope.
func faultyScope(s *conf.Settings, fault *claims.Fault) string {
	scope := hocon.JoinPath("scopes", fault.Scope)
	claim := hocon.JoinPath("scopes", fault.Scope, "claims", fault.Claim)
	if _, written := s.Origin(claim); fault.Claim != "" && written {
		return claim
	}
	return scope // attrs gives claims without a place of their own
}
