package providers

import (
	"net/http"
	"strings"

	"github.com/ringtail-id/ringtail/loops/standin"
)

// devino plays Devino's 2FA: POST GenerateCode and CheckCode with X-ApiKey. Code 0 is good. The other codes are made up: programs that
// use the API tell only that they aren't 0.
func devino() definition {
	return definition{
		secrets: map[string]string{"API_KEY": "devino-api-key"},
		routes: []route{
			{pattern: "POST /GenerateCode", answer: devinoGenerate, plays: []standin.Fault{"refused"}},
			{pattern: "POST /CheckCode", answer: devinoCheck, plays: []standin.Fault{"refused"}},
		},
	}
}

func devinoGenerate(a *ask) {
	var order struct {
		Number string `json:"DestinationNumber"`
	}
	switch {
	case !a.is("API_KEY", a.r.Header.Get("X-ApiKey")):
		devinoSay(a, http.StatusUnauthorized, 1, "the key is wrong")
	case !a.decode(&order) || !standin.ValidNumber(order.Number):
		devinoSay(a, http.StatusOK, 2, "the number is wrong")
	case a.fault == "refused":
		devinoSay(a, http.StatusOK, 3, "the code can't be brought")
	default:
		if _, _, ok := a.place(standin.Order{To: order.Number}); ok {
			devinoSay(a, http.StatusOK, 0, "ok")
		}
	}
}

// devinoCheck compares with the last call to the number. A code serves once.
func devinoCheck(a *ask) {
	var try struct {
		Number string `json:"DestinationNumber"`
		Code   string `json:"Code"`
	}
	if !a.is("API_KEY", a.r.Header.Get("X-ApiKey")) {
		devinoSay(a, http.StatusUnauthorized, 1, "the key is wrong")
		return
	}
	if !a.decode(&try) || !standin.ValidNumber(try.Number) || !digits(try.Code, 4, 8) {
		devinoSay(a, http.StatusOK, 4, "the code is wrong")
		return
	}
	calls := a.book.To(try.Number)
	if a.fault == "refused" || len(calls) == 0 || calls[0].Fate != "" || !strings.HasSuffix(calls[0].From, try.Code) {
		devinoSay(a, http.StatusOK, 4, "the code is wrong")
		return
	}
	a.book.SetFate(calls[0].ID, "checked")
	devinoSay(a, http.StatusOK, 0, "ok")
}

func devinoSay(a *ask, status, code int, description string) {
	a.json(status, values{"Code": code, "Description": description})
}
