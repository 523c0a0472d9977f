package providers

import (
	"net/http"
	"regexp"
	"strconv"
	"time"

	"github.com/ringtail-id/ringtail/loops/standin"
)

// asterisk plays the channels of an Asterisk's REST interface: POST dials, GET tells a channel's state and DELETE hangs up. A
// channel that is over is gone: 404.
func asterisk() definition {
	return definition{
		secrets: map[string]string{"URL": "https://localhost:8089", "USER": "ringtail", "PASSWORD": "ari-password", "APP": "flash",
			"ENDPOINT": "PJSIP/{number}@trunk", "CALLERS": "7495123*"},
		code: "0417",
		routes: []route{
			{pattern: "POST /ari/channels", answer: asteriskDial, plays: []standin.Fault{"answered", "busy", "never_rings"}},
			{pattern: "GET /ari/channels/{id}", answer: asteriskShow},
			{pattern: "DELETE /ari/channels/{id}", answer: asteriskHangUp},
		},
	}
}

// asteriskEndpoint is a dial string of the stand-in's one trunk.
func asteriskEndpoint() *regexp.Regexp { return regexp.MustCompile(`^PJSIP/([1-9][0-9]{8,14})@trunk$`) }

func asteriskAllowed(a *ask) bool {
	if !a.basic("USER", "PASSWORD") {
		a.w.Header().Set("WWW-Authenticate", `Basic realm="asterisk"`)
		asteriskRefuse(a, http.StatusUnauthorized, "Authentication required")
		return false
	}
	return true
}

func asteriskDial(a *ask) {
	if !asteriskAllowed(a) {
		return
	}
	params, ok := a.params()
	dialled := asteriskEndpoint().FindStringSubmatch(params.Get("endpoint"))
	timeout, err := strconv.Atoi(params.Get("timeout"))
	switch {
	case !ok || !only(params, "endpoint", "callerId", "timeout", "app", "channelId") || dialled == nil || len(a.body) > 0:
		asteriskRefuse(a, http.StatusBadRequest, "Invalid parameters for originating a channel.")
	case params.Get("app") != a.secrets["APP"] || err != nil || timeout < 1:
		asteriskRefuse(a, http.StatusBadRequest, "Application or extension must be specified")
	case !digits(params.Get("callerId"), 9, 15):
		asteriskRefuse(a, http.StatusBadRequest, "Invalid callerId")
	default:
		asteriskPlace(a, dialled[1], params.Get("callerId"), params.Get("channelId"), time.Duration(timeout)*time.Second)
	}
}

func asteriskPlace(a *ask, to, from, id string, timeout time.Duration) {
	call, again, ok := a.place(standin.Order{To: to, From: from, Reference: id, Fate: string(a.fault)})
	if !ok {
		return
	}
	if again {
		asteriskRefuse(a, http.StatusConflict, "Channel with given unique ID already exists.")
		return
	}
	if id == "" {
		id = call.ID
	}
	a.memo.put(id, call.ID, a.now().Add(timeout))
	a.json(http.StatusOK, asteriskChannel(id, "Down", call))
}

// asteriskFind gives the channel of the path while it lives, and answers where it doesn't.
func asteriskFind(a *ask) (id string, call standin.Call, ok bool) {
	if !asteriskAllowed(a) {
		return "", standin.Call{}, false
	}
	id = a.r.PathValue("id")
	own, until, ok := a.memo.get(id)
	if ok && a.now().Before(until) {
		call, ok = a.book.Find(own)
	} else {
		ok = false
	}
	if !ok {
		asteriskRefuse(a, http.StatusNotFound, "Channel not found")
	}
	return id, call, ok
}

func asteriskShow(a *ask) {
	id, call, ok := asteriskFind(a)
	if !ok {
		return
	}
	state, age := "Ringing", call.Age(a.now())
	switch {
	case age < time.Second || call.Fate == "never_rings":
		state = "Down"
	case age < 5*time.Second:
	case call.Fate == "answered":
		state = "Up"
	case call.Fate == "busy":
		state = "Busy"
	}
	a.json(http.StatusOK, asteriskChannel(id, state, call))
}

func asteriskHangUp(a *ask) {
	id, call, ok := asteriskFind(a)
	if !ok {
		return
	}
	a.memo.drop(id)
	a.book.SetFate(call.ID, "hung up")
	a.w.WriteHeader(http.StatusNoContent)
}

func asteriskChannel(id, state string, c standin.Call) values {
	return values{"id": id, "name": "PJSIP/trunk-" + c.ID, "state": state, "caller": values{"name": "", "number": c.From},
		"connected": values{"name": "", "number": c.To}, "accountcode": "", "creationtime": c.At.Format(time.RFC3339), "language": "en",
		"dialplan": values{"context": "default", "exten": "s", "priority": 1, "app_name": "AppDial2", "app_data": "(Outgoing Line)"}}
}

func asteriskRefuse(a *ask, status int, message string) { a.json(status, values{"message": message}) }
