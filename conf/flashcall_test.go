package conf_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/conf"
)

func TestChain(t *testing.T) {
	text := `blitz.prod.local.idp.login {
  factors = [ [ {method = password, enabled = true}, {method = flashCall, enabled = true} ], [ {method = flashCall, enabled = true} ] ]
  level = 1
  methods.flashCall {
    loginRule = "msisdn = ${login}", ask = firstTime
    channels = [
      { channel = flashCall, driver = new-tel, price = 0.4, countries = [RU, KZ], prefixes = ["+7999", "+77"], operators = [MTS], hours = "22:00-06:30" }
      { channel = flashCall, driver = ucaller, hours = "00:00-24:00" }
      { channel = sms, driver = sms-ru-sms, wait = 45, price = 3 }
      { channel = voice,
        driver = sms-ru-voice, hours = "08:00-24:00", price = 1000000 }
    ]
    breaker { failures = 3, pause = 10 }
    numbers { countries = [RU, KZ, BY], voip = false }
    limits {
      perNumber { hour = 0, day = 0 }, perAddress.hour = 151, perNetwork.hour = 0
      spend { day = 1234567.000001, currency = KZT }
    }
  }
}`
	s := load(t, conf.Options{File: "blitz.conf", ReadFile: reader(map[string]string{"blitz.conf": text})})
	got := s.Login.Methods.FlashCall
	want := []conf.Route{
		{Channel: "flashCall", Driver: "new-tel", Price: 400_000, Countries: []string{"RU", "KZ"}, Prefixes: []string{"+7999", "+77"},
			Operators: []string{"MTS"}, From: 22 * 60, To: 6*60 + 30},
		{Channel: "flashCall", Driver: "ucaller"},
		{Channel: "sms", Driver: "sms-ru-sms", Wait: 45 * time.Second, Price: 3_000_000},
		{Channel: "voice", Driver: "sms-ru-voice", Price: 1_000_000_000_000, From: 8 * 60},
	}
	if !reflect.DeepEqual(got.Channels, want) {
		t.Errorf("the chain is %+v, want %+v", got.Channels, want)
	}
	if got.LoginRule != "msisdn" || got.Ask != "firstTime" {
		t.Errorf("rule %q, ask %q", got.LoginRule, got.Ask)
	}
	if got.Breaker != (conf.Breaker{Failures: 3, Pause: 10 * time.Second}) {
		t.Errorf("the breaker is %+v", got.Breaker)
	}
	if !reflect.DeepEqual(got.Numbers, conf.Numbers{Countries: []string{"RU", "KZ", "BY"}}) {
		t.Errorf("numbers are %+v", got.Numbers)
	}
	limits := conf.CallLimits{AddressHour: 151, PrefixHour: 100, CountryHour: 3000, SpendDay: 1_234_567_000_001, Currency: "KZT"}
	if got.Limits != limits {
		t.Errorf("limits are %+v, want %+v", got.Limits, limits)
	}
	for i, line := range []int{7, 8, 9, 11} {
		if at, path := s.RoutePlace(i); at.Line != line || !strings.HasSuffix(path, "flashCall.channels") {
			t.Errorf("route %d stands at %v, %s; want line %d", i, at, path, line)
		}
	}
}

// The short form is a chain of one route, and is found where it was written.
func TestShortChain(t *testing.T) {
	s := load(t, conf.Options{Set: []string{withDriver}})
	if at, path := s.RoutePlace(0); at.File != "--set" || !strings.HasSuffix(path, "idp.login.methods.flashCall.driver") {
		t.Errorf("the route stands at %v, %s", at, path)
	}
}

// A rule has "=" and "${..}" in it, which are signs of the language too.
func TestLoginRuleBySet(t *testing.T) {
	for _, set := range []string{
		"login.methods.flashCall.loginRule=msisdn=${login}",
		`login.methods.flashCall.loginRule="msisdn=${login}"`,
	} {
		s := load(t, conf.Options{Set: []string{withDriver, set}})
		if got := s.Login.Methods.FlashCall.LoginRule; got != "msisdn" {
			t.Errorf("%s gives %q", set, got)
		}
	}
}
