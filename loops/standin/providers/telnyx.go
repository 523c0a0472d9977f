package providers

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/ringtail-id/ringtail/loops/standin"
)

// telnyxLife is how long a verification lives where the caller doesn't say.
const telnyxLife = 300 * time.Second

// telnyx plays Telnyx Verify with flash calls: POST starts a verification, POST .../actions/verify checks what was typed, GET tells
// its status.
func telnyx() definition {
	return definition{
		secrets: map[string]string{"API_KEY": "KEY0123-telnyx", "VERIFY_PROFILE_ID": "12ade33a-21c0-473b-b055-b3c836e1c292"},
		id:      func(n int) string { return fmt.Sprintf("0a1b2c3d-21c0-473b-b055-%012d", n) },
		routes: []route{
			{pattern: "POST /v2/verifications/flashcall", answer: telnyxStart, plays: []standin.Fault{"invalid_number", "broken"}},
			{pattern: "POST /v2/verifications/{id}/actions/verify", answer: telnyxVerify, plays: []standin.Fault{"rejected", "expired"}},
			{pattern: "GET /v2/verifications/{id}", answer: telnyxGet, plays: []standin.Fault{"expired", "broken"}},
		},
	}
}

func telnyxStart(a *ask) {
	var order struct {
		Phone   string `json:"phone_number"`
		Profile string `json:"verify_profile_id"`
		Timeout int    `json:"timeout_secs"`
	}
	if !a.is("API_KEY", a.after("Bearer")) {
		telnyxRefuse(a, http.StatusUnauthorized, "10009", "Authentication failed")
		return
	}
	ok := a.decode(&order)
	to, plus := strings.CutPrefix(order.Phone, "+")
	switch {
	case !ok || order.Timeout < 0:
		telnyxRefuse(a, http.StatusBadRequest, "10015", "Bad Request")
	case !a.is("VERIFY_PROFILE_ID", order.Profile):
		telnyxRefuse(a, http.StatusNotFound, "10005", "Resource not found")
	case !plus || !standin.ValidNumber(to) || a.fault == "invalid_number":
		telnyxRefuse(a, http.StatusUnprocessableEntity, "10002", "Invalid phone number")
	default:
		if call, _, ok := a.place(standin.Order{To: to}); ok {
			a.json(http.StatusOK, values{"data": telnyxData(a, call)})
		}
	}
}

func telnyxVerify(a *ask) {
	var try struct {
		Code string `json:"code"`
	}
	call, ok := telnyxFind(a)
	if !ok {
		return
	}
	if !a.decode(&try) || !digits(try.Code, 1, 20) {
		telnyxRefuse(a, http.StatusBadRequest, "10015", "Bad Request")
		return
	}
	if a.fault == "expired" {
		telnyxRefuse(a, http.StatusNotFound, "10005", "Resource not found")
		return
	}
	verdict := "rejected"
	if telnyxData(a, call)["status"] == "pending" && a.fault != "rejected" && len(try.Code) >= 4 && strings.HasSuffix(call.From, try.Code) {
		verdict = "accepted"
		a.book.SetFate(call.ID, "accepted")
	}
	a.json(http.StatusOK, values{"data": values{"phone_number": "+" + call.To, "response_code": verdict}})
}

func telnyxGet(a *ask) {
	if call, ok := telnyxFind(a); ok {
		a.json(http.StatusOK, values{"data": telnyxData(a, call)})
	}
}

// telnyxFind gives the verification of the path, and answers where there is none.
func telnyxFind(a *ask) (standin.Call, bool) {
	if !a.is("API_KEY", a.after("Bearer")) {
		telnyxRefuse(a, http.StatusUnauthorized, "10009", "Authentication failed")
		return standin.Call{}, false
	}
	call, ok := a.book.Find(a.r.PathValue("id"))
	if !ok {
		telnyxRefuse(a, http.StatusNotFound, "10005", "Resource not found")
	}
	return call, ok
}

func telnyxData(a *ask, c standin.Call) values {
	status := c.Fate
	switch {
	case a.fault == "broken":
		status = "error"
	case a.fault == "expired", status == "" && c.Age(a.now()) > telnyxLife:
		status = "expired"
	case status == "":
		status = "pending"
	}
	return values{"id": c.ID, "type": "flashcall", "record_type": "verification", "phone_number": "+" + c.To,
		"verify_profile_id": a.secrets["VERIFY_PROFILE_ID"], "timeout_secs": int(telnyxLife.Seconds()), "status": status,
		"created_at": c.At.Format(time.RFC3339), "updated_at": c.At.Format(time.RFC3339)}
}

func telnyxRefuse(a *ask, status int, code, title string) {
	a.json(status, values{"errors": []any{values{"code": code, "title": title, "detail": title + "."}}})
}
