package providers

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/ringtail-id/ringtail/loops/standin"
)

// What uCaller allows for one number.
const (
	uCallerWait   = 15 * time.Second // between two calls
	uCallerMinute = 4                // calls a minute
	uCallerDay    = 15               // calls a day
	uCallerDial   = 30 * time.Second // after which it knows what became of a call; its page says 1 s to 1 min
)

// uCaller plays uCaller: initCall and getInfo, by query or JSON, where code is the code on success and the number of the
// error else.
func uCaller() definition {
	errors := []standin.Fault{"not_reached"}
	for code := range uCallerErrors() {
		errors = append(errors, standin.Fault("error_"+code))
	}
	return definition{
		secrets: map[string]string{"SERVICE_ID": "736412", "SECRET_KEY": "uc-5JmT0rV8yWn3"},
		code:    "1234",
		id:      func(n int) string { return strconv.Itoa(103000 + n) },
		routes: []route{
			{pattern: "POST /v1.0/initCall", answer: uCallerCall, plays: errors},
			{pattern: "GET /v1.0/initCall", answer: uCallerCall, plays: errors},
			{pattern: "GET /v1.0/getInfo", answer: uCallerInfo},
			{pattern: "POST /v1.0/getInfo", answer: uCallerInfo},
		},
	}
}

// uCallerErrors are the errors of uCaller's page, by their number.
func uCallerErrors() map[string]string {
	return map[string]string{
		"0": "IP address is blocked", "1": "A required parameter is missing", "2": "Wrong service_id or key", "3": "Wrong phone number",
		"4": "The service is switched off", "5": "Test mode", "8": "A parameter is too long", "9": "Calls to this country are forbidden",
		"10": "There is no such uid", "18": "4 calls a minute or 15 a day to a number", "19": "Wait 15 seconds", "429": "Too many requests",
		"1000": "The method is off", "1001": "The account is blocked", "1002": "There is no money", "1003": "The IP address is not allowed", "1004": "The service is archived",
	}
}

func uCallerRefuses(a *ask, code string) {
	number, _ := strconv.Atoi(code)
	a.json(http.StatusOK, values{"status": false, "error": uCallerErrors()[code], "code": number})
}

// uCallerParams gives the parameters, of the query or of JSON, where numbers are numbers. What can't be read has no service_id.
func uCallerParams(a *ask) map[string]string {
	out := map[string]string{}
	if a.isJSON() {
		var body map[string]any
		dec := json.NewDecoder(strings.NewReader(string(a.body)))
		dec.UseNumber()
		if dec.Decode(&body) != nil {
			return nil
		}
		for name, value := range body {
			out[name] = fmt.Sprint(value)
		}
	} else if params, ok := a.params(); ok {
		for name, list := range params {
			out[name] = list[0]
		}
	}
	if key, service, ok := strings.Cut(a.after("Bearer"), "."); ok {
		out["key"], out["service_id"] = key, service
	}
	return out
}

func uCallerCall(a *ask) {
	p := uCallerParams(a)
	right := a.is("SERVICE_ID", p["service_id"])
	right = a.is("SECRET_KEY", p["key"]) && right
	switch {
	case p["service_id"] == "" || p["phone"] == "":
		uCallerRefuses(a, "1")
	case !right:
		uCallerRefuses(a, "2")
	case strings.HasPrefix(string(a.fault), "error_"):
		uCallerRefuses(a, strings.TrimPrefix(string(a.fault), "error_"))
	case !standin.ValidNumber(p["phone"]), p["code"] != "" && !digits(p["code"], 4, 4):
		uCallerRefuses(a, "3")
	case len(p["client"]) > 64 || len(p["unique"]) > 64:
		uCallerRefuses(a, "8")
	default:
		uCallerPlaces(a, p)
	}
}

// uCallerPlaces rings once for one unique; another call to the same number has to wait.
func uCallerPlaces(a *ask, p map[string]string) {
	calls := a.book.To(p["phone"])
	seen := false
	for _, c := range calls {
		seen = seen || p["unique"] != "" && c.Reference == p["unique"]
	}
	if code := uCallerLimit(calls, a.now()); code != "" && !seen {
		uCallerRefuses(a, code)
		return
	}
	fate := "1"
	if a.fault == "not_reached" {
		fate = "0"
	}
	call, again, ok := a.place(standin.Order{To: p["phone"], Code: p["code"], Reference: p["unique"], Fate: fate})
	if !ok {
		return
	}
	id, _ := strconv.Atoi(call.ID)
	answer := values{
		"status": true, "ucaller_id": id, "phone": call.To[:4] + "***" + call.To[len(call.To)-4:], "code": call.From[len(call.From)-4:],
		"client": p["client"], "unique_request_id": p["unique"],
	}
	if again {
		answer["exists"] = true
	}
	a.json(http.StatusOK, answer)
}

func uCallerLimit(calls []standin.Call, now time.Time) string {
	minute, day := 0, 0
	for i, c := range calls {
		age := c.Age(now)
		if i == 0 && age < uCallerWait {
			return "19"
		}
		if age < time.Minute {
			minute++
		}
		if age < 24*time.Hour {
			day++
		}
	}
	if minute >= uCallerMinute || day >= uCallerDay {
		return "18"
	}
	return ""
}

func uCallerInfo(a *ask) {
	p := uCallerParams(a)
	right := a.is("SERVICE_ID", p["service_id"])
	right = a.is("SECRET_KEY", p["key"]) && right
	call, ok := a.book.Find(p["uid"])
	switch {
	case !right:
		uCallerRefuses(a, "2")
	case !ok:
		uCallerRefuses(a, "10")
	default:
		status := -1
		if call.Age(a.now()) >= uCallerDial {
			status, _ = strconv.Atoi(call.Fate)
		}
		id, _ := strconv.Atoi(call.ID)
		a.json(http.StatusOK, values{"status": true, "ucaller_id": id, "init_time": call.At.Unix(), "call_status": status,
			"phone": call.To, "code": call.From[len(call.From)-4:], "cost": 0.3})
	}
}
