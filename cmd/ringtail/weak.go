package main

import (
	"github.com/ringtail-id/ringtail/conf"
	"github.com/ringtail-id/ringtail/factors/flashcall"
	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/factors/password"
	"github.com/ringtail-id/ringtail/factors/recovery"
	"github.com/ringtail-id/ringtail/loops"
)

// foreign are the drivers whose provider chooses the code or checks it.
func foreign(chain []served) []string {
	var names []string
	for _, l := range chain {
		if l.driver.Manifest.CodeOrigin != loops.CodeFromUs {
			names = append(names, l.Driver)
		}
	}
	return names
}

// callWarnings are the points in which calls are weaker than the standards ask for;
// none where the method isn't in use, or a driver isn't there, which is a fault.
func callWarnings(s *conf.Settings, published ...*loops.Driver) []otp.Warning {
	if !usesCalls(s) {
		return nil
	}
	chain, err := findChain(s, published...)
	if err != nil {
		return nil
	}
	return warningsOf(s, chain)
}

// whereToMend is the setting that a warning has to do with.
func whereToMend(w otp.Warning) string {
	switch w.ID {
	case otp.WarningShortCode:
		return "login.methods.flashCall.codeLength"
	case otp.WarningProviderCode:
		return "login.methods.flashCall"
	}
	return "login.factors"
}

func warningsOf(s *conf.Settings, chain []served) []otp.Warning {
	return otp.Warnings(otp.Offer{
		CodeLength: s.Login.Methods.FlashCall.CodeLength, Foreign: foreign(chain), Stronger: offersStronger(s),
	})
}

// offersStronger says whether people can prove themselves otherwise than by a
// password and the telephone network.
func offersStronger(s *conf.Settings) bool {
	for _, m := range append(append([]string(nil), s.Login.First...), s.Login.Second...) {
		if m != password.ID && m != flashcall.ID && m != recovery.ID {
			return true
		}
	}
	return false
}
