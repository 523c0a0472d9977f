package hooks_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/loops"
)

func delivered(answer any) map[string]any {
	return map[string]any{"call_id": "call-1", "state": "delivered", "answer": answer}
}

type object = map[string]any

func TestAnswers(t *testing.T) {
	for name, c := range map[string]struct {
		answer any
		status int
		kind   string
		body   string
	}{
		"none":             {nil, 200, "", ""},
		"empty":            {object{}, 200, "", ""},
		"whole":            {object{"status": 202, "headers": object{"Content-Type": "application/json"}, "body": `{"a":1}`}, 202, "application/json", `{"a":1}`},
		"a body alone":     {object{"body": "<script>alert(1)</script>"}, 200, "text/plain; charset=utf-8", "<script>alert(1)</script>"},
		"a status alone":   {object{"status": 599}, 599, "", ""},
		"no content":       {object{"status": 204, "body": "x"}, 204, "", ""},
		"nulls":            {object{"status": nil, "headers": nil, "body": nil}, 200, "", ""},
		"any letters":      {object{"headers": object{"CONTENT-TYPE": "text/xml; charset=utf-8"}, "body": "<Response/>"}, 200, "text/xml; charset=utf-8", "<Response/>"},
		"a type, no body":  {object{"headers": object{"Content-Type": "text/xml"}}, 200, "", ""},
		"two harmless":     {object{"headers": object{"Retry-After": "5", "Content-Language": "en"}}, 200, "", ""},
		"an informational": {object{"status": 101}, 400, "", ""},
		"zero":             {object{"status": 0}, 400, "", ""},
		"six hundred":      {object{"status": 600}, 400, "", ""},
		"not whole":        {object{"status": 200.5}, 400, "", ""},
		"status in text":   {object{"status": "200"}, 400, "", ""},
		"body no text":     {object{"body": object{"a": 1}}, 400, "", ""},
		"no object":        {"ok", 400, "", ""},
		"headers in text":  {object{"headers": "A: b"}, 400, "", ""},
		"html":             {object{"headers": object{"Content-Type": "text/html"}, "body": "x"}, 400, "", ""},
		"svg":              {object{"headers": object{"Content-Type": "image/svg+xml"}, "body": "x"}, 400, "", ""},
		"a cookie":         {object{"headers": object{"Set-Cookie": "__Host-blitz=x"}}, 400, "", ""},
		"a redirect":       {object{"status": 302, "headers": object{"Location": "https://evil.example"}}, 400, "", ""},
		"another origin":   {object{"headers": object{"Access-Control-Allow-Origin": "*"}}, 400, "", ""},
		"a policy":         {object{"headers": object{"Content-Security-Policy": ""}}, 400, "", ""},
		"a clearing":       {object{"headers": object{"Clear-Site-Data": "*"}}, 400, "", ""},
		"a split value":    {object{"headers": object{"Content-Type": "text/plain\r\nSet-Cookie: a=b"}}, 400, "", ""},
		"a split name":     {object{"headers": object{"Retry-After: 1\r\nSet-Cookie": "a=b"}}, 400, "", ""},
		"a newline":        {object{"headers": object{"Retry-After": "1\n"}}, 400, "", ""},
		"no value":         {object{"headers": object{"Retry-After": 5}}, 400, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, nil)
			w.says(delivered(c.answer), nil)
			got, body := w.ask(t, "POST", "/blitz/hooks/some", "x")
			if got.StatusCode != c.status || body != c.body || got.Header.Get("Content-Type") != c.kind {
				t.Errorf("%d, %q, %q", got.StatusCode, got.Header.Get("Content-Type"), body)
			}
			for _, name := range []string{"Set-Cookie", "Location", "Access-Control-Allow-Origin", "Clear-Site-Data"} {
				if got.Header.Get(name) != "" {
					t.Errorf("%s is %q", name, got.Header.Get(name))
				}
			}
			guarded(t, got)
			if heard := len(w.news()) == 1; heard != (c.status != 400) {
				t.Errorf("heard: %v", heard)
			}
		})
	}
}

// guarded holds that no browser runs or keeps an answer.
func guarded(t *testing.T, r *http.Response) {
	t.Helper()
	if r.Header.Get("X-Content-Type-Options") != "nosniff" || r.Header.Get("Cache-Control") != "no-store" ||
		!strings.Contains(r.Header.Get("Content-Security-Policy"), "default-src 'none'; frame-ancestors 'none'; sandbox") {
		t.Errorf("headers: %v", r.Header)
	}
}

// A refused callback is told its status and nothing else, and changes nothing.
func TestRefusals(t *testing.T) {
	failure := func(key loops.Key, cause error) error {
		return &loops.Failure{Key: key, Params: map[string]string{"detail": "param-79990000001"}, Cause: cause}
	}
	for name, c := range map[string]struct {
		err    error
		status int
	}{
		"wrong signature": {failure(loops.AuthFailed, nil), 401},
		"nonsense":        {failure(loops.BadAnswer, nil), 400},
		"own word":        {failure("my_word", nil), 400},
		"out of order":    {failure(loops.Unavailable, nil), 503},
		"busy":            {failure(loops.Unavailable, loops.ErrBusy), 503},
		"tripped":         {&loops.Refusal{Reason: loops.ReasonContract, Detail: "some/driver.js:1:1: x"}, 400},
		"no callback":     {&loops.Refusal{Reason: loops.ReasonUnsupported, Detail: "some/driver.js:1:1: x"}, 404},
		"too slow":        {&loops.Refusal{Reason: loops.ReasonTime, Detail: "some/driver.js:1:1: x"}, 503},
		"too big":         {&loops.Refusal{Reason: loops.ReasonMemory, Detail: "some/driver.js:1:1: x"}, 503},
		"egress":          {&loops.Refusal{Reason: loops.ReasonEgress, Detail: "some/driver.js:1:1: x"}, 503},
		"anything else":   {errors.New("detail of ours"), 503},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, nil)
			w.says(nil, c.err)
			got, body := w.ask(t, "POST", "/blitz/hooks/some/key-in-path?key=key-in-query", "body-of-it", "Authorization: auth-of-it")
			if got.StatusCode != c.status || body != "" {
				t.Errorf("%d %q, want %d", got.StatusCode, body, c.status)
			}
			if (got.Header.Get("Retry-After") != "") != (c.status == 503) {
				t.Errorf("Retry-After: %q", got.Header.Get("Retry-After"))
			}
			if (got.Header.Get("WWW-Authenticate") != "") != (c.status == 401) {
				t.Errorf("WWW-Authenticate: %q", got.Header.Get("WWW-Authenticate"))
			}
			guarded(t, got)
			if len(w.news()) != 0 {
				t.Errorf("heard %v", w.news())
			}
			log := w.log.String()
			if !strings.Contains(log, "callback refused") || !strings.Contains(log, "driver=some") {
				t.Errorf("log: %s", log)
			}
			for _, secret := range []string{"key-in-", "body-of-it", "auth-of-it", "secret-key", "79990000001"} {
				if strings.Contains(log, secret) {
					t.Errorf("%s is in the log: %s", secret, log)
				}
			}
		})
	}
}

func TestFaultyValues(t *testing.T) {
	for name, value := range map[string]map[string]any{
		"no state":       {"call_id": "c"},
		"another state":  {"call_id": "c", "state": "confirmed"},
		"no call":        {"state": "delivered"},
		"call no text":   {"call_id": 5, "state": "delivered"},
		"no reason":      {"call_id": "c", "state": "failed"},
		"another reason": {"call_id": "c", "state": "failed", "error": "my_word"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, nil)
			w.says(value, nil)
			w.status(t, 400, "POST", "/blitz/hooks/some", "x")
			if len(w.news()) != 0 {
				t.Errorf("heard %v", w.news())
			}
		})
	}
}

// What is told is what the script said.
func TestWhatIsTold(t *testing.T) {
	w := newWorld(t, nil)
	w.says(object{"call_id": "c", "reference": "r", "state": "failed", "error": "unreachable", "code": "0042", "more": 1}, nil)
	w.status(t, 200, "POST", "/blitz/hooks/some", "x")
	if got := fmt.Sprint(w.news()); got != "[map[call_id:c code:0042 error:unreachable more:1 reference:r state:failed]]" {
		t.Errorf("heard %s", got)
	}
}
