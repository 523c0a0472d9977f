package conf

import (
	"time"

	"github.com/ringtail-id/ringtail/conf/hocon"
)

// Stopped is what an administrator switched off for all people: nothing is ordered
// where one of the lists holds it.
type Stopped struct {
	Countries []string // ISO 3166, of the number
	Drivers   []string
	Channels  []string // flashCall, sms, voice
}

// Calls say what is kept of calls, and when an administrator is warned.
type Calls struct {
	Zone        *time.Location // of the days for which calls are summed up
	Keep        time.Duration  // of single calls, with their numbers
	KeepFigures time.Duration  // of the sums
	Alarms      CallAlarms
}

// CallAlarms are about the last hour.
type CallAlarms struct {
	LeastCalls         int     // fewer are never judged
	LowestConfirmation int     // percent of the calls to a country or to neighbouring numbers; 0: off
	ConfirmationFall   int     // percent below the same hours of the days before; 0: off
	SpendRise          float64 // times the same hours of the days before; 0: off
}

func stopped(c *cursor) Stopped {
	return Stopped{
		Countries: get(c, "countries", countries()),
		Drivers:   get(c, "drivers", list("names of drivers", driver())),
		Channels:  get(c, "channels", list("channels: flashCall, sms, voice", oneOf(channelFlashCall, "sms", "voice"))),
	}
}

func calls(c *cursor) Calls {
	const day = 24 * time.Hour
	return Calls{
		Zone:        get(c, "zone", zone()),
		Keep:        get(c, "keep", duration(day, 366*day)),
		KeepFigures: get(c, "keepFigures", duration(31*day, 3660*day)),
		Alarms: section(c, "alarms", func(c *cursor) CallAlarms {
			return CallAlarms{
				LeastCalls:         get(c, "leastCalls", whole(1, 1_000_000)),
				LowestConfirmation: get(c, "lowestConfirmation", whole(0, 100)),
				ConfirmationFall:   get(c, "confirmationFall", whole(0, 100)),
				SpendRise:          get(c, "spendRise", factor()),
			}
		}),
	}
}

// zone is a time zone that is the same on every machine.
func zone() kind[*time.Location] {
	return parsed("a time zone of the IANA database (Europe/Moscow), or UTC", func(s string) (*time.Location, string, bool) {
		zone, err := time.LoadLocation(s)
		return zone, "", err == nil && s != "" && s != "Local"
	})
}

// factor is how many times something may be more than usual.
func factor() kind[float64] {
	const millionths = 1e6
	amount := money(1000)
	k := parsed("a factor, 0 to 1000, with at most 6 decimals", func(string) (float64, string, bool) { return 0, "", true })
	k.read = func(v hocon.Value, bad fault) float64 { return float64(amount.read(v, bad)) / millionths }
	return k
}
