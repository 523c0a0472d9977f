package providers

import (
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/ringtail-id/ringtail/loops/standin"
)

// telediscountDay is how long a token is good.
const telediscountDay = 24 * time.Hour

// telediscount plays Telediscount's A-CALLS: a login with e-mail and password gives a token for a day, without which nothing is
// answered.
func telediscount() definition {
	return definition{
		secrets: map[string]string{"EMAIL": "just@telediscount.example", "PASSWORD": "td-pass-5e9d01"},
		code:    "1234",
		id:      func(n int) string { return fmt.Sprintf("30960933216%08d", n) },
		routes: []route{
			{pattern: "POST /auth/login", answer: telediscountLogin},
			{
				pattern: "POST /call-password/start-password-call", answer: telediscountStart,
				plays: []standin.Fault{"token_expired", "refused", "no_funds", "out_of_order", "busy", "not_available"},
			},
			{pattern: "POST /call-password/get-password-call-status", answer: telediscountStatus},
		},
	}
}

// fields gives the flat texts of a JSON object or of a form.
func (a *ask) fields() (map[string]string, bool) {
	out := map[string]string{}
	if a.isJSON() {
		return out, a.decode(&out)
	}
	params, ok := a.params()
	for name, list := range params {
		out[name] = list[0]
	}
	return out, ok
}

func telediscountLogin(a *ask) {
	given, ok := a.fields()
	right := a.is("EMAIL", given["email"])
	right = a.is("PASSWORD", given["password"]) && right
	if !ok || !right || len(given) != 2 {
		a.json(http.StatusUnauthorized, values{"status": 401, "message": "Wrong email or password"})
		return
	}
	token := "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9." + hex.EncodeToString(fmt.Append(nil, a.memo.count("logins"), " ", a.now().Unix())) + ".c2ln"
	a.memo.put("token "+token, "", a.now())
	a.json(http.StatusOK, values{"token": token})
}

// telediscountToken answers for a request without a token that is good.
func telediscountToken(a *ask) bool {
	token := "token " + a.after("Bearer")
	_, at, ok := a.memo.get(token)
	if a.fault == "token_expired" {
		a.memo.drop(token)
		ok = false
	}
	if !ok || a.now().Sub(at) >= telediscountDay {
		a.json(http.StatusUnauthorized, values{"status": 401, "message": "Token has expired"})
		return false
	}
	return true
}

func telediscountStart(a *ask) {
	if !telediscountToken(a) {
		return
	}
	order, ok := a.fields()
	timeout, err := strconv.Atoi(order["timeout"])
	switch {
	case !ok || len(order) != 4 || order["async"] != "1" || err != nil || timeout < 20 || timeout > 79 || !digits(order["pin"], 4, 4):
		a.json(http.StatusBadRequest, values{"status": 400, "message": "Wrong parameters"})
	case !standin.ValidNumber(order["dstNumber"]) || a.fault == "refused":
		a.json(http.StatusUnprocessableEntity, values{"status": 422, "message": "Wrong dstNumber"})
	case a.fault == "no_funds":
		a.json(http.StatusPaymentRequired, values{"status": 402, "message": "Not enough money"})
	case a.fault == "out_of_order": // an error that comes with 200
		a.json(http.StatusOK, values{"status": 503, "message": "Service is unavailable"})
	default:
		fate := "no answer"
		if a.fault == "busy" || a.fault == "not_available" {
			fate = strings.ReplaceAll(string(a.fault), "_", " ")
		}
		if call, _, ok := a.place(standin.Order{To: order["dstNumber"], Code: order["pin"], Fate: fate}); ok {
			a.json(http.StatusOK, values{"status": 200, "callDetails": values{"callId": call.ID, "pin": order["pin"], "status": ""}})
		}
	}
}

func telediscountStatus(a *ask) {
	if !telediscountToken(a) {
		return
	}
	order, ok := a.fields()
	call, known := a.book.Find(order["callId"])
	if !ok || !known {
		a.json(http.StatusNotFound, values{"status": 404, "message": "Call not found"})
		return
	}
	status := ""
	if call.State == "ended" {
		status = call.Fate
	}
	a.json(http.StatusOK, values{"status": 200, "callDetails": values{"callId": call.ID, "status": status}})
}
