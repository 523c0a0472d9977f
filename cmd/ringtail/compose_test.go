package main

import (
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/conf"
	"github.com/ringtail-id/ringtail/factors/otp"
)

func TestLoopRunLimitReachesTheCall(t *testing.T) {
	s := &conf.Settings{}
	s.Loops.Limits.Run = 7 * time.Minute
	if got := flashCallOptions(s, nil, nil).RunLimit; got != 7*time.Minute {
		t.Errorf("loops.limits.run of 7 minutes became %v", got)
	}
}

func TestEverySettingOfCodesReachesTheEngine(t *testing.T) {
	got := codeSettings(conf.FlashCall{
		CodeLength: 1, Validity: 2, AttemptsPerLogin: 3, TotalAttempts: 4, BlockFor: 5, ResendAfter: 6,
		Limits: conf.CallLimits{NumberHour: 7, NumberDay: 8, AddressHour: 9, NetworkHour: 10, PrefixHour: 11, CountryHour: 12, SpendDay: 13, Currency: "KZT"},
	})
	want := otp.Settings{
		CodeLength: 1, Validity: 2, AttemptsPerLogin: 3, TotalAttempts: 4, Block: 5, ResendAfter: 6,
		Limits: otp.Limits{NumberHour: 7, NumberDay: 8, AddressHour: 9, NetworkHour: 10, PrefixHour: 11, CountryHour: 12, SpendDay: 13, Currency: "KZT"},
	}
	if got != want {
		t.Errorf("the engine gets %+v, want %+v", got, want)
	}
}
