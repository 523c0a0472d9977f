package providers

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ringtail-id/ringtail/loops/standin"
)

// smsRuSMS plays SMS.ru's sms/send: an error of the account is told for the whole request, one of the number under its digits,
// and both come with 200.
func smsRuSMS() definition {
	faults := []standin.Fault{"text_error", "text_200", "unnumbered", "no_id"}
	for code := range smsRuSMSErrors() {
		faults = append(faults, standin.Fault(fmt.Sprint("error_", code)))
	}
	return definition{
		secrets: map[string]string{"API_ID": "smsru-5F0B-1D6A-9C37"},
		code:    "0417", writes: true,
		id: func(n int) string { return fmt.Sprintf("000000-%08d", 10000000+n) },
		routes: []route{
			{pattern: "POST /sms/send", answer: smsRuSend, plays: faults},
			{pattern: "GET /sms/send", answer: smsRuSend, plays: faults},
		},
	}
}

// smsRuSMSErrors are the errors of SMS.ru's page that a message can end with, by their number.
func smsRuSMSErrors() map[int]string {
	out := smsRuErrors()
	for code, text := range map[int]string{
		203: "There is no text", 204: "The sender's name wasn't agreed upon", 205: "The text is longer than eight SMS", 206: "The account's daily limit is reached",
		300: "Wrong token", 301: "Wrong api_id, or login and password", 302: "The account isn't confirmed",
	} {
		out[code] = text
	}
	return out
}

// smsRuWhole are the errors that are told for the whole request.
func smsRuWhole(code int) bool {
	return slices.Contains([]int{200, 204, 220, 300, 301, 302, 500}, code)
}

func smsRuSend(a *ask) {
	p, ok := a.params()
	number, text := p.Get("to"), p.Get("msg")
	_, last, sent := a.memo.get(number + " " + text)
	code := 0
	if suffix, played := strings.CutPrefix(string(a.fault), "error_"); played {
		code, _ = strconv.Atoi(suffix)
	}
	_, sender := p["ip"]
	switch {
	case !ok || !only(p, "api_id", "to", "msg", "ip", "json") || p.Get("json") != "1":
		a.reply(http.StatusOK, "text/plain", "202")
	case !a.is("API_ID", p.Get("api_id")):
		smsRuRefuses(a, 200)
	case a.fault == "text_error":
		a.reply(http.StatusOK, "text/plain", "-1")
	case a.fault == "text_200":
		a.reply(http.StatusOK, "text/plain", "200")
	case a.fault == "unnumbered":
		a.json(http.StatusOK, values{"status": "ERROR", "status_text": "Something went wrong"})
	case smsRuWhole(code):
		a.json(http.StatusOK, values{"status": "ERROR", "status_code": code, "status_text": smsRuSMSErrors()[code]})
	case code != 0:
		smsRuTells(a, number, smsRuRefused(code))
	case !standin.ValidNumber(number), sender && !smsRuAddress(p.Get("ip")):
		smsRuTells(a, number, smsRuRefused(202))
	case text == "":
		smsRuTells(a, number, smsRuRefused(203))
	case sent && a.now().Sub(last) < time.Minute:
		smsRuTells(a, number, smsRuRefused(231))
	default:
		smsRuWrites(a, number, text)
	}
}

func smsRuWrites(a *ask, number, text string) {
	message, _, ok := a.place(standin.Order{To: number, Text: text})
	if !ok {
		return
	}
	a.memo.put(number+" "+text, "", a.now())
	told := values{"status": "OK", "status_code": 100, "sms_id": message.ID}
	if a.fault == "no_id" {
		delete(told, "sms_id")
	}
	smsRuTells(a, number, told)
}

func smsRuRefused(code int) values {
	return values{"status": "ERROR", "status_code": code, "status_text": smsRuSMSErrors()[code]}
}

// smsRuTells answers what became of the one message.
func smsRuTells(a *ask, number string, message values) {
	a.json(http.StatusOK, values{"status": "OK", "status_code": 100, "sms": values{number: message}, "balance": 4122.56})
}
