package server_test

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/idp/oidc"
)

// What can't be put on record is told to nobody: each caller gets 503 in the form that
// they asked in, without a cookie, and it is counted.
func TestWithheldAnswers(t *testing.T) {
	a := newAudited(t)
	at, _ := a.send(a.url+"/blitz/oauth/ae?"+url.Values{
		"client_id": {"app"}, "redirect_uri": {"https://app.example/cb"}, "response_type": {"code"}, "scope": {"openid"},
		"code_challenge": {strings.Repeat("A", 43)}, "code_challenge_method": {"S256"},
	}.Encode(), nil)
	a.close() // whatever is recorded from here on is lost
	made := "grant_type=refresh_token&client_id=app&refresh_token=made-up"
	for _, c := range []struct{ name, path, form, accept, media, says string }{
		{"a page of a login", at.Path, "login=ann&password=wrong", "text/html", "text/html", `data-problem="unavailable"`},
		{"a login as JSON", at.Path, "login=ann&password=wrong", jsonMedia, jsonMedia, `"id":"unavailable"`},
		{"a right password", at.Path, "login=ann&password=ring-the-phone", jsonMedia, jsonMedia, `"id":"unavailable"`},
		{"tokens", "/blitz" + oidc.PathToken, made, "", jsonMedia, `"error":"temporarily_unavailable"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := http.NewRequest(http.MethodPost, a.url+c.path, strings.NewReader(c.form))
			a.must(err)
			r.Header.Set("Content-Type", formMedia)
			r.Header.Set("Accept", c.accept)
			res, err := a.client.Do(r)
			a.must(err)
			defer res.Body.Close()
			body, err := io.ReadAll(res.Body)
			a.must(err)
			if res.StatusCode != http.StatusServiceUnavailable || res.Header.Get("Retry-After") != "5" || len(res.Cookies()) > 0 {
				t.Errorf("%s, Retry-After %q, cookies %v", res.Status, res.Header.Get("Retry-After"), res.Cookies())
			}
			if !strings.HasPrefix(res.Header.Get("Content-Type"), c.media) || !strings.Contains(string(body), c.says) {
				t.Errorf("%s, want %s: %s", res.Header.Get("Content-Type"), c.says, body)
			}
			if res.Header.Get("X-Request-Id") == "" {
				t.Error("it has no request id")
			}
		})
	}
	if metrics := ask(a.ops, "GET", "/metrics", "").Body.String(); !strings.Contains(metrics, "ringtail_answers_withheld_total 4\n") {
		t.Error("the metric tells of another number")
	}
}
