package providers_test

import (
	"crypto/hmac"
	"crypto/md5" //nolint:gosec // Sinch's signature holds it
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/loops/standin/providers"
)

const sinchPath = "/verification/v1/verifications"

// sinchTry is a signed request and what may be wrong with it.
type sinchTry struct {
	method, path, body string
	at                 time.Time
	sent               string // the body as it is sent; empty: as it was signed
	key                string // empty: the right one
}

func (s sinchTry) send(t *testing.T, to http.Handler) (int, map[string]any) {
	t.Helper()
	secret, err := base64.StdEncoding.DecodeString("BeIukql3pTKJ8RGL5zo0DA==")
	if err != nil {
		t.Fatal(err)
	}
	digest, kind, stamp := "", "", s.at.UTC().Format(time.RFC3339)
	if s.body != "" {
		sum := md5.Sum([]byte(s.body)) //nolint:gosec // see above
		digest, kind = base64.StdEncoding.EncodeToString(sum[:]), "application/json"
	}
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(strings.Join([]string{s.method, digest, kind, "x-timestamp:" + stamp, s.path}, "\n")))
	if s.key == "" {
		s.key = "669E367E-6BBA-48AB-AF15-266871C28135"
	}
	if s.sent == "" {
		s.sent = s.body
	}
	w := send(t, to, s.method, s.path, map[string]string{"Content-Type": kind, "x-timestamp": stamp,
		"Authorization": "Application " + s.key + ":" + base64.StdEncoding.EncodeToString(mac.Sum(nil))}, s.sent)
	out := map[string]any{}
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	return w.Code, out
}

func TestSinchChecksTheBytes(t *testing.T) {
	now := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	s := start(t, "sinch", providers.Options{Now: func() time.Time { return now }})
	const order = `{"identity":{"type":"number","endpoint":"+79990000001"},"method":"flashCall","reference":"r"}`
	for name, tc := range map[string]struct {
		try    sinchTry
		status int
	}{
		"right":            {sinchTry{body: order, at: now}, 200},
		"a blank more":     {sinchTry{body: order, at: now, sent: order + " "}, 401},
		"another key":      {sinchTry{body: order, at: now, key: "x"}, 401},
		"stale":            {sinchTry{body: order, at: now.Add(-6 * time.Minute)}, 401},
		"from the future":  {sinchTry{body: order, at: now.Add(6 * time.Minute)}, 401},
		"without plus":     {sinchTry{body: strings.Replace(order, "+", "", 1), at: now}, 400},
		"unknown key":      {sinchTry{body: strings.Replace(order, "reference", "ref", 1), at: now}, 400},
		"by SMS":           {sinchTry{body: strings.Replace(order, "flashCall", "sms", 1), at: now}, 400},
		"dials too long":   {sinchTry{body: strings.Replace(order, `"reference"`, `"flashCallOptions":{"dialTimeout":121},"reference"`, 1), at: now}, 400},
		"dials as allowed": {sinchTry{body: strings.Replace(order, `"reference"`, `"flashCallOptions":{"dialTimeout":5},"reference"`, 1), at: now}, 200},
	} {
		t.Run(name, func(t *testing.T) {
			tc.try.method, tc.try.path = "POST", sinchPath
			if status, body := tc.try.send(t, s); status != tc.status {
				t.Errorf("%d %v, want %d", status, body, tc.status)
			}
		})
	}
	if n := len(s.Calls("79990000001")); n != 2 {
		t.Errorf("%d calls", n)
	}
}

// One try decides, a newer verification of the same number takes the place of an older one, and time runs out.
func TestSinchStates(t *testing.T) {
	now := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	s := start(t, "sinch", providers.Options{Now: func() time.Time { return now }})
	begin := func() string {
		t.Helper()
		_, out := sinchTry{method: "POST", path: sinchPath, at: now,
			body: `{"identity":{"type":"number","endpoint":"+79990000001"},"method":"flashCall"}`}.send(t, s)
		return out["id"].(string)
	}
	report := func(id, cli string) string {
		t.Helper()
		_, out := sinchTry{method: "PUT", path: sinchPath + "/id/" + id, at: now, body: `{"method":"flashCall","flashCall":{"cli":"+` + cli + `"}}`}.send(t, s)
		return strings.TrimSpace(out["status"].(string) + " " + text(out["reason"]))
	}
	status := func(id string) string {
		t.Helper()
		_, out := sinchTry{method: "GET", path: sinchPath + "/id/" + id, at: now}.send(t, s)
		return strings.TrimSpace(out["status"].(string) + " " + text(out["reason"]))
	}
	first := begin()
	if got := status(first); got != "PENDING" {
		t.Errorf("at first %s", got)
	}
	second := begin()
	if got := status(first); got != "ABORTED" {
		t.Errorf("the older one is %s", got)
	}
	right := s.Calls("79990000001")[0].From
	if got := report(second, "7"+right); got != "FAIL Invalid CLI" {
		t.Errorf("a wrong number gives %s", got)
	}
	if got := report(second, right); got != "FAIL Invalid CLI" {
		t.Errorf("after a wrong number the right one gives %s", got)
	}
	third := begin()
	if got := report(third, s.Calls("79990000001")[0].From); got != "SUCCESSFUL" {
		t.Errorf("the right number gives %s", got)
	}
	fourth := begin()
	now = now.Add(2 * time.Minute)
	if got := report(fourth, s.Calls("79990000001")[0].From); got != "FAIL Expired" {
		t.Errorf("too late it gives %s", got)
	}
	if got := status(third); got != "SUCCESSFUL" {
		t.Errorf("a verified one becomes %s", got)
	}
}

func text(v any) string {
	out, _ := v.(string)
	return out
}
