package drivers

import (
	"os"

	"github.com/ringtail-id/ringtail/conf"
	"github.com/ringtail-id/ringtail/factors/flashcall"
	"github.com/ringtail-id/ringtail/loops"
)

// FactsOf reads the facts that settings hold. known gives the drivers that ship and those of the folder, with the faults of
// the latter; second says whether two people must publish.
func FactsOf(s *conf.Settings, known func() (shipped, folder []*loops.Driver, faults error), second bool) Facts {
	calls := s.Login.Methods.FlashCall
	f := Facts{
		CodeLength: calls.CodeLength, Numbers: flashcall.Numbers{Countries: calls.Numbers.Countries, VoIP: calls.Numbers.VoIP},
		Stops: StopsOf(calls.Stopped), Given: func(driver string) map[string]string { return SecretsOf(s, driver) }, SecondAdministrator: second,
	}
	f.Shipped, f.Folder, f.Faults = known()
	if s.Loops.Folder != "" {
		f.Files = os.DirFS(s.Loops.Folder)
	}
	for _, route := range calls.Channels {
		f.Routes = append(f.Routes, route.Driver)
	}
	return f
}

// StopsOf are what the settings switch off, as the method of calls reads it.
func StopsOf(s conf.Stopped) flashcall.Stops {
	out := flashcall.Stops{Countries: s.Countries, Drivers: s.Drivers}
	for _, c := range s.Channels {
		out.Channels = append(out.Channels, loops.Channel(c))
	}
	return out
}

// SecretsOf are the secrets that the settings give the driver, by name; the store may have others.
func SecretsOf(s *conf.Settings, driver string) map[string]string {
	out := map[string]string{}
	for name, secret := range s.Loops.Secrets[driver] {
		out[name] = secret.Reveal()
	}
	return out
}
