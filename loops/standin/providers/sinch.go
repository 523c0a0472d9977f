package providers

import (
	"crypto/hmac"
	"crypto/md5" //nolint:gosec // Sinch's signature holds the body's MD5
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/ringtail-id/ringtail/loops/standin"
)

const (
	sinchPath = "/verification/v1/verifications"
	// sinchSkew is how far a request's x-timestamp may be off. Sinch's pages name no figure; this one is ours.
	sinchSkew = 5 * time.Minute
	// sinchLife is how long a verification can be reported: the interceptionTimeout of the answer.
	sinchLife = 120 * time.Second
)

// sinch plays Sinch Verification with flash calls: a signed POST starts one, a signed PUT reports the whole number that was seen, a
// signed GET asks. A new verification of a number aborts the one before it.
func sinch() definition {
	return definition{
		secrets: map[string]string{"APPLICATION_KEY": "669E367E-6BBA-48AB-AF15-266871C28135", "APPLICATION_SECRET": "BeIukql3pTKJ8RGL5zo0DA=="},
		id:      func(n int) string { return strconv.Itoa(1234567800 + n) },
		routes: []route{
			{pattern: "POST " + sinchPath, answer: sinchStart, plays: []standin.Fault{"open_filter", "no_filter"}},
			{pattern: "PUT " + sinchPath + "/id/{id}", answer: sinchReport, plays: []standin.Fault{"fail", "expired", "aborted", "fraud", "no_credit", "blocked", "unreachable"}},
			{pattern: "GET " + sinchPath + "/id/{id}", answer: sinchStatus, plays: []standin.Fault{"fail", "expired", "aborted", "fraud", "no_credit", "blocked", "unreachable"}},
		},
		callback: sinchCallback,
	}
}

func sinchStart(a *ask) {
	var order struct {
		Identity struct {
			Type     string `json:"type"`
			Endpoint string `json:"endpoint"`
		} `json:"identity"`
		Method    string `json:"method"`
		Reference string `json:"reference"`
		Custom    string `json:"custom"`
		Options   struct {
			DialTimeout int `json:"dialTimeout"`
		} `json:"flashCallOptions"`
	}
	if !sinchSigned(a) {
		return
	}
	ok := a.decode(&order)
	to, plus := strings.CutPrefix(order.Identity.Endpoint, "+")
	if !ok || !plus || !standin.ValidNumber(to) || order.Identity.Type != "number" || order.Method != "flashCall" {
		sinchRefuse(a, http.StatusBadRequest, 40001, "Number "+order.Identity.Endpoint+" is invalid.")
		return
	}
	if t := order.Options.DialTimeout; t != 0 && (t < 5 || t > 120) {
		sinchRefuse(a, http.StatusBadRequest, 40001, "dialTimeout is out of range.")
		return
	}
	for _, c := range a.book.To(to) {
		if c.Fate == "" {
			a.book.SetFate(c.ID, "ABORTED")
		}
	}
	call, _, ok := a.place(standin.Order{To: to})
	if !ok {
		return
	}
	a.memo.put("reference "+call.ID, order.Reference, a.now())
	flash := values{"interceptionTimeout": int(sinchLife.Seconds()), "reportTimeout": int(sinchLife.Seconds()), "denyCallAfter": 0}
	switch known := call.From[:7]; a.fault {
	case "no_filter":
	case "open_filter": // the form of Sinch's example: what comes before the known digits may be anything
		flash["cliFilter"] = "(.*)" + known[1:] + "(.*)"
	default:
		flash["cliFilter"] = known + "(.*)"
	}
	a.json(http.StatusOK, values{"id": call.ID, "method": "flashCall", "flashCall": flash})
}

func sinchReport(a *ask) {
	var report struct {
		Method    string `json:"method"`
		FlashCall struct {
			CLI string `json:"cli"`
		} `json:"flashCall"`
	}
	if !sinchSigned(a) {
		return
	}
	call, ok := a.book.Find(a.r.PathValue("id"))
	cli, plus := "", false
	if a.decode(&report) {
		cli, plus = strings.CutPrefix(report.FlashCall.CLI, "+")
	}
	switch {
	case !plus || !digits(cli, 3, 15) || report.Method != "flashCall":
		sinchRefuse(a, http.StatusBadRequest, 40001, "cli is invalid.")
	case !ok:
		sinchRefuse(a, http.StatusNotFound, 40400, "there is no such verification")
	default:
		if sinchFate(a, call) == "" {
			fate := "FAIL Invalid CLI"
			if cli == call.From {
				fate = "SUCCESSFUL"
			}
			a.book.SetFate(call.ID, fate)
			call.Fate = fate
		}
		a.json(http.StatusOK, sinchState(a, call))
	}
}

func sinchStatus(a *ask) {
	if !sinchSigned(a) {
		return
	}
	call, ok := a.book.Find(a.r.PathValue("id"))
	if !ok {
		sinchRefuse(a, http.StatusNotFound, 40400, "there is no such verification")
		return
	}
	a.json(http.StatusOK, sinchState(a, call))
}

// sinchFate is what became of a verification: status, blank, reason; empty while it's open.
func sinchFate(a *ask, c standin.Call) string {
	played := map[standin.Fault]string{
		"fail": "FAIL Invalid CLI", "expired": "FAIL Expired", "aborted": "ABORTED", "fraud": "DENIED Fraud", "no_credit": "DENIED Not enough credit",
		"blocked": "DENIED Blocked", "unreachable": "ERROR Network error or number unreachable",
	}
	if fate, ok := played[a.fault]; ok {
		return fate
	}
	if c.Fate == "" && c.Age(a.now()) >= sinchLife {
		return "FAIL Expired"
	}
	return c.Fate
}

func sinchState(a *ask, c standin.Call) values {
	status, reason, _ := strings.Cut(sinchFate(a, c), " ")
	out := values{"id": c.ID, "method": "flashcall", "status": status}
	if status == "" {
		out["status"] = "PENDING"
	}
	if reason != "" {
		out["reason"] = reason
	}
	if reference, _, ok := a.memo.get("reference " + c.ID); ok && reference != "" {
		out["reference"] = reference
	}
	return out
}

// sinchSigned checks the signature over the bytes as they came, and answers where it's wrong or stale.
func sinchSigned(a *ask) bool {
	at, err := time.Parse(time.RFC3339, a.r.Header.Get("x-timestamp"))
	given := a.r.Header.Get("Authorization")
	want := sinchSignature(a.provider, a.r.Method, a.body, a.r.Header.Get("Content-Type"), a.r.Header.Get("x-timestamp"), a.r.URL.EscapedPath())
	switch {
	case err != nil || a.now().Sub(at).Abs() > sinchSkew:
		sinchRefuse(a, http.StatusUnauthorized, 40101, "x-timestamp is missing or too far off")
	case !same(given, want):
		sinchRefuse(a, http.StatusUnauthorized, 40100, "the signature is wrong")
	case a.r.URL.RawQuery != "":
		sinchRefuse(a, http.StatusBadRequest, 40001, "there are no parameters")
	default:
		return true
	}
	return false
}

// sinchSignature is the header Authorization of an application's signed request. A request without a body has neither digest nor type.
func sinchSignature(p *provider, method string, body []byte, kind, at, path string) string {
	digest := ""
	if len(body) > 0 {
		sum := md5.Sum(body) //nolint:gosec // see above
		digest = base64.StdEncoding.EncodeToString(sum[:])
	}
	key, err := base64.StdEncoding.DecodeString(p.secrets["APPLICATION_SECRET"])
	if err != nil {
		return "" // no request has an empty header
	}
	mac := hmac.New(sha256.New, key)
	_, _ = fmt.Fprintf(mac, "%s\n%s\n%s\nx-timestamp:%s\n%s", method, digest, kind, at, path) // a hash takes everything
	return "Application " + p.secrets["APPLICATION_KEY"] + ":" + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// sinchCallback makes a VerificationRequestEvent ("request") or a VerificationResultEvent: "result" tells how the verification stands,
// "fraud" and "unreachable" how it failed. "bad_signature" and "replayed" are results that must not be believed. The address
// is set in Sinch's dashboard, so it isn't known here.
func sinchCallback(p *provider, c standin.Call, event string) (standin.Callback, error) {
	at, path := p.now(), "/blitz/hooks/sinch"
	a := &ask{provider: p, fault: standin.Fault(event)}
	body := sinchState(a, c)
	body["event"], body["identity"] = "VerificationResultEvent", values{"type": "number", "endpoint": "+" + c.To}
	switch event {
	case "request":
		body["event"] = "VerificationRequestEvent"
		delete(body, "status")
		delete(body, "reason")
	case "replayed":
		at = at.Add(-sinchSkew - time.Second)
	case "result", "bad_signature", "fraud", "unreachable":
	default:
		return standin.Callback{}, fmt.Errorf("sinch has no event %q", event)
	}
	text, err := json.Marshal(body)
	stamp := at.UTC().Format(time.RFC3339)
	signature := sinchSignature(p, http.MethodPost, text, "application/json", stamp, path)
	if event == "bad_signature" {
		signature = sinchSignature(p, http.MethodPost, append(text, ' '), "application/json", stamp, path)
	}
	return standin.Callback{Method: http.MethodPost, Path: path, Body: string(text), Header: http.Header{
		"Content-Type": {"application/json"}, "X-Timestamp": {stamp}, "Authorization": {signature},
	}}, err
}

func sinchRefuse(a *ask, status, code int, message string) {
	a.json(status, values{"errorCode": code, "message": message})
}
