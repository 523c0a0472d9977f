package server

import (
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oauth/keyset"
)

// ClientRules are what registrations are held to at a provider that signs with
// these algorithms and has these second factors.
func ClientRules(algorithms, second []string) idp.ClientRules {
	return idp.ClientRules{
		Algorithms: algorithms, ClientAlgorithms: keyset.Algorithms(), SecondFactors: append([]string{}, second...), KeySet: keyset.Check,
	}
}
