package drivers_test

import (
	"maps"
	"time"

	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/drivers/drivertest"
)

// smsRuSMS has the errors of SMS.ru's calls and some more.
func smsRuSMS() drivertest.Subject {
	fails := maps.Clone(smsRu().Fails)
	maps.Copy(fails, words{
		"no_id": loops.BadAnswer, "error_203": loops.BadAnswer, "error_204": loops.AuthFailed, "error_205": loops.BadAnswer, "error_206": loops.RateLimited,
		"error_300": loops.AuthFailed, "error_301": loops.AuthFailed, "error_302": loops.AuthFailed,
	})
	return drivertest.Subject{Driver: "sms-ru-sms", Fails: fails}
}

func smscSMS() drivertest.Subject {
	return drivertest.Subject{Driver: "smsc-sms", Fails: smsc().Fails}
}

func twilioSMS() drivertest.Subject {
	return drivertest.Subject{
		Driver: "twilio-sms", Sent: "%2B" + drivertest.Number,
		Fails: words{
			"error_14107": loops.RateLimited, "error_20404": loops.AuthFailed, "error_20429": loops.RateLimited, "error_21211": loops.InvalidNumber,
			"error_21408": loops.DestinationForbidden, "error_21603": loops.AuthFailed, "error_21606": loops.AuthFailed, "error_21608": loops.DestinationForbidden,
			"error_21610": loops.NumberBlocked, "error_21611": loops.Unavailable, "error_21612": loops.DestinationForbidden,
			"error_21614": loops.InvalidNumber, "error_21635": loops.InvalidNumber,
		},
		Poll: &drivertest.Poll{
			Delivered: 20 * time.Second,
			Fails: words{
				"fails_30001": loops.Unavailable, "fails_30002": loops.AuthFailed, "fails_30003": loops.Unreachable, "fails_30004": loops.NumberBlocked,
				"fails_30005": loops.InvalidNumber, "fails_30006": loops.Unreachable, "fails_30007": loops.DestinationForbidden,
				"fails_30008": loops.Unavailable, "fails_30450": loops.FraudSuspected,
			},
		},
	}
}
