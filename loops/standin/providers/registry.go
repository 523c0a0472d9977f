package providers

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/ringtail-id/ringtail/loops/standin"
)

// definition is a provider: what it is called, what it must be given and what it answers.
type definition struct {
	secrets map[string]string  // by the names of the driver's manifest, and what else the stand-in must know; ready-made values
	code    string             // a code that a driver may be given, where it is the caller of the API that chooses; else empty
	writes  bool               // it sends SMS, so that a driver is given a text
	random  int                // how many digits a code of the provider's own has; zero: 4
	id      func(n int) string // names the n-th call; nil: its number
	routes  []route
	// callback makes the request that tells the caller about an event of a call; nil where the provider calls nobody back.
	callback func(p *provider, c standin.Call, event string) (standin.Callback, error)
}

// route is one method of a provider's API.
type route struct {
	pattern string          // of http.ServeMux
	plays   []standin.Fault // the provider's own faults that answer can play
	answer  func(a *ask)
}

// definitions are all providers, by the names of their drivers.
func definitions() map[string]definition {
	return map[string]definition{
		"asterisk":         asterisk(),
		"bird":             bird(),
		"devino":           devino(),
		"example":          example(),
		"exolve":           exolve(),
		"exolve-make-call": exolveMakeCall(),
		"i-digital":        idigital(),
		"new-tel":          newTel(),
		"plusofon":         plusofon(),
		"sinch":            sinch(),
		"sms-aero":         smsAero(),
		"sms-ru":           smsRu(),
		"sms-ru-sms":       smsRuSMS(),
		"smsc":             smsc(),
		"smsc-sms":         smscSMS(),
		"telediscount":     telediscount(),
		"telnyx":           telnyx(),
		"twilio-sms":       twilio(),
		"ucaller":          uCaller(),
		"zvonok":           zvonok(),
	}
}

// Names gives the providers that can be played, sorted. They are the names of their drivers.
func Names() []string { return slices.Sorted(maps.Keys(definitions())) }

// Secrets gives ready-made credentials for a provider's stand-in, under the names that the driver's manifest has for them;
// nil where there is no such provider.
func Secrets(name string) map[string]string { return definitions()[name].secrets }

// New makes the stand-in of a provider. It fails where there is none of that name, or where o names a secret that it
// doesn't have.
func New(name string, o Options) (*Standin, error) {
	d, ok := definitions()[name]
	if !ok {
		return nil, fmt.Errorf("there is no stand-in of %q", name)
	}
	for secret, value := range o.Secrets {
		if _, ok := d.secrets[secret]; !ok {
			return nil, fmt.Errorf("the stand-in of %s has no secret %s; it has %s", name, secret, strings.Join(slices.Sorted(maps.Keys(d.secrets)), ", "))
		}
		if value == "" {
			return nil, fmt.Errorf("the secret %s is empty", secret)
		}
		d.secrets[secret] = value
	}
	return newStandin(name, d, o), nil
}
