package main

import (
	"errors"

	"github.com/ringtail-id/ringtail/conf"
	"github.com/ringtail-id/ringtail/conf/hocon"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/keyring"
	"github.com/ringtail-id/ringtail/idp/oauth/clientauth"
	"github.com/ringtail-id/ringtail/idp/oauth/keyset"
	"github.com/ringtail-id/ringtail/idp/server"
)

// apps are the relying parties of the settings file. Their secrets are kept as
// keyed hashes here too.
func apps(s *conf.Settings, ring *keyring.Keyring) []idp.Client {
	list := make([]idp.Client, 0, len(s.Apps))
	for _, a := range s.Apps {
		hash := ""
		if !a.Secret.Empty() {
			hash = clientauth.HashSecret(ring, a.ID, a.Secret.Reveal())
		}
		list = append(list, appClient(a, hash))
	}
	return list
}

// appClient is an application of the settings as a client.
func appClient(a conf.App, secretHash string) idp.Client {
	c := idp.Client{
		ID: a.ID, Name: a.Name, SecretHash: secretHash, AuthMethod: a.AuthMethod, RedirectURIs: a.RedirectURIs, PostLogoutURIs: a.PostLogoutURIs,
		Grants: a.Grants, Scopes: a.Scopes, SigningAlg: a.SigningAlg, WaivePKCE: a.WaivePKCE, AskConsent: a.AskConsent,
		RequiredFactor: a.RequiredFactor, SecondFactors: a.SecondFactors,
		AccessTokenLife: a.AccessTokenLife, IDTokenLife: a.IDTokenLife, RefreshTokenLife: a.RefreshTokenLife,
		ClientMetadata: idp.ClientMetadata{
			ApplicationType: a.ApplicationType, ResponseTypes: a.ResponseTypes,
			JWKS: a.JWKS, JWKSURI: a.JWKSURI, AuthAlg: a.AuthAlg, RequestObjectAlg: a.RequestObjectAlg,
			RequirePAR: a.RequirePAR, JWTAccessTokens: a.JWTAccessTokens, Resources: a.Resources, Serves: a.Serves, ExchangeFrom: a.ExchangeFrom,
			BackchannelLogoutURI: a.BackchannelLogoutURI, BackchannelSession: a.BackchannelSession,
			FrontchannelLogoutURI: a.FrontchannelLogoutURI, FrontchannelSession: a.FrontchannelSession,
			RequireAuthTime: a.RequireAuthTime, DefaultACRs: a.DefaultACRs, IDTokenClaims: a.IDTokenClaims,
			ClientURI: a.ClientURI, LogoURI: a.LogoURI, PolicyURI: a.PolicyURI, TOSURI: a.TOSURI, InitiateLoginURI: a.InitiateLoginURI,
			Contacts: a.Contacts, Tags: a.Tags, SoftwareID: a.SoftwareID, SoftwareVersion: a.SoftwareVersion,
		},
	}
	if a.DefaultMaxAge != nil {
		seconds := int64(*a.DefaultMaxAge)
		c.DefaultMaxAge = &seconds
	}
	return c
}

// appFaults holds the applications of the settings to the same rules as all other
// clients, and the keys of who vouches for software to be keys; each fault is told
// at its place in the file.
func appFaults(s *conf.Settings) error {
	rules := server.ClientRules(s.Keys.Algorithms, s.Login.Second)
	var all []error
	for _, a := range s.Apps {
		hash := ""
		if !a.Secret.Empty() {
			hash = "set"
		}
		c := appClient(a, hash)
		var faults idp.Faults
		if !errors.As(c.Validate(rules), &faults) {
			continue
		}
		for _, fault := range faults {
			all = append(all, faultAt(s, appPath(s, a.ID, fault.Field), "%s", fault.Text))
		}
	}
	for _, i := range s.Registration.Statements.Issuers {
		if i.JWKS == "" {
			continue
		}
		if err := keyset.Check(i.JWKS, ""); err != nil {
			all = append(all, faultAt(s, hocon.JoinPath("registration", "statements", "issuers", i.Name, "jwks"), "can't be used: %v", err))
		}
	}
	return errors.Join(all...)
}

// appPath is the setting that a fault is about, or the application where its file
// has no such setting.
func appPath(s *conf.Settings, id, field string) string {
	for _, f := range clientFields() {
		if f.field != field {
			continue
		}
		path := hocon.JoinPath("apps", id, f.key)
		if _, set := s.Origin(path); set {
			return path
		}
	}
	return hocon.JoinPath("apps", id)
}
