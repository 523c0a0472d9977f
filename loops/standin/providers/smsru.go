package providers

import (
	"fmt"
	"net/http"
	"net/netip"
	"strconv"
	"strings"

	"github.com/ringtail-id/ringtail/loops/standin"
)

// smsRu plays SMS.ru's calls: errors come with 200, as JSON with a number and a text, or in the old style as the bare
// number. They want the address of whoever asks for the code.
func smsRu() definition {
	faults := []standin.Fault{"text_error", "text_200", "no_code", "unnumbered"}
	for code := range smsRuErrors() {
		faults = append(faults, standin.Fault(fmt.Sprint("error_", code)))
	}
	return definition{
		secrets: map[string]string{"API_ID": "smsru-5F0B-1D6A-9C37"},
		id:      func(n int) string { return fmt.Sprintf("000000-%08d", 10000000+n) },
		routes: []route{
			{pattern: "POST /code/call", answer: smsRuCall, plays: faults},
			{pattern: "GET /code/call", answer: smsRuCall, plays: faults},
		},
	}
}

// smsRuErrors are the errors of SMS.ru's page that a call can end with, by their number.
func smsRuErrors() map[int]string {
	return map[int]string{
		200: "Wrong api_id", 201: "There is no money", 202: "Wrong number, or no route to it", 207: "No route to this number", 209: "The number is in the stop-list",
		214: "The number is abroad", 215: "The number is in SMS.ru's stop-list", 220: "The service is out of order, try again", 230: "Daily limit for this number", 231: "Same calls in a minute",
		232: "Same calls in a day", 233: "Codes are asked for too often", 500: "Server error, try again", 501: "The address belongs to TOR",
		502: "The address's country is another than the number's", 503: "Too many calls to one country", 504: "Too many codes abroad",
	}
}

func smsRuCall(a *ask) {
	p, ok := a.params()
	switch {
	case !ok || !only(p, "phone", "ip", "api_id", "json", "partner_id"):
		smsRuRefuses(a, 202)
	case !a.is("API_ID", p.Get("api_id")):
		smsRuRefuses(a, 200)
	case a.fault == "text_error":
		a.reply(http.StatusOK, "text/plain", "-1")
	case a.fault == "text_200":
		a.reply(http.StatusOK, "text/plain", "200")
	case a.fault == "unnumbered":
		a.json(http.StatusOK, values{"status": "ERROR", "status_text": "Something went wrong"})
	case strings.HasPrefix(string(a.fault), "error_"):
		code, _ := strconv.Atoi(strings.TrimPrefix(string(a.fault), "error_"))
		smsRuRefuses(a, code)
	case !standin.ValidNumber(p.Get("phone")), !smsRuAddress(p.Get("ip")):
		smsRuRefuses(a, 202)
	default:
		call, _, ok := a.place(standin.Order{To: p.Get("phone")})
		if !ok {
			return
		}
		answer := values{"status": "OK", "code": call.From[len(call.From)-4:], "call_id": call.ID, "cost": 0.4, "balance": 4122.56}
		if a.fault == "no_code" {
			delete(answer, "code")
		}
		a.json(http.StatusOK, answer)
	}
}

// smsRuAddress wants an address, or -1 where the caller doesn't know it.
func smsRuAddress(text string) bool {
	_, err := netip.ParseAddr(text)
	return err == nil || text == "-1"
}

func smsRuRefuses(a *ask, code int) {
	a.json(http.StatusOK, values{"status": "ERROR", "status_code": code, "status_text": smsRuErrors()[code]})
}
