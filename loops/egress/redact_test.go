package egress_test

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/egress"
)

func TestRedaction(t *testing.T) {
	const secret = `p&ss "w/rd"+1?`
	r := egress.NewRedactor(map[string]string{"key": secret, "pin": "12", "none": ""})
	quoted, _ := json.Marshal(secret)
	for name, text := range map[string]string{
		"as it is":        "a" + secret + "b",
		"in a query":      "?k=" + url.QueryEscape(secret),
		"in a path":       "/v1/" + url.PathEscape(secret) + "/call",
		"in JSON":         `{"k":` + string(quoted) + `}`,
		"hex":             hex.EncodeToString([]byte(secret)),
		"upper hex":       strings.ToUpper(hex.EncodeToString([]byte(secret))),
		"base64":          base64.StdEncoding.EncodeToString([]byte(secret)),
		"base64 url":      base64.RawURLEncoding.EncodeToString([]byte(secret)),
		"basic, shift 1":  base64.StdEncoding.EncodeToString([]byte("u:" + secret)),
		"basic, shift 2":  base64.StdEncoding.EncodeToString([]byte("us:" + secret + "x")),
		"basic, shift 0":  base64.StdEncoding.EncodeToString([]byte("use:" + secret)),
		"base64 in query": url.QueryEscape(base64.StdEncoding.EncodeToString([]byte(secret))),
	} {
		out := r.Text(text)
		if !strings.Contains(out, egress.Mask) {
			t.Errorf("%s: %s stays %s", name, text, out)
		}
		// What is left of base64 may hold a few bits at the edges, never four characters of the secret's own.
		if core := base64.StdEncoding.EncodeToString([]byte(secret))[4:8]; strings.Contains(out, core) {
			t.Errorf("%s: %s is left", name, out)
		}
	}
	if got := r.Text("12"); got != egress.Mask {
		t.Errorf("a short secret alone: %s", got)
	}
	if got := r.Text("0123"); got != "0123" {
		t.Errorf("a short secret inside: %s", got)
	}
	if got := r.Text(""); got != "" {
		t.Errorf("empty text: %q", got)
	}
}

func TestStepIsRedactedAndTheOriginalStays(t *testing.T) {
	r := egress.NewRedactor(map[string]string{"token": "s3cret-token"})
	step := loops.Step{
		Request: loops.Request{
			URL:    "https://a.example/s3cret-token/call?k=s3cret-token",
			Header: http.Header{"Authorization": {"Bearer x"}, "Token": {"s3cret-token"}, "Plain": {"1"}},
			Body:   `{"token":"s3cret-token"}`,
		},
		Answer: &loops.Answer{Status: 200, Header: http.Header{"Set-Cookie": {"a=b"}}, Body: "you sent s3cret-token"},
	}
	out := r.Step(step)
	text, _ := json.Marshal(out)
	if strings.Contains(string(text), "s3cret") || strings.Contains(string(text), "Bearer x") || strings.Contains(string(text), "a=b") {
		t.Errorf("left in %s", text)
	}
	if out.Request.Header.Get("Plain") != "1" || out.Answer.Status != 200 {
		t.Errorf("too much is gone: %s", text)
	}
	if step.Request.Header.Get("Token") != "s3cret-token" || !strings.Contains(step.Answer.Body, "s3cret") {
		t.Error("the original was changed")
	}
}
