package drivers

import (
	"net/http"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/loops/standin"
	"github.com/ringtail-id/ringtail/loops/standin/providers"
	"github.com/ringtail-id/ringtail/loops/trial"
)

// virtualPhone is the stand-in that the drivers of the demo speak to.
const virtualPhone = "virtual-phone"

// playable is a stand-in that can play faults.
type playable interface {
	http.Handler
	Faults() []standin.Fault
	Play(fault standin.Fault, times int) error
}

// Providers gives the stand-ins that there are, with the faults of each.
func Providers() (map[string][]standin.Fault, error) {
	out := map[string][]standin.Fault{}
	for _, name := range append(providers.Names(), virtualPhone) {
		stand, err := newStandIn(name, providers.Options{})
		if err != nil {
			return nil, err
		}
		out[name] = stand.Faults()
	}
	return out, nil
}

func newStandIn(name string, o providers.Options) (playable, error) {
	if name == virtualPhone {
		return standin.NewPhone(standin.PhoneOptions{Token: standInSecrets(name)["TOKEN"], CodeLength: o.CodeLength, Now: o.Now})
	}
	return providers.New(name, o)
}

// standInSecrets are the credentials that a stand-in wants.
func standInSecrets(name string) map[string]string {
	if name == virtualPhone { // at an address that only a demo's settings allow
		return map[string]string{"URL": "http://localhost:8402", "TOKEN": "made-up-TOKEN", "CALLBACK_URL": "http://localhost:8400/callback"}
	}
	return providers.Secrets(name)
}

// play starts the stand-in that an order names.
func (s *Service) play(o TrialOrder) (*trial.Played, error) {
	wrong := func(field string, err error) error {
		return &idp.Problem{ID: ProblemInput, Field: field, Args: map[string]any{"detail": err.Error()}}
	}
	stand, err := newStandIn(o.Provider, providers.Options{Now: s.o.Now, CodeLength: s.o.Facts().CodeLength})
	if err != nil {
		return nil, wrong("provider", err)
	}
	if o.Fault != "" {
		if err := stand.Play(o.Fault, 1); err != nil {
			return nil, wrong("fault", err)
		}
	}
	return trial.Play(stand, s.o.Requests, s.o.Limits), nil
}
