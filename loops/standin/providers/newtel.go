package providers

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/ringtail-id/ringtail/loops/standin"
)

// newTelSkew is how old a signature may be. New-Tel's page gives no figure; this one is ours.
const newTelSkew = 5 * time.Minute

// newTel plays New-Tel's call-password: POST with a signature over the exact bytes of the body, errors at two levels of the
// answer, and a status that has to be asked for.
func newTel() definition {
	return definition{
		secrets: map[string]string{"API_KEY": "nt-access-" + strings.Repeat("k1", 19), "SIGN_KEY": "nt-signing-" + strings.Repeat("w2", 18) + "x"},
		code:    "1234",
		id:      func(n int) string { return fmt.Sprintf("20960933216%08d", n) },
		routes: []route{
			{
				pattern: "POST /call-password/start-password-call", answer: newTelStart,
				plays: []standin.Fault{"inner_error", "outer_error", "invalid_number", "busy", "answered", "cancel", "not_available"},
			},
			{
				pattern: "POST /call-password/get-password-call-status", answer: newTelStatus,
				plays: []standin.Fault{"inner_error", "outer_error"},
			},
		},
	}
}

// newTelSigned answers for a request whose signature is wrong or stale, and for those errors that both methods have.
func newTelSigned(a *ask) bool {
	token, method := a.after("Bearer"), strings.TrimPrefix(a.r.URL.Path, "/")
	key := a.secrets["API_KEY"]
	if len(token) != len(key)+10+2*sha256.Size {
		a.json(http.StatusUnauthorized, values{"status": "error", "message": "Access denied"})
		return false
	}
	at, signature := token[len(key):len(key)+10], token[len(key)+10:]
	sum := sha256.Sum256([]byte(strings.Join([]string{method, at, key, string(a.body), a.secrets["SIGN_KEY"]}, "\n")))
	seconds, err := strconv.ParseInt(at, 10, 64)
	right := a.is("API_KEY", token[:len(key)])
	right = same(signature, hex.EncodeToString(sum[:])) && right
	switch age := a.now().Sub(time.Unix(seconds, 0)); {
	case !right || err != nil:
		a.json(http.StatusUnauthorized, values{"status": "error", "message": "Wrong signature"})
	case age.Abs() > newTelSkew:
		a.json(http.StatusUnauthorized, values{"status": "error", "message": "Request expired"})
	case a.fault == "outer_error":
		a.json(http.StatusOK, values{"status": "error", "message": "Internal error"})
	case a.fault == "inner_error":
		newTelRefuses(a, "Call was not started")
	default:
		return true
	}
	return false
}

// newTelRefuses answers an error at the inner level, which comes with 200.
func newTelRefuses(a *ask, message string) {
	a.json(http.StatusOK, values{"status": "success", "data": values{"result": "error", "message": message}})
}

// newTelStart doesn't take fixedCid, with which every code would be the same.
func newTelStart(a *ask) {
	if !newTelSigned(a) {
		return
	}
	var order struct {
		Number  string `json:"dstNumber"`
		Pin     string `json:"pin"`
		Timeout int    `json:"timeout"`
		Async   int    `json:"async"`
	}
	if !a.decode(&order) || !standin.ValidNumber(order.Number) || (order.Pin != "" && !digits(order.Pin, 4, 4)) ||
		order.Timeout < 0 || order.Timeout > 79 || order.Async < 0 || order.Async > 1 {
		newTelRefuses(a, "Wrong parameters")
		return
	}
	if a.fault == "invalid_number" {
		a.json(http.StatusOK, values{"status": "success", "data": values{"result": "success", "callDetails": values{
			"callId": "0", "pin": order.Pin, "isValidNumber": false, "status": "not available",
		}}})
		return
	}
	fate := "no answer"
	if a.fault == "busy" || a.fault == "answered" || a.fault == "cancel" || a.fault == "not_available" {
		fate = strings.ReplaceAll(string(a.fault), "_", " ")
	}
	if call, _, ok := a.place(standin.Order{To: order.Number, Code: order.Pin, Fate: fate}); ok {
		newTelTells(a, call, order.Async == 0)
	}
}

func newTelStatus(a *ask) {
	if !newTelSigned(a) {
		return
	}
	var order struct {
		CallID string `json:"callId"`
	}
	if !a.decode(&order) {
		newTelRefuses(a, "Wrong parameters")
		return
	}
	call, ok := a.book.Find(order.CallID)
	if !ok {
		newTelRefuses(a, "Call not found")
		return
	}
	newTelTells(a, call, call.State == "ended")
}

// newTelTells answers what is known of a call; over says that its fate is.
func newTelTells(a *ask, call standin.Call, over bool) {
	details := values{
		"callId": call.ID, "pin": call.From[len(call.From)-4:], "isValidNumber": true, "oper": "Operator", "region": "Region", "status": "",
	}
	if over {
		details["status"] = call.Fate
	}
	a.json(http.StatusOK, values{"status": "success", "data": values{"result": "success", "callDetails": details}})
}
