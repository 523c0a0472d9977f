package providers_test

import (
	"net/url"
	"testing"

	"github.com/ringtail-id/ringtail/loops/standin/providers"
)

// changed is a form with one value another, or left out where it is empty.
func changed(form url.Values, name, value string) string {
	out := url.Values{}
	for k, v := range form {
		out[k] = v
	}
	if out.Set(name, value); value == "" {
		out.Del(name)
	}
	return out.Encode()
}

// What those who write must be asked, and one request that is almost that.
func TestMessagesThatAreAlmostRight(t *testing.T) {
	const text = "Код: 0417\n\n@shop.example #0417"
	ru := url.Values{"api_id": {"smsru-5F0B-1D6A-9C37"}, "to": {"79990000001"}, "msg": {text}, "ip": {"203.0.113.7"}, "json": {"1"}}
	smsc := url.Values{"login": {"smsc-login"}, "psw": {"smsc-pass-71c4"}, "phones": {"79990000001"}, "mes": {text}, "charset": {"utf-8"}, "cost": {"3"}, "fmt": {"3"}}
	for provider, tries := range map[string]map[string]try{
		"sms-ru-sms": {
			"right":        {"POST", "/sms/send", "", ru.Encode(), 200, `"sms_id":"000000-10000001"`},
			"in the query": {"GET", "/sms/send?" + ru.Encode(), "", "", 200, `"sms_id":"000000-10000001"`},
			"no address":   {"POST", "/sms/send", "", changed(ru, "ip", ""), 200, `"sms_id"`},
			"odd address":  {"POST", "/sms/send", "", changed(ru, "ip", "here"), 200, `"status_code":202`},
			"wrong key":    {"POST", "/sms/send", "", changed(ru, "api_id", "x"), 200, `{"status":"ERROR","status_code":200`},
			"no text":      {"POST", "/sms/send", "", changed(ru, "msg", ""), 200, `"status_code":203`},
			"plus":         {"POST", "/sms/send", "", changed(ru, "to", "+79990000001"), 200, `"status_code":202`},
			"as text":      {"POST", "/sms/send", "", changed(ru, "json", ""), 200, "202"},
			"unknown":      {"POST", "/sms/send", "", changed(ru, "text", "x"), 200, "202"},
		},
		"smsc-sms": {
			"right":             {"POST", "/sys/send.php", "", smsc.Encode(), 200, `"cost":"1.44"`},
			"without cost":      {"POST", "/sys/send.php", "", changed(smsc, "cost", ""), 200, `{"cnt":1,"id":1}`},
			"wrong password":    {"POST", "/sys/send.php", "", changed(smsc, "psw", "x"), 200, `"error_code":2`},
			"another alphabet":  {"POST", "/sys/send.php", "", changed(smsc, "charset", ""), 200, `"error_code":1`},
			"no text":           {"POST", "/sys/send.php", "", changed(smsc, "mes", ""), 200, `"error_code":1`},
			"short number":      {"POST", "/sys/send.php", "", changed(smsc, "phones", "7999"), 200, `"error_code":7`},
			"a call, not a SMS": {"POST", "/sys/send.php", "", changed(smsc, "call", "1"), 200, `"error_code":1`},
		},
	} {
		for name, r := range tries {
			t.Run(provider+" "+name, func(t *testing.T) {
				r.run(t, start(t, provider, providers.Options{}), map[string]string{"Content-Type": "application/x-www-form-urlencoded"})
			})
		}
	}
	for provider, r := range map[string]try{
		"sms-ru-sms": {"POST", "/sms/send", "", ru.Encode(), 200, `"status_code":231`},
		"smsc-sms":   {"POST", "/sys/send.php", "", smsc.Encode(), 200, `"error_code":9`},
	} {
		t.Run(provider+" twice", func(t *testing.T) {
			s := start(t, provider, providers.Options{})
			form := map[string]string{"Content-Type": "application/x-www-form-urlencoded"}
			send(t, s, r.method, r.path, form, r.body)
			r.run(t, s, form)
			if calls := s.Calls("79990000001"); len(calls) != 1 || calls[0].Text != text {
				t.Errorf("written were %v", calls)
			}
		})
	}
}
