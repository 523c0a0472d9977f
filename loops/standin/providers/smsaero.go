package providers

import (
	"net/http"
	"strconv"

	"github.com/ringtail-id/ringtail/loops/standin"
)

// smsAero plays SMS Aero's flash call: basic authentication with an e-mail address as the user, and success false with 200.
func smsAero() definition {
	faults := []standin.Fault{"no_funds", "wrong_number", "refused", "null_code"}
	return definition{
		secrets: map[string]string{"EMAIL": "shop@aero.example", "API_KEY": "ae-Zq81LmPw"},
		code:    "1234",
		routes: []route{
			{pattern: "POST /v2/flashcall/send", answer: smsAeroSend, plays: faults},
			{pattern: "GET /v2/flashcall/send", answer: smsAeroSend, plays: faults},
		},
	}
}

func smsAeroSend(a *ask) {
	p, ok := a.params()
	refuse := func(status int, message string) {
		a.json(status, values{"success": false, "data": nil, "message": message})
	}
	switch {
	case !a.basic("EMAIL", "API_KEY"):
		refuse(http.StatusUnauthorized, "Your request was made with invalid credentials.")
	case !ok || !only(p, "phone", "code") || !digits(p.Get("code"), 4, 4):
		refuse(http.StatusBadRequest, "Validation error.")
	case a.fault == "no_funds":
		refuse(http.StatusPaymentRequired, "Not enough money.")
	case !standin.ValidNumber(p.Get("phone")) || a.fault == "wrong_number":
		refuse(http.StatusBadRequest, "Wrong phone.")
	case a.fault == "refused":
		refuse(http.StatusOK, "The call was refused.")
	default:
		if call, _, ok := a.place(standin.Order{To: p.Get("phone"), Code: p.Get("code")}); ok {
			smsAeroTells(a, call)
		}
	}
}

func smsAeroTells(a *ask, call standin.Call) {
	id, _ := strconv.Atoi(call.ID)
	data := values{"id": id, "status": 0, "code": call.From[len(call.From)-4:], "phone": call.To, "cost": "0.59",
		"timeCreate": call.At.Unix(), "timeUpdate": call.At.Unix()}
	if a.fault == "null_code" {
		data["code"] = nil
	}
	a.json(http.StatusOK, values{"success": true, "data": data, "message": nil})
}
