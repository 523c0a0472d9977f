package drivers_test

import (
	"os"
	"slices"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/drivers"
	"github.com/ringtail-id/ringtail/loops/drivers/drivertest"
	"github.com/ringtail-id/ringtail/loops/standin"
)

func TestMain(m *testing.M) { os.Exit(drivertest.Main(m)) }

// words are the faults of a stand-in and what must come of them.
type words = map[standin.Fault]loops.Key

// subjects are all drivers that ship.
func subjects() []drivertest.Subject {
	return append(phoneDrivers(),
		example(), newTel(), smsAero(), smsRu(), smsc(), telediscount(), uCaller(), zvonok(),
		asterisk(), bird(), devino(), exolve(), exolveMakeCall(), iDigital(), plusofon(), sinch(), telnyx(),
		smsRuSMS(), smscSMS(), twilioSMS(),
	)
}

func TestDrivers(t *testing.T) {
	for _, s := range subjects() {
		t.Run(s.Driver, func(t *testing.T) { drivertest.Run(t, s) })
	}
}

func TestEveryDriverIsInTheSuite(t *testing.T) {
	list, err := drivers.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	var known []string
	for _, s := range subjects() {
		known = append(known, s.Driver)
	}
	for _, d := range list {
		if !slices.Contains(known, d.Name) {
			t.Errorf("%s is not held to the suite", d.Name)
		}
	}
}

func example() drivertest.Subject {
	return drivertest.Subject{
		Driver: "example", Sent: "9990000001", Short: []standin.Fault{standin.FaultNoCaller, standin.FaultShort}, Works: []standin.Fault{"code_only"},
	}
}

func newTel() drivertest.Subject {
	return drivertest.Subject{
		Driver: "new-tel", Skew: 5 * time.Minute,
		Fails: words{"inner_error": loops.BadAnswer, "outer_error": loops.BadAnswer, "invalid_number": loops.InvalidNumber},
		Poll: &drivertest.Poll{
			Delivered: 20 * time.Second, Rang: []standin.Fault{"busy", "answered", "cancel"}, Fails: words{"not_available": loops.Unreachable},
			Broken: words{"inner_error": loops.BadAnswer, "outer_error": loops.BadAnswer},
		},
	}
}

func telediscount() drivertest.Subject {
	return drivertest.Subject{
		Driver: "telediscount",
		Fails:  words{"refused": loops.InvalidNumber, "no_funds": loops.NoFunds, "out_of_order": loops.Unavailable},
		Login:  &drivertest.Login{Path: "/auth/login", Expired: "token_expired"},
		Poll:   &drivertest.Poll{Delivered: 20 * time.Second, Rang: []standin.Fault{"busy"}, Fails: words{"not_available": loops.Unreachable}},
	}
}

func zvonok() drivertest.Subject {
	return drivertest.Subject{
		Driver: "zvonok", Works: []standin.Fault{"number_code"},
		Fails: words{"no_funds": loops.NoFunds, "wrong_number": loops.InvalidNumber, "limit": loops.RateLimited, "campaign": loops.AuthFailed},
	}
}

func uCaller() drivertest.Subject {
	return drivertest.Subject{
		Driver: "ucaller", Once: true,
		Fails: words{
			"error_0": loops.AuthFailed, "error_1": loops.BadAnswer, "error_2": loops.AuthFailed, "error_3": loops.InvalidNumber,
			"error_4": loops.Unavailable, "error_5": loops.Unavailable, "error_8": loops.BadAnswer, "error_9": loops.DestinationForbidden,
			"error_10": loops.BadAnswer, "error_18": loops.RateLimited, "error_19": loops.RateLimited, "error_429": loops.RateLimited,
			"error_1000": loops.Unavailable, "error_1001": loops.AuthFailed, "error_1002": loops.NoFunds, "error_1003": loops.AuthFailed,
			"error_1004": loops.Unavailable,
		},
		Poll: &drivertest.Poll{Delivered: time.Minute, Fails: words{"not_reached": loops.Unreachable}},
	}
}

func smsc() drivertest.Subject {
	return drivertest.Subject{
		Driver: "smsc", Length: 6,
		Fails: words{
			"error_1": loops.BadAnswer, "error_2": loops.AuthFailed, "error_3": loops.NoFunds, "error_4": loops.Unavailable,
			"error_5": loops.BadAnswer, "error_6": loops.DestinationForbidden, "error_7": loops.InvalidNumber, "error_8": loops.Unreachable,
			"error_9": loops.RateLimited, "text_error": loops.AuthFailed,
		},
	}
}

func smsRu() drivertest.Subject {
	return drivertest.Subject{
		Driver: "sms-ru", Short: []standin.Fault{"no_code"},
		Fails: words{
			"text_error": loops.BadAnswer, "text_200": loops.AuthFailed, "unnumbered": loops.BadAnswer,
			"error_200": loops.AuthFailed, "error_201": loops.NoFunds, "error_202": loops.InvalidNumber, "error_207": loops.DestinationForbidden,
			"error_209": loops.NumberBlocked, "error_214": loops.DestinationForbidden, "error_215": loops.NumberBlocked,
			"error_220": loops.Unavailable, "error_230": loops.RateLimited, "error_231": loops.RateLimited, "error_232": loops.RateLimited,
			"error_233": loops.RateLimited, "error_500": loops.Unavailable, "error_501": loops.FraudSuspected, "error_502": loops.FraudSuspected,
			"error_503": loops.FraudSuspected, "error_504": loops.FraudSuspected,
		},
	}
}

func smsAero() drivertest.Subject {
	return drivertest.Subject{
		Driver: "sms-aero", Works: []standin.Fault{"null_code"},
		Fails: words{"no_funds": loops.NoFunds, "wrong_number": loops.InvalidNumber, "refused": loops.BadAnswer},
	}
}
