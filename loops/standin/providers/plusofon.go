package providers

import (
	"net/http"
	"strconv"

	"github.com/ringtail-id/ringtail/loops/standin"
)

// plusofon plays the flash-call API v1 of Plusofon: POST /api/v1/flash-call/send with the account's token and the header Client,
// {"phone","pin"}; it answers {"data":{"key","pin","operator"},"success":true}, or HTTP 200 with "success":false.
func plusofon() definition {
	return definition{
		secrets: map[string]string{"ACCESS_TOKEN": "plusofon-access-token"}, code: "0417",
		id: func(n int) string { return "fc" + strconv.Itoa(5000+n) },
		routes: []route{{
			pattern: "POST /api/v1/flash-call/send", answer: plusofonSend,
			plays: []standin.Fault{"refused", "pin_number", "other_pin", "key_number", "no_key"},
		}},
	}
}

func plusofonSend(a *ask) {
	var order struct {
		Phone string `json:"phone"`
		PIN   string `json:"pin"`
	}
	refuse := func(status int, message string) { a.json(status, values{"success": false, "message": message}) }
	switch {
	case !a.is("ACCESS_TOKEN", a.after("Bearer")):
		refuse(http.StatusUnauthorized, "Unauthenticated.")
	case a.r.Header.Get("Client") != "10553":
		refuse(http.StatusForbidden, "the header Client is missing")
	case !a.decode(&order) || !standin.ValidNumber(order.Phone) || !digits(order.PIN, 4, 4):
		refuse(http.StatusBadRequest, "a parameter is wrong")
	case a.fault == "refused":
		refuse(http.StatusOK, "the call can't be made")
	default:
		call, _, ok := a.place(standin.Order{To: order.Phone, Code: order.PIN})
		if ok {
			a.json(http.StatusOK, values{"success": true, "data": plusofonData(a.fault, call, order.PIN)})
		}
	}
}

// plusofonData is the answer's data. Public programs read it in several ways, so that both forms of key and pin are played.
func plusofonData(fault standin.Fault, call standin.Call, pin string) values {
	data := values{"key": call.ID, "pin": pin, "operator": "MegaFon"}
	switch fault {
	case "pin_number":
		data["pin"], _ = strconv.Atoi(pin) // digits: loses its zeros, as it would at a provider
	case "other_pin":
		data["pin"] = "9" + pin[:3]
	case "key_number":
		data["key"] = 5001
	case "no_key":
		delete(data, "key")
	}
	return data
}
