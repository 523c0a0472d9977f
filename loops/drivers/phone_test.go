package drivers_test

import (
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/drivers/drivertest"
	"github.com/ringtail-id/ringtail/loops/standin"
	"github.com/ringtail-id/ringtail/loops/standin/providers"
)

// onPhone is the virtual phone as the suite speaks to it: all that was ordered, the faults that one driver can meet, and what the
// phone does later when the suite's clock says so.
type onPhone struct {
	*standin.Phone
	faults []standin.Fault
	now    func() time.Time

	mu    sync.Mutex
	later []job
}

// job is what is to be done from a time on.
type job struct {
	at time.Time
	do func()
}

func newOnPhone(token string, o providers.Options, faults []standin.Fault) (*onPhone, error) {
	p := &onPhone{faults: slices.Concat(standin.Common(), standin.Garbage(), faults), now: o.Now}
	var err error
	p.Phone, err = standin.NewPhone(standin.PhoneOptions{Token: token, Now: o.Now, Rand: o.Rand, Cost: "0.40", After: p.after})
	return p, err
}

func (p *onPhone) after(d time.Duration, do func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.later = append(p.later, job{p.now().Add(d), do})
}

// ServeHTTP does what is due, and answers.
func (p *onPhone) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	var due []job
	p.later = slices.DeleteFunc(p.later, func(j job) bool {
		if j.at.After(p.now()) {
			return false
		}
		due = append(due, j)
		return true
	})
	p.mu.Unlock()
	for _, j := range due {
		j.do()
	}
	p.Phone.ServeHTTP(w, r)
}

// Calls gives calls and messages alike.
func (p *onPhone) Calls(to string) []standin.Call { return p.Orders(to) }

// Faults gives the faults that the driver can meet.
func (p *onPhone) Faults() []standin.Fault { return p.faults }

// Callback has the call fail where it is about that.
func (p *onPhone) Callback(id, state string) (standin.Callback, error) {
	if state == standin.StateFailed {
		if err := p.SetState(id, state, string(standin.FaultBlocked)); err != nil {
			return standin.Callback{}, err
		}
	}
	return p.Phone.Callback(id, state)
}

// phoneDriver is a driver that speaks to the virtual phone, which can play these faults with it beside the common ones.
func phoneDriver(name string, s drivertest.Subject, faults ...standin.Fault) drivertest.Subject {
	s.Driver, s.Address, s.Once, s.Free = name, "URL", true, []string{"CALLBACK_URL"}
	s.Secrets = map[string]string{"TOKEN": "phone-token-71c4", "CALLBACK_URL": "http://127.0.0.1:8400/blitz/hooks/virtual-phone-callback"}
	s.Play = func(o providers.Options) (drivertest.Provider, error) {
		token := s.Secrets["TOKEN"]
		if own := o.Secrets["TOKEN"]; own != "" {
			token = own
		}
		return newOnPhone(token, o, faults)
	}
	return s
}

func phoneDrivers() []drivertest.Subject {
	spoiled := []standin.Fault{standin.FaultNoCaller, standin.FaultShort}
	fates := words{standin.FaultUnreachable: loops.Unreachable, standin.FaultBlocked: loops.NumberBlocked}
	return []drivertest.Subject{
		phoneDriver("virtual-phone", drivertest.Subject{Short: spoiled}, spoiled...),
		phoneDriver("virtual-phone-sms", drivertest.Subject{}),
		phoneDriver("virtual-phone-voice", drivertest.Subject{}),
		phoneDriver("virtual-phone-check", drivertest.Subject{
			Works: spoiled,
			Check: &drivertest.Check{Whole: true, Expires: 5 * time.Minute, Locks: 5},
		}, spoiled...),
		phoneDriver("virtual-phone-code", drivertest.Subject{
			Works:  append(spoiled, standin.FaultStays),
			Poll:   &drivertest.Poll{Delivered: 22 * time.Second, Fails: fates},
			Report: map[bool]string{true: "verified", false: "not verified"},
		}, append(spoiled, standin.FaultStays, standin.FaultUnreachable, standin.FaultBlocked)...),
		phoneDriver("virtual-phone-callback", drivertest.Subject{
			Short: spoiled, Works: []standin.Fault{standin.FaultStays, standin.FaultUnreachable, standin.FaultBlocked},
			Callback: &drivertest.Callback{
				Events: map[string]string{"ringing": "ringing", "ended": "delivered", "failed": "failed"},
				Words:  map[string]loops.Key{"failed": loops.NumberBlocked},
				Signed: true, Moves: true, Stale: 5*time.Minute + time.Second,
			},
			Report: map[bool]string{true: "verified", false: "not verified"},
		}, append(spoiled, standin.FaultStays, standin.FaultUnreachable, standin.FaultBlocked)...),
	}
}
