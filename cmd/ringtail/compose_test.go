package main

import (
	"log/slog"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/conf"
	"github.com/ringtail-id/ringtail/factors/otp"
	adminsettings "github.com/ringtail-id/ringtail/idp/admin/settings"
	"github.com/ringtail-id/ringtail/idp/server"
)

func TestLoopRunLimitReachesTheCall(t *testing.T) {
	in := &installation{settings: &conf.Settings{}, metrics: server.NewMetrics(""), log: slog.New(slog.DiscardHandler)}
	in.settings.Loops.Limits = conf.LoopLimits{Run: 7 * time.Minute, Step: time.Second, Memory: 128 << 20, Code: 1 << 16, Message: 1 << 14}
	in.settings.Loops.Workers = 1
	workers, err := newPools(in.log)
	if err != nil {
		t.Fatal(err)
	}
	host := in.newLoopHost(workers)
	defer host.Close()
	if got := flashCallOptions(in.settings, nil, host).RunLimit; got != 7*time.Minute {
		t.Errorf("loops.limits.run of 7 minutes became %v", got)
	}
}

func TestEverySettingOfCodesReachesTheEngine(t *testing.T) {
	got := adminsettings.CodeSettings(conf.FlashCall{
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

// Programs that use the engine without our settings begin where the settings do.
func TestTheEnginesDefaultsAreThoseOfTheSettings(t *testing.T) {
	s, _, err := conf.Load(conf.Options{Set: []string{"login.methods.flashCall.driver=example"}})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := otp.DefaultSettings(), adminsettings.CodeSettings(s.Login.Methods.FlashCall); got != want {
		t.Errorf("the defaults are %+v, in the settings %+v", got, want)
	}
}
