package drivers_test

import (
	"maps"

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
