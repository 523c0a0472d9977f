package providers

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/ringtail-id/ringtail/loops/standin"
)

const (
	birdCalls = "/workspaces/{workspace}/channels/{channel}/flashcalls"
	birdEnded = "ended by the caller"                      // the fate of a call that was hung up
	birdSeen  = "ended by the caller, who saw this number" // the same, where receivedCli was told
)

// bird plays Bird's flash calls: POST takes an order with 202, POST on a call ends it and takes the result. Bird's page tells of a
// call's states but not how to ask for them: GET on the call is what a driver can only try, and the fault "no_get" refuses it.
func bird() definition {
	return definition{
		secrets: map[string]string{
			"ACCESS_KEY": "AbCdEfGhIjKlMnOpQrStUvWxYz", "WORKSPACE_ID": "a1405560-c8d3-4b1a-877d-3f449ad95352",
			"CHANNEL_ID": "ad7ce9f9-99d0-478f-b0c7-3a68ab2c8e0b", "CALLERS": "+7495123*",
		},
		code: "0417",
		id:   func(n int) string { return fmt.Sprintf("123e4567-e89b-12d3-a456-%012d", n) },
		routes: []route{
			{pattern: "POST " + birdCalls, answer: birdCreate,
				plays: []standin.Fault{"refused", "never_leaves_ringing", "failed", "busy", "answered"}},
			{pattern: "GET " + birdCalls + "/{id}", answer: birdGet, plays: []standin.Fault{"no_get"}},
			{pattern: "POST " + birdCalls + "/{id}", answer: birdEnd},
		},
	}
}

// birdAllowed checks key, workspace and channel, and answers where one is wrong.
func birdAllowed(a *ask) bool {
	switch {
	case !a.is("ACCESS_KEY", a.after("AccessKey")):
		birdRefuse(a, http.StatusUnauthorized, "Unauthorized")
	case !a.is("WORKSPACE_ID", a.r.PathValue("workspace")) || !a.is("CHANNEL_ID", a.r.PathValue("channel")):
		birdRefuse(a, http.StatusNotFound, "NotFound")
	default:
		return true
	}
	return false
}

func birdCreate(a *ask) {
	var order struct {
		From    string `json:"from"`
		To      string `json:"to"`
		Timeout *int   `json:"ringTimeout"`
	}
	if !birdAllowed(a) {
		return
	}
	ok := a.decode(&order)
	to, from := strings.TrimPrefix(order.To, "+"), strings.TrimPrefix(order.From, "+")
	switch {
	case !ok || (order.Timeout != nil && (*order.Timeout < 3 || *order.Timeout > 120)):
		birdRefuse(a, http.StatusBadRequest, "BadRequest")
	case !standin.ValidNumber(to) || a.fault == "refused":
		birdRefuse(a, http.StatusUnprocessableEntity, "InvalidPayload")
	case !owned(a.secrets["CALLERS"], order.From):
		birdRefuse(a, http.StatusUnprocessableEntity, "from isn't a number of this workspace")
	default:
		if call, _, ok := a.place(standin.Order{To: to, From: from, Fate: string(a.fault)}); ok {
			a.json(http.StatusAccepted, birdCall(a, call))
		}
	}
}

// owned reports whether a number is one of a pool's: the same, or of a block that ends in "*".
func owned(pool, number string) bool {
	for entry := range strings.SplitSeq(pool, ",") {
		block, many := strings.CutSuffix(strings.TrimSpace(entry), "*")
		rest, begins := strings.CutPrefix(number, block)
		if begins && (rest == "" || many) && digits(rest, 0, 8) {
			return true
		}
	}
	return false
}

func birdGet(a *ask) {
	if !birdAllowed(a) {
		return
	}
	call, ok := a.book.Find(a.r.PathValue("id"))
	switch {
	case a.fault == "no_get":
		birdRefuse(a, http.StatusMethodNotAllowed, "MethodNotAllowed")
	case !ok:
		birdRefuse(a, http.StatusNotFound, "NotFound")
	default:
		a.json(http.StatusOK, birdCall(a, call))
	}
}

// birdEnd hangs up and takes what the person saw. The words that result may have aren't known, so that any text passes.
func birdEnd(a *ask) {
	var report struct {
		CLI    string `json:"receivedCli"`
		Result string `json:"result"`
	}
	if !birdAllowed(a) {
		return
	}
	call, ok := a.book.Find(a.r.PathValue("id"))
	switch {
	case !ok:
		birdRefuse(a, http.StatusNotFound, "NotFound")
	case !a.decode(&report) || (report.CLI != "" && strings.TrimPrefix(report.CLI, "+") != call.From):
		birdRefuse(a, http.StatusUnprocessableEntity, "InvalidPayload")
	default:
		call.Fate = birdEnded
		if report.CLI != "" {
			call.Fate = birdSeen
		}
		a.book.SetFate(call.ID, call.Fate)
		a.json(http.StatusAccepted, birdCall(a, call))
	}
}

func birdCall(a *ask, c standin.Call) values {
	at := func(d time.Duration) string { return c.At.Add(d).Format(time.RFC3339) }
	status := birdStatus(a, c)
	out := values{"id": c.ID, "channelId": a.secrets["CHANNEL_ID"], "from": "+" + c.From, "to": "+" + c.To, "status": status,
		"attemptPrice": values{"amount": 5, "exponent": 3, "currency": "EUR"}, "createdAt": at(0), "updatedAt": at(0)}
	switch status {
	case "completed":
		out["connectionPrice"] = values{"amount": 10, "exponent": 3, "currency": "EUR"}
		out["answeredAt"] = at(4 * time.Second)
	case "failed":
		out["reason"] = "unallocated number"
	}
	return out
}

// birdStatus is where the call is by the stand-in's clock: it rings from its second second to its twentieth, and then has its fate.
func birdStatus(a *ask, c standin.Call) string {
	age := c.Age(a.now())
	switch {
	case c.Fate == birdEnded || c.Fate == birdSeen:
		return "completed"
	case age < time.Second:
		return "accepted"
	case age < 2*time.Second:
		return "starting"
	case age < 20*time.Second || c.Fate == "never_leaves_ringing":
		return "ringing"
	}
	switch c.Fate {
	case "failed", "busy":
		return c.Fate
	case "answered":
		return "completed"
	}
	return "no-answer"
}

func birdRefuse(a *ask, status int, code string) {
	a.json(status, values{"code": code, "message": code})
}
