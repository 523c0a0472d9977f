package flashcall

import (
	"errors"
	"slices"

	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/loops"
)

// Stops are what an administrator switched off for everybody. Nothing is ordered
// where one of them fits; what was ordered goes on: codes are taken, providers are
// asked and heard.
type Stops struct {
	Countries []string // ISO 3166, of the number
	Drivers   []string
	Channels  []loops.Channel
}

// Any says whether anything is switched off.
func (s Stops) Any() bool { return len(s.Countries)+len(s.Drivers)+len(s.Channels) > 0 }

// Cover says whether an order by the driver and the channel to a number of the
// country must not be placed.
func (s Stops) Cover(driver string, channel loops.Channel, country string) bool {
	return slices.Contains(s.Drivers, driver) || slices.Contains(s.Channels, channel) || slices.Contains(s.Countries, country)
}

// cover is Cover, which asks for the number's country only where one is stopped.
func (s Stops) cover(r Route, n *number) bool {
	country := ""
	if len(s.Countries) > 0 {
		country = n.country()
	}
	return s.Cover(r.Driver.Name, r.Channel, country)
}

// KindSwitchedOff is the kind of a code that wasn't sent because its route was
// switched off after it was asked for.
const KindSwitchedOff = "switched_off"

// stopped is what Send says of a route that was switched off since the code was
// asked for; nil elsewhere.
func (s *Sender) stopped(r Route, d otp.Delivery) error {
	if !s.o.Stops().cover(r, numberOf(d.Phone)) {
		return nil
	}
	return &otp.SendError{Kind: KindSwitchedOff, MovesOn: true, Cause: errors.New("an administrator switched it off")}
}
