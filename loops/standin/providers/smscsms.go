package providers

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/ringtail-id/ringtail/loops/standin"
)

// smscSMS plays SMSC's messages: the method that its calls use too, with a text in place of call=1.
func smscSMS() definition {
	d := smsc()
	d.code, d.random, d.writes = "0417", 0, true
	for i := range d.routes {
		d.routes[i].answer = smscWrite
	}
	return d
}

func smscWrite(a *ask) {
	p, ok := a.params()
	format, number, text := p.Get("fmt"), p.Get("phones"), p.Get("mes")
	_, last, sent := a.memo.get(number + " " + text)
	switch {
	case !ok || !only(p, "login", "psw", "phones", "mes", "charset", "cost", "fmt", "sender", "id") || text == "" || p.Get("charset") != "utf-8":
		smscRefuses(a, format, 1, "")
	case !smscKnows(a, p):
		smscRefuses(a, format, 2, "")
	case a.fault == "text_error":
		smscRefuses(a, "0", 2, "")
	case strings.HasPrefix(string(a.fault), "error_"):
		n, _ := strconv.Atoi(strings.TrimPrefix(string(a.fault), "error_"))
		smscRefuses(a, format, n, "")
	case !standin.ValidNumber(number):
		smscRefuses(a, format, 7, "")
	case sent && a.now().Sub(last) < time.Minute:
		smscRefuses(a, format, 9, "")
	default:
		message, _, ok := a.place(standin.Order{To: number, Text: text})
		if !ok {
			return
		}
		a.memo.put(number+" "+text, "", a.now())
		smscTellsCost(a, message, p.Get("cost") == "3")
	}
}

// smscTellsCost answers as JSON alone: the other formats are those of calls, and no driver asks for them.
func smscTellsCost(a *ask, message standin.Call, cost bool) {
	id, _ := strconv.Atoi(message.ID)
	told := values{"id": id, "cnt": 1}
	if cost {
		told["cost"], told["balance"] = "1.44", "100.56"
	}
	a.json(http.StatusOK, told)
}
