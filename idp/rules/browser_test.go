package rules_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"time"

	"github.com/PuerkitoBio/goquery"

	"github.com/ringtail-id/ringtail/idp"
)

// reply is what came back: from one request, or from the last of those that a
// browser was led through.
type reply struct {
	s      *site
	sent   *http.Request
	status int
	header http.Header
	body   []byte
	// out is where the browser was sent outside of the provider; nil where it stayed.
	out *url.URL
}

// read closes the answer.
func (s *site) read(res *http.Response, err error) reply {
	s.Helper()
	s.must(err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	s.must(err)
	r := reply{s: s, sent: res.Request, status: res.StatusCode, header: res.Header, body: body}
	if to, err := res.Location(); err == nil && !strings.HasPrefix(to.String(), s.issuer+"/") {
		r.out = to
	}
	return r
}

// page is the body as HTML.
func (r reply) page() *goquery.Document {
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(r.body))
	r.s.must(err)
	return doc
}

func (r reply) has(selector string) bool {
	return strings.HasPrefix(r.header.Get("Content-Type"), "text/html") && r.page().Find(selector).Length() > 0
}

// problem is the id of the problem that the page tells of.
func (r reply) problem() string {
	if !r.has("[data-problem]") {
		return ""
	}
	return r.page().Find("[data-problem]").AttrOr("data-problem", "")
}

// answer is what the relying party was told, by whichever response mode.
func (r reply) answer() url.Values {
	switch {
	case r.out != nil && r.out.Fragment != "":
		values, err := url.ParseQuery(r.out.EscapedFragment())
		r.s.must(err)
		return values
	case r.out != nil:
		return r.out.Query()
	case r.has("form[data-submit]"):
		_, values := r.form("form[data-submit]")
		return values
	}
	return nil
}

// json reads the body as an object; nil where it is none.
func (r reply) json() map[string]any {
	var object map[string]any
	if json.Unmarshal(r.body, &object) != nil {
		return nil
	}
	return object
}

// form is what the form with the selector, or around it, would send and where to.
func (r reply) form(selector string) (action string, values url.Values) {
	r.s.Helper()
	form := r.page().Find(selector).First().Closest("form")
	if form.Length() == 0 {
		r.s.Fatalf("%s shows no form with %s: %d\n%s", r.sent.URL, selector, r.status, r.body)
	}
	values = url.Values{}
	form.Find("input").Each(func(_ int, field *goquery.Selection) {
		if name, ok := field.Attr("name"); ok {
			values.Add(name, field.AttrOr("value", ""))
		}
	})
	target, err := r.sent.URL.Parse(form.AttrOr("action", ""))
	r.s.must(err)
	return target.String(), values
}

// browser has cookies, follows redirects while they stay at the provider, and
// fills forms. It belongs to one person.
type browser struct {
	*site
	name string
	http *http.Client
}

func (s *site) browser(name string) *browser {
	s.Helper()
	jar, err := cookiejar.New(nil)
	s.must(err)
	return &browser{site: s, name: name, http: &http.Client{Jar: jar, Transport: s.wire, CheckRedirect: s.inside}}
}

// in is the same browser at the site of a subtest.
func (b *browser) in(s *site) *browser {
	c := *b
	c.site = s
	return &c
}

// inside stops a browser that is led out.
func (s *site) inside(r *http.Request, via []*http.Request) error {
	if len(via) > 20 || !strings.HasPrefix(r.URL.String(), s.issuer+"/") {
		return http.ErrUseLastResponse
	}
	return nil
}

// change is a way in which a request differs from the usual one.
type change = func(*http.Request)

func header(name string, values ...string) change {
	return func(r *http.Request) {
		for _, value := range values {
			r.Header.Add(name, value)
		}
	}
}

// send asks with any method, query and body.
func (b *browser) send(method, target, body string, changes ...change) reply {
	b.Helper()
	r, err := http.NewRequestWithContext(context.Background(), method, target, strings.NewReader(body))
	b.must(err)
	for _, c := range changes {
		c(r)
	}
	return b.read(b.http.Do(r))
}

// get opens a page of the provider.
func (b *browser) get(path string, query url.Values, changes ...change) reply {
	b.Helper()
	target := b.issuer + path
	if len(query) > 0 {
		target += "?" + query.Encode()
	}
	return b.send(http.MethodGet, target, "", changes...)
}

const formType = "application/x-www-form-urlencoded"

// post sends a form.
func (b *browser) post(target string, form url.Values, changes ...change) reply {
	b.Helper()
	return b.send(http.MethodPost, target, form.Encode(), append([]change{header("Content-Type", formType)}, changes...)...)
}

// submit fills the page's form with the selector in it and posts it.
func (b *browser) submit(page reply, selector string, pairs ...string) reply {
	b.Helper()
	action, values := page.form(selector)
	return b.post(action, with(values, pairs...))
}

// walk answers what the pages ask until the browser is led out or nothing is
// left to answer.
func (b *browser) walk(at reply) reply {
	b.Helper()
	for range 10 {
		switch {
		case at.out != nil || at.status >= http.StatusBadRequest:
			return at
		case at.has("input[name=password]"):
			at = b.submit(at, "input[name=password]", "login", b.name, "password", passport)
		case at.has("input[name=code]:not([type=hidden])"):
			at = b.call(at)
		case at.has("button[value=allow]"):
			at = b.submit(at, "button[value=allow]", "action", "allow")
		default:
			return at
		}
	}
	b.Fatalf("the pages ask again and again: %s\n%s", at.sent.URL, at.body)
	return at
}

// call waits until the telephone rang and enters the code.
func (b *browser) call(at reply) reply {
	b.Helper()
	for deadline := time.Now().Add(30 * time.Second); !at.has("[data-state=called]"); <-time.After(5 * time.Millisecond) {
		if time.Now().After(deadline) || at.status >= http.StatusBadRequest {
			b.Fatalf("nobody called %s:\n%s\n%s", b.name, at.body, b.log)
		}
		at = b.send(http.MethodGet, at.sent.URL.String(), "")
	}
	return b.submit(at, "input[name=code]:not([type=hidden])", "code", b.phone.code(b.number()))
}

// number is the telephone's of the browser's person.
func (b *browser) number() string {
	b.Helper()
	user, err := b.data.UserByID(context.Background(), "id-of-"+b.name)
	b.must(err)
	return user.Attribute(idp.AttributePhone)
}

// with changes a form: "" takes a parameter away.
func with(form url.Values, pairs ...string) url.Values {
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Del(pairs[i])
		if pairs[i+1] != "" {
			form.Set(pairs[i], pairs[i+1])
		}
	}
	return form
}
