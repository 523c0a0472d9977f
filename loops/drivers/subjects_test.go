package drivers_test

import (
	"time"

	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/drivers/drivertest"
	"github.com/ringtail-id/ringtail/loops/standin"
)

func plusofon() drivertest.Subject {
	return drivertest.Subject{
		Driver: "plusofon", Works: []standin.Fault{"pin_number", "key_number", "no_key"},
		Fails: words{"refused": loops.BadAnswer, "other_pin": loops.BadAnswer},
	}
}

func iDigital() drivertest.Subject {
	return drivertest.Subject{
		Driver: "i-digital", Free: []string{"CALLBACK_URL", "CALLBACK_KEY"},
		Fails: words{"item_refused": loops.BadAnswer},
		Works: []standin.Fault{"callback_first", "callback_twice"}, Slow: []standin.Fault{"slow"},
		Callback: &drivertest.Callback{
			Events: map[string]string{"sent": "pending", "delivered": "delivered", "undelivered": "failed", "unsent": "failed"},
			Words:  map[string]loops.Key{"undelivered": loops.Unreachable, "unsent": loops.Unreachable},
			Keyed:  true,
		},
		Report: map[bool]string{true: "NUMBER_VERIFIED", false: "WRONG_CODE"},
	}
}

func sinch() drivertest.Subject {
	return drivertest.Subject{
		Driver: "sinch", Skew: 5 * time.Minute, Works: []standin.Fault{"open_filter", "no_filter"},
		Check: &drivertest.Check{
			Whole: true, Expires: 2 * time.Minute,
			Refuses: map[standin.Fault]string{"fail": "wrong", "expired": "expired", "aborted": "expired"},
			Fails:   words{"fraud": loops.FraudSuspected, "no_credit": loops.NoFunds, "blocked": loops.NumberBlocked, "unreachable": loops.Unreachable},
		},
		Poll: &drivertest.Poll{
			Verified: true,
			Broken:   words{"fraud": loops.FraudSuspected, "no_credit": loops.NoFunds, "blocked": loops.NumberBlocked, "unreachable": loops.Unreachable},
		},
		Callback: &drivertest.Callback{
			Events: map[string]string{"request": "pending", "result": "pending", "fraud": "failed", "unreachable": "failed"},
			Words:  map[string]loops.Key{"fraud": loops.FraudSuspected, "unreachable": loops.Unreachable},
			Signed: true, Stale: 5*time.Minute + time.Second, Forged: []string{"bad_signature", "replayed"},
		},
	}
}

func telnyx() drivertest.Subject {
	return drivertest.Subject{
		Driver: "telnyx", Fails: words{"invalid_number": loops.InvalidNumber, "broken": loops.Unavailable},
		Check: &drivertest.Check{Refuses: map[standin.Fault]string{"rejected": "wrong", "expired": "expired"}},
		Poll:  &drivertest.Poll{Verified: true, Broken: words{"broken": loops.Unavailable, "expired": loops.Unavailable}},
	}
}

func bird() drivertest.Subject {
	return drivertest.Subject{
		Driver: "bird", Free: []string{"CALLERS"}, Works: []standin.Fault{"never_leaves_ringing", "no_get", standin.FaultShape},
		Fails: words{"refused": loops.InvalidNumber},
		Poll: &drivertest.Poll{
			Delivered: 20 * time.Second, Rang: []standin.Fault{"busy", "answered"}, Gone: "pending",
			Fails: words{"failed": loops.Unreachable},
		},
		Report: map[bool]string{true: "ended by the caller, who saw this number", false: "ended by the caller"},
	}
}

func asterisk() drivertest.Subject {
	return drivertest.Subject{
		Driver: "asterisk", Address: "URL", Once: true, Free: []string{"URL", "APP", "ENDPOINT", "CALLERS"},
		Works:  []standin.Fault{"never_rings", standin.FaultShape},
		Poll:   &drivertest.Poll{Delivered: 20 * time.Second, Rang: []standin.Fault{"busy", "answered"}, Gone: "delivered"},
		Report: map[bool]string{true: "hung up", false: "hung up"},
	}
}

func exolve() drivertest.Subject {
	return drivertest.Subject{
		Driver: "exolve", Works: []standin.Fault{"never_completed", standin.FaultTypes}, Fails: words{"no_call_id": loops.BadAnswer},
		Poll: &drivertest.Poll{Delivered: 10 * time.Second},
	}
}

// Nobody knows what MakeCall answers, so that anything passes which is JSON without an error in it.
func exolveMakeCall() drivertest.Subject {
	return drivertest.Subject{
		Driver: "exolve-make-call", Works: []standin.Fault{"no_call_id", standin.FaultTypes, standin.FaultNulls, standin.FaultBare},
		Fails: words{"refused": loops.BadAnswer},
	}
}

func devino() drivertest.Subject {
	return drivertest.Subject{
		Driver: "devino", Fails: words{"refused": loops.BadAnswer},
		Check: &drivertest.Check{Refuses: map[standin.Fault]string{"refused": "wrong"}},
	}
}
