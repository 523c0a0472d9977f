package providers_test

import (
	"net/url"
	"strings"
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
	const (
		account = "/2010-04-01/Accounts/AC0123456789abcdef0123456789abcdef/Messages"
		basic   = "Basic QUMwMTIzNDU2Nzg5YWJjZGVmMDEyMzQ1Njc4OWFiY2RlZjp0d2lsaW8tdG9rZW4tNzFjNA=="
	)
	tw := url.Values{"To": {"+79990000001"}, "From": {"+15005550006"}, "Body": {text}}
	for provider, tries := range map[string]map[string]try{
		"twilio-sms": {
			"right":           {"POST", account + ".json", basic, tw.Encode(), 201, `"status":"queued"`},
			"nobody":          {"POST", account + ".json", "", tw.Encode(), 401, `"code":20003`},
			"another account": {"POST", strings.Replace(account, "AC01", "AC02", 1) + ".json", basic, tw.Encode(), 404, `"code":20404`},
			"without plus":    {"POST", account + ".json", basic, changed(tw, "To", "79990000001"), 400, `"code":21211`},
			"no sender":       {"POST", account + ".json", basic, changed(tw, "From", ""), 400, `"code":21603`},
			"not ours":        {"POST", account + ".json", basic, changed(tw, "From", "+15005550001"), 400, `"code":21606`},
			"no service":      {"POST", account + ".json", basic, changed(tw, "MessagingServiceSid", "MG1"), 400, `"code":21606`},
			"no text":         {"POST", account + ".json", basic, changed(tw, "Body", ""), 400, `"code":21602`},
			"a long text":     {"POST", account + ".json", basic, changed(tw, "Body", strings.Repeat("x", 1601)), 400, `"code":21602`},
			"no such message": {"GET", account + "/SM1.json", basic, "", 404, `"code":20404`},
			"hidden message":  {"GET", account + "/SM1.json", "", "", 401, `"code":20003`},
		},
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
