package rules_test

import (
	"mime"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/PuerkitoBio/goquery"
)

// shaped holds an answer to what is true of all of them, whatever was sent.
func (r reply) shaped() {
	r.s.Helper()
	r.tellsNothing()
	r.statusFits()
	media, params, err := mime.ParseMediaType(r.header.Get("Content-Type"))
	if len(r.body) > 0 && err != nil {
		r.s.Errorf("%d has a body of type %q", r.status, r.header.Get("Content-Type"))
	}
	switch {
	case len(r.body) == 0:
	case media == "application/json":
		r.jsonFits()
	case media == "text/html":
		if !strings.EqualFold(params["charset"], "utf-8") {
			r.s.Errorf("HTML in %q", params["charset"])
		}
		if r.status < 300 || r.status >= 400 { // a redirect's body is shown by nobody
			r.pageFits()
		}
	}
	r.cookiesFit()
	if r.header.Get("Access-Control-Allow-Credentials") != "" {
		r.s.Error("scripts of another origin may send cookies")
	}
}

// internal is what only this program's makers understand: stacks, SQL, texts of
// Go's errors, files.
var internal = regexp.MustCompile(`(?i)goroutine \d|\bpanic|runtime error|\.go:\d|\bsql\b|sqlite|SELECT |no such table|strconv\.|invalid character|unexpected end of JSON|illegal base64|` +
	`\bzitadel\b|\bjose\b|\bx509\b|parse "|dial tcp|context (deadline|canceled)|nil pointer|ringtail-id/|invalid URL escape|unmarshal|/(home|root|usr|tmp|var)/`)

func (r reply) tellsNothing() {
	r.s.Helper()
	if r.status == http.StatusOK && r.json()["access_token"] != nil {
		return // random letters, of which any word may come
	}
	texts := []string{string(r.body)}
	for name, values := range r.header {
		if name != "Location" { // it repeats what the relying party sent
			texts = append(texts, values...)
		}
	}
	for _, text := range texts {
		if found := internal.FindString(text); found != "" {
			r.s.Errorf("the answer tells of %q: %s", found, text)
		}
		if strings.Contains(text, secret) || strings.Contains(text, verifier) {
			r.s.Errorf("the answer repeats a secret: %s", text)
		}
	}
}

// statusFits checks what a status asks for beside it.
func (r reply) statusFits() {
	r.s.Helper()
	switch {
	case r.status >= 500:
		r.s.Errorf("%d %s\n%s", r.status, r.body, r.s.log)
	case r.status == http.StatusUnauthorized && r.header.Get("WWW-Authenticate") == "":
		r.s.Error("401 without WWW-Authenticate (RFC 9110, section 11.6.1)")
	case r.status == http.StatusMethodNotAllowed && len(r.header.Values("Allow")) == 0:
		r.s.Error("405 without Allow (RFC 9110, section 15.5.6)")
	case r.status == http.StatusTemporaryRedirect || r.status == http.StatusPermanentRedirect:
		r.s.Errorf("%d makes a browser post the password again (RFC 9700, section 4.12)", r.status)
	case r.out != nil && r.header.Get("Referrer-Policy") != "no-referrer":
		r.s.Errorf("sent out with the referrer policy %q (RFC 9700, section 4.2.4)", r.header.Get("Referrer-Policy"))
	}
}

// jsonFits checks JSON, and an OAuth error in it (RFC 6749, section 5.2).
func (r reply) jsonFits() {
	r.s.Helper()
	object := r.json()
	if object == nil {
		r.s.Fatalf("not a JSON object: %s", r.body)
	}
	if r.header.Get("X-Content-Type-Options") != "nosniff" {
		r.s.Error("JSON without nosniff")
	}
	if cache := r.header.Get("Cache-Control"); cache != "no-store" && !strings.HasPrefix(cache, "public") {
		r.s.Errorf("JSON with Cache-Control %q", cache)
	}
	code, failed := object["error"].(string)
	if !failed {
		return
	}
	if !regexp.MustCompile(`^[a-z_]+$`).MatchString(code) || r.status < 400 {
		r.s.Errorf("error %q with status %d", code, r.status)
	}
	for name, value := range object {
		text, isText := value.(string)
		if !slices.Contains([]string{"error", "error_description", "error_uri"}, name) || !isText || !errorText.MatchString(text) {
			r.s.Errorf("%s is %v", name, value)
		}
	}
}

// pageFits checks what every page has: no frame, no foreign script, no cache.
func (r reply) pageFits() {
	r.s.Helper()
	policy := r.header.Get("Content-Security-Policy")
	for _, directive := range []string{"default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"} {
		if !strings.Contains(policy, directive) {
			r.s.Errorf("the page's policy lacks %s: %s", directive, policy)
		}
	}
	if strings.Contains(policy, "unsafe") || strings.Contains(policy, "*") {
		r.s.Errorf("the page's policy allows too much: %s", policy)
	}
	for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "Cross-Origin-Opener-Policy": "same-origin"} {
		if r.header.Get(name) != want {
			r.s.Errorf("the page has %s: %q", name, r.header.Get(name))
		}
	}
	if referrer := r.header.Get("Referrer-Policy"); referrer != "same-origin" && referrer != "no-referrer" {
		r.s.Errorf("the page has Referrer-Policy: %q", referrer)
	}
	page := r.page()
	if page.Find("script:not([src]), style, [style], base, iframe, object, embed").Length() > 0 {
		r.s.Errorf("the page has inline script, style or a frame:\n%s", r.body)
	}
	page.Find("*").Each(func(_ int, element *goquery.Selection) {
		for _, attribute := range element.Nodes[0].Attr {
			if strings.HasPrefix(attribute.Key, "on") || strings.HasPrefix(strings.ToLower(strings.TrimSpace(attribute.Val)), "javascript:") {
				r.s.Errorf("the page has %s=%q", attribute.Key, attribute.Val)
			}
		}
	})
	if r.status >= 400 && r.problem() == "" {
		r.s.Errorf("%d without the id of a problem:\n%s", r.status, r.body)
	}
}

// cookiesFit checks every cookie that the answer sets (OWASP ASVS 5, section 3.3).
func (r reply) cookiesFit() {
	r.s.Helper()
	for _, c := range (&http.Response{Header: r.header}).Cookies() {
		if !strings.HasPrefix(c.Name, "__Host-") || !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || len(c.Name)+len(c.Value) > 4096 {
			r.s.Errorf("cookie %v", c)
		}
	}
}
