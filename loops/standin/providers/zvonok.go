package providers

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/ringtail-id/ringtail/loops/standin"
)

// zvonok plays Zvonok's flash call: parameters in the address, in a form or in multipart; what is an object when all went
// well is a text when it didn't; a code that is written as a number has lost its zeros.
func zvonok() definition {
	method := "/manager/cabapi_external/api/v1/phones/flashcall/"
	faults := []standin.Fault{"number_code", "no_funds", "wrong_number", "limit", "campaign"}
	return definition{
		secrets: map[string]string{"PUBLIC_KEY": "zv-8f6b0e4d2c1a", "CAMPAIGN_ID": "1582034977"},
		code:    "1234",
		id:      func(n int) string { return fmt.Sprintf("119127321%07d", n) },
		routes: []route{
			{pattern: "POST " + method, answer: zvonokCall, plays: faults},
			{pattern: "GET " + method, answer: zvonokCall, plays: faults},
		},
	}
}

// zvonokErrors are the texts that stand in data. Zvonok's page has no list of them; the words are ours.
func zvonokErrors() map[standin.Fault]string {
	return map[standin.Fault]string{
		"no_funds": "Insufficient funds", "wrong_number": "Invalid phone number", "limit": "Limit of calls exceeded", "campaign": "Campaign not found",
	}
}

func zvonokCall(a *ask) {
	params, ok := a.params()
	refuse := func(text string) { a.json(http.StatusOK, values{"status": "error", "data": text}) }
	suffix := params.Get("phone_suffix")
	switch {
	case !ok || !only(params, "public_key", "campaign_id", "phone", "phone_suffix"):
		refuse("Invalid parameters")
	case !a.is("PUBLIC_KEY", params.Get("public_key")):
		refuse("Invalid public_key")
	case !a.is("CAMPAIGN_ID", params.Get("campaign_id")):
		refuse("Invalid campaign_id")
	case !standin.ValidNumber(params.Get("phone")):
		refuse("Invalid phone number")
	case suffix != "" && !digits(suffix, 4, 4):
		refuse("Invalid phone_suffix")
	case zvonokErrors()[a.fault] != "":
		refuse(zvonokErrors()[a.fault])
	default:
		if call, _, ok := a.place(standin.Order{To: params.Get("phone"), Code: suffix}); ok {
			zvonokTells(a, call)
		}
	}
}

func zvonokTells(a *ask, call standin.Call) {
	data := values{"call_id": json.Number(call.ID), "phone": "+" + call.To, "pincode": call.From[len(call.From)-4:]}
	if a.fault == "number_code" {
		data["pincode"] = json.Number("0")
		if short := strings.TrimLeft(call.From[len(call.From)-4:], "0"); short != "" {
			data["pincode"] = json.Number(short)
		}
	}
	a.json(http.StatusOK, values{"status": "ok", "data": data})
}
