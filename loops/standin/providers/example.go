package providers

import (
	"net/http"

	"github.com/ringtail-id/ringtail/loops/standin"
)

// example plays "provider X" of Blitz's example: POST /call with the header Token and {"id","dst_number"}, where the number has
// exactly ten digits; it answers 200 with {"SenderID"}, the number that calls.
func example() definition {
	return definition{
		secrets: map[string]string{"token": "example-token"},
		routes: []route{{
			pattern: "POST /call", answer: exampleCall,
			plays: []standin.Fault{standin.FaultNoCaller, standin.FaultShort, "code_only"},
		}},
	}
}

func exampleCall(a *ask) {
	var order struct {
		ID     string `json:"id"`
		Number string `json:"dst_number"`
	}
	switch {
	case !a.is("token", a.r.Header.Get("Token")):
		a.json(http.StatusUnauthorized, values{"error": "wrong_token"})
	case !a.isJSON():
		a.json(http.StatusUnsupportedMediaType, values{"error": "json_only"})
	case !a.decode(&order) || order.ID == "" || !digits(order.Number, 10, 10):
		a.json(http.StatusBadRequest, values{"error": "wrong_number"})
	default:
		call, _, ok := a.place(standin.Order{To: "7" + order.Number})
		if !ok {
			return
		}
		answer := values{}
		sender := a.fault.Spoil(call.From)
		if a.fault == "code_only" {
			sender = sender[len(sender)-4:]
		}
		if sender != "" {
			answer["SenderID"] = sender
		}
		a.json(http.StatusOK, answer)
	}
}
