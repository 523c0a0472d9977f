package providers_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/loops/standin/providers"
)

const form = "application/x-www-form-urlencoded"

// The vector's signature was computed apart from this code, for keys of 48 k and 48 w.
func TestNewTelSignature(t *testing.T) {
	const (
		at        = 1700000000
		body      = `{"dstNumber":"79991234567","pin":"1234","timeout":20}`
		signature = "ba6a524505dece7ee74ffc1764bc77a30bc43dfd05e4302ca41c03437c55de1d"
	)
	key := strings.Repeat("k", 48)
	now := time.Unix(at, 0)
	s := start(t, "new-tel", providers.Options{Now: func() time.Time { return now },
		Secrets: map[string]string{"API_KEY": key, "SIGN_KEY": strings.Repeat("w", 48)}})
	for name, tc := range map[string]struct {
		token, body string
		later       time.Duration
		status      int
	}{
		"right":               {key + fmt.Sprint(at) + signature, body, 0, 200},
		"off by one":          {key + fmt.Sprint(at) + signature[:63] + "e", body, 0, 401},
		"another body":        {key + fmt.Sprint(at) + signature, body + " ", 0, 401},
		"another time":        {key + fmt.Sprint(at+1) + signature, body, 0, 401},
		"another key":         {strings.Repeat("x", 48) + fmt.Sprint(at) + signature, body, 0, 401},
		"stale":               {key + fmt.Sprint(at) + signature, body, 6 * time.Minute, 401},
		"from the future":     {key + fmt.Sprint(at) + signature, body, -6 * time.Minute, 401},
		"nothing":             {"", body, 0, 401},
		"letters for a time":  {key + "17000000xx" + signature, body, 0, 401},
		"a signature too few": {key + fmt.Sprint(at), body, 0, 401},
	} {
		t.Run(name, func(t *testing.T) {
			now = time.Unix(at, 0).Add(tc.later)
			w := send(t, s, "POST", "/call-password/start-password-call", map[string]string{"Authorization": "Bearer " + tc.token, "Content-Type": "application/json"}, tc.body)
			if w.Code != tc.status {
				t.Errorf("%d %s, want %d", w.Code, w.Body, tc.status)
			}
		})
	}
}

func TestSMSCAnswersInFourFormats(t *testing.T) {
	now := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	s := start(t, "smsc", providers.Options{Now: func() time.Time { return now }, Rand: strings.NewReader(strings.Repeat("\x01\x02\x03\x04\x05\x06", 100))})
	ask := func(format, password string) string {
		p := url.Values{"login": {"smsc-login"}, "psw": {password}, "phones": {"79990000001"}, "mes": {"code"}, "call": {"1"}, "fmt": {format}}
		return send(t, s, "GET", "/sys/send.php?"+p.Encode(), nil, "").Body.String()
	}
	const right, md5 = "smsc-pass-71c4", "59a8a7fb22ae4b4a1d4a9b8d7f6b5d6c"
	for format, want := range map[string][3]string{
		"0": {"OK - 1 SMS, ID - ", "ERROR = 9 (duplicate request, wait a minute)", "ERROR = 2 (invalid login or password)"},
		"1": {",1,0.4,100.00,", "0,-9", "0,-2"},
		"2": {"<cnt>1</cnt><code>", "<error_code>9</error_code>", "<error_code>2</error_code>"},
		"3": {`"cnt":1`, `"error_code":9`, `"error_code":2`},
	} {
		now = now.Add(time.Hour)
		for i, password := range []string{right, right, md5} {
			if got := ask(format, password); !strings.Contains(got, want[i]) {
				t.Errorf("fmt %s, %d: %s, want %s", format, i, got, want[i])
			}
		}
	}
}

func TestZvonokTakesFormsOfAllKinds(t *testing.T) {
	const path = "/manager/cabapi_external/api/v1/phones/flashcall/"
	s := start(t, "zvonok", providers.Options{})
	p := url.Values{"public_key": {"zv-8f6b0e4d2c1a"}, "campaign_id": {"1582034977"}, "phone": {"79990000001"}, "phone_suffix": {"0042"}}
	parts := "--b\r\nContent-Disposition: form-data; name=\"public_key\"\r\n\r\nzv-8f6b0e4d2c1a\r\n--b\r\nContent-Disposition: form-data; name=\"campaign_id\"\r\n\r\n1582034977\r\n" +
		"--b\r\nContent-Disposition: form-data; name=\"phone\"\r\n\r\n79990000001\r\n--b--\r\n"
	for name, w := range map[string]string{
		"query":     send(t, s, "GET", path+"?"+p.Encode(), nil, "").Body.String(),
		"form":      send(t, s, "POST", path, map[string]string{"Content-Type": form}, p.Encode()).Body.String(),
		"multipart": send(t, s, "POST", path, map[string]string{"Content-Type": "multipart/form-data; boundary=b"}, parts).Body.String(),
	} {
		if !strings.Contains(w, `"status":"ok"`) {
			t.Errorf("%s: %s", name, w)
		}
	}
	for name, w := range map[string]string{
		"twice":        send(t, s, "POST", path+"?phone=79990000001", map[string]string{"Content-Type": form}, p.Encode()).Body.String(),
		"unknown":      send(t, s, "GET", path+"?x=1&"+p.Encode(), nil, "").Body.String(),
		"JSON":         send(t, s, "POST", path, map[string]string{"Content-Type": "application/json"}, "{}").Body.String(),
		"bad boundary": send(t, s, "POST", path, map[string]string{"Content-Type": "multipart/form-data; boundary=c"}, parts).Body.String(),
	} {
		if !strings.Contains(w, `"data":"Invalid parameters"`) {
			t.Errorf("%s: %s", name, w)
		}
	}
}

func TestUCallerMakesPeopleWait(t *testing.T) {
	now := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	s := start(t, "ucaller", providers.Options{Now: func() time.Time { return now }})
	ask := func(unique string) string {
		p := url.Values{"service_id": {"736412"}, "key": {"uc-5JmT0rV8yWn3"}, "phone": {"79990000001"}, "code": {"0042"}, "unique": {unique}}
		return send(t, s, "GET", "/v1.0/initCall?"+p.Encode(), nil, "").Body.String()
	}
	for i, tc := range []struct {
		unique string
		after  time.Duration
		want   string
	}{
		{"a", 0, `"status":true`}, {"a", 0, `"exists":true`}, {"b", 0, `"code":19`}, {"b", 15 * time.Second, `"status":true`},
		{"c", 15 * time.Second, `"status":true`}, {"d", 15 * time.Second, `"status":true`}, {"e", 14 * time.Second, `"code":19`},
		{"e", time.Second, `"status":true`}, {"f", time.Hour, `"status":true`},
	} {
		now = now.Add(tc.after)
		if got := ask(tc.unique); !strings.Contains(got, tc.want) {
			t.Errorf("%d: %s, want %s", i, got, tc.want)
		}
	}
	for n := range 9 {
		now = now.Add(time.Hour)
		if got := ask(fmt.Sprint("day", n)); !strings.Contains(got, `"status":true`) {
			t.Errorf("call %d of the day: %s", n+7, got)
		}
	}
	now = now.Add(time.Hour)
	if got := ask("sixteenth"); !strings.Contains(got, `"code":18`) {
		t.Errorf("the sixteenth of the day: %s", got)
	}
}

func TestTelediscountTokensEnd(t *testing.T) {
	now := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	s := start(t, "telediscount", providers.Options{Now: func() time.Time { return now }})
	login := send(t, s, "POST", "/auth/login", map[string]string{"Content-Type": form}, "email=just%40telediscount.example&password=td-pass-5e9d01").Body.String()
	token := strings.TrimSuffix(strings.TrimPrefix(login, `{"token":"`), `"}`)
	call := func(token, body string) int {
		return send(t, s, "POST", "/call-password/start-password-call", map[string]string{"Content-Type": "application/json", "Authorization": "Bearer " + token}, body).Code
	}
	const body = `{"async":"1","dstNumber":"79990000001","timeout":"30","pin":"0042"}`
	for name, tc := range map[string]struct {
		token, body string
		want        int
	}{
		"right":      {token, body, 200},
		"no token":   {"", body, 401},
		"another":    {token + "x", body, 401},
		"async 0":    {token, strings.Replace(body, `"async":"1"`, `"async":"0"`, 1), 400},
		"timeout 19": {token, strings.Replace(body, "30", "19", 1), 400},
		"timeout 80": {token, strings.Replace(body, "30", "80", 1), 400},
		"no pin":     {token, strings.Replace(body, "0042", "", 1), 400},
		"begins 0":   {token, strings.Replace(body, "7999", "0999", 1), 422},
	} {
		if got := call(tc.token, tc.body); got != tc.want {
			t.Errorf("%s: %d, want %d", name, got, tc.want)
		}
	}
	now = now.Add(24 * time.Hour)
	if got := call(token, body); got != 401 {
		t.Errorf("after a day: %d", got)
	}
}
