package providers

import (
	"crypto/md5" //nolint:gosec // the provider takes a password as its MD5
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/ringtail-id/ringtail/loops/standin"
)

// smsc plays SMSC's calls that show a code: one method, four formats of the answer, errors with 200, a code of six digits.
func smsc() definition {
	faults := []standin.Fault{"text_error"}
	for n := 1; n <= 9; n++ {
		faults = append(faults, standin.Fault(fmt.Sprint("error_", n)))
	}
	return definition{
		secrets: map[string]string{"LOGIN": "smsc-login", "PASSWORD": "smsc-pass-71c4"},
		random:  6,
		routes: []route{
			{pattern: "POST /sys/send.php", answer: smscSend, plays: faults},
			{pattern: "GET /sys/send.php", answer: smscSend, plays: faults},
		},
	}
}

// smscErrors are the errors of SMSC's page, by their number.
func smscErrors() []string {
	return []string{"", "parameters error", "invalid login or password", "insufficient funds", "IP is temporarily blocked because of frequent errors",
		"invalid date format", "message is denied (by text or sender name)", "invalid phone number format", "message to this number can not be delivered",
		"duplicate request, wait a minute"}
}

func smscSend(a *ask) {
	p, ok := a.params()
	format := p.Get("fmt")
	number := p.Get("phones")
	_, last, again := a.memo.get("asked " + number)
	switch {
	case !ok || !only(p, "login", "psw", "phones", "mes", "call", "fmt", "charset", "id") || p.Get("call") != "1" || p.Get("mes") != "code":
		smscRefuses(a, format, 1, "")
	case !smscKnows(a, p):
		smscRefuses(a, format, 2, "")
	case a.fault == "text_error":
		smscRefuses(a, "0", 2, "")
	case len(a.fault) == len("error_N") && a.fault[:6] == "error_":
		n, _ := strconv.Atoi(string(a.fault[6:]))
		smscRefuses(a, format, n, "")
	case !standin.ValidNumber(number):
		smscRefuses(a, format, 7, "")
	case again && a.now().Sub(last) < time.Minute:
		smscRefuses(a, format, 9, "")
	default:
		call, _, ok := a.place(standin.Order{To: number})
		if !ok {
			return
		}
		a.memo.put("asked "+number, "", a.now())
		smscTells(a, format, call)
	}
}

// smscKnows compares login and password, which may come as its MD5.
func smscKnows(a *ask, p url.Values) bool {
	sum := md5.Sum([]byte(a.secrets["PASSWORD"])) //nolint:gosec // as above
	password := p.Get("psw")
	right := a.is("LOGIN", p.Get("login"))
	return (a.is("PASSWORD", password) || same(password, hex.EncodeToString(sum[:]))) && right
}

func smscTells(a *ask, format string, call standin.Call) {
	code := call.From[len(call.From)-6:]
	switch format {
	case "1":
		a.reply(http.StatusOK, "text/plain", fmt.Sprintf("%s,1,0.4,100.00,%s", call.ID, code))
	case "2":
		a.reply(http.StatusOK, "text/xml", fmt.Sprintf("<result><id>%s</id><cnt>1</cnt><code>%s</code></result>", call.ID, code))
	case "3":
		id, _ := strconv.Atoi(call.ID)
		a.json(http.StatusOK, values{"id": id, "cnt": 1, "code": code})
	default:
		a.reply(http.StatusOK, "text/plain", fmt.Sprintf("OK - 1 SMS, ID - %s, CODE - %s %s %s", call.ID, code[:2], code[2:4], code[4:]))
	}
}

// smscRefuses answers an error in the format that was asked for; the status is 200 all the same.
func smscRefuses(a *ask, format string, n int, id string) {
	text := smscErrors()[n]
	if id == "" {
		id = "0"
	}
	switch format {
	case "1":
		a.reply(http.StatusOK, "text/plain", fmt.Sprintf("%s,-%d", id, n))
	case "2":
		a.reply(http.StatusOK, "text/xml", fmt.Sprintf("<result><error>%s</error><error_code>%d</error_code></result>", text, n))
	case "3":
		a.json(http.StatusOK, values{"error": text, "error_code": n})
	default:
		a.reply(http.StatusOK, "text/plain", fmt.Sprintf("ERROR = %d (%s)", n, text))
	}
}
