package logout_test

import (
	"bytes"
	"maps"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp/keyring"
	"github.com/ringtail-id/ringtail/idp/logout"
	"github.com/ringtail-id/ringtail/idp/logout/backchannel"
	"github.com/ringtail-id/ringtail/idp/oidc/signing"
)

// stranger is another provider's ring: none of its keys is ours.
func (w *world) stranger() *signing.Ring {
	keys, err := keyring.New(bytes.Repeat([]byte{9}, keyring.MasterKeyBytes), nil)
	w.must(err)
	ring, err := signing.New(signing.Options{Records: newWorld(w.t).store, Keyring: keys, Algorithms: []string{signing.ES256}, Now: w.clock})
	w.must(err)
	return ring
}

// Anybody can send a browser here: by a link, an image, a form. Nothing of that
// ends a session.
func TestAnotherSiteSignsNobodyOut(t *testing.T) {
	w := newWorld(t)
	a := w.agent()
	session := a.signIn("u1", "shop")
	old := w.hint(w.agent().signIn("u1", "shop"))
	for name, pairs := range map[string][]string{
		"nothing":                          {},
		"only a redirect":                  {"post_logout_redirect_uri", "https://evil.example/"},
		"a client":                         {"client_id", "shop"},
		"a client and its address":         {"client_id", "shop", "post_logout_redirect_uri", goodbye},
		"an ID token of another session":   {"id_token_hint", old, "post_logout_redirect_uri", goodbye},
		"the attacker's own ID token":      {"id_token_hint", w.hint("session-9", "sub", "u2")},
		"the session with another's sub":   {"id_token_hint", w.hint(session, "sub", "u2")},
		"an ID token without a session":    {"id_token_hint", w.hint("", "sid", "")},
		"the right token for another name": {"id_token_hint", w.hint(session), "logout_hint", "boris"},
		"a logout_hint alone":              {"logout_hint", "anna"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := a.logout(pairs...); got.page != "question" || got.location != "" || w.ended(session) {
				t.Errorf("page %q location %q ended %v", got.page, got.location, w.ended(session))
			}
			if got := a.post(logout.Path, values(pairs)); got.page != "question" || w.ended(session) {
				t.Errorf("posted: page %q ended %v", got.page, w.ended(session))
			}
		})
	}
}

// What can't be true is refused, and nothing is asked.
func TestForgedAndSwappedHints(t *testing.T) {
	w := newWorld(t)
	a := w.agent()
	session := a.signIn("u1", "shop", "bank")
	good := w.hint(session)
	claims := map[string]any{"iss": w.issuer, "sub": "u1", "aud": "shop", "sid": session, "exp": w.now.Add(time.Hour).Unix()}
	logoutToken := maps.Clone(claims)
	logoutToken["events"] = map[string]any{backchannel.EventLogout: map[string]any{}}
	for name, pairs := range map[string][]string{
		"no token":                        {"id_token_hint", "x"},
		"another provider's":              {"id_token_hint", w.sign(w.stranger(), "JWT", claims)},
		"a changed claim":                 {"id_token_hint", strings.Replace(good, ".", ".e", 1)},
		"no signature":                    {"id_token_hint", good[:strings.LastIndexByte(good, '.')+1]},
		"another issuer under our key":    {"id_token_hint", w.hint(session, "iss", "https://evil.example")},
		"another client's beside our ID":  {"id_token_hint", w.hint(session, "aud", "bank"), "client_id", "shop"},
		"ours beside another client's ID": {"id_token_hint", good, "client_id", "bank"},
		"a logout token":                  {"id_token_hint", w.sign(w.ring, backchannel.TokenType, logoutToken)},
		"a logout token without its type": {"id_token_hint", w.sign(w.ring, "JWT", logoutToken)},
		"an access token":                 {"id_token_hint", w.sign(w.ring, "at+jwt", claims)},
	} {
		t.Run(name, func(t *testing.T) {
			got := a.logout(append(pairs, "post_logout_redirect_uri", goodbye)...)
			if got.page != "logout_hint_invalid" || got.status != 400 || got.location != "" || w.ended(session) {
				t.Errorf("%d page %q location %q ended %v", got.status, got.page, got.location, w.ended(session))
			}
		})
	}
	if got := a.logout("id_token_hint", w.hint(session, "aud", "nobody")); got.page != "client_unknown" || w.ended(session) {
		t.Errorf("of a client that is gone: page %q", got.page)
	}
}

// Never anywhere but to an address that this very client registered.
func TestOpenRedirects(t *testing.T) {
	w := newWorld(t)
	a := w.agent()
	session := a.signIn("u1", "shop")
	token := w.hint(session)
	for _, uri := range []string{
		"https://evil.example/", "//evil.example/", "https:evil.example", "/\\evil.example", "javascript:alert(1)", "data:text/html,x",
		"https://bank.example/bye", // another client's
		goodbye + "/", goodbye + "?", goodbye + "#", goodbye + "#x", goodbye + "?x=2", goodbye + "?x=1&y=2", goodbye + "/..", goodbye + "%2f", goodbye + " ", " " + goodbye,
		goodbye + "\r\nSet-Cookie: x=1", goodbye + "\x00", "http://shop.example/bye", "HTTPS://shop.example/bye", "https://SHOP.example/bye",
		"https://shop.example:443/bye", "https://user@shop.example/bye", "https://shop.example@evil.example/bye", "https://shop.example.evil.example/bye",
		"https://shop.example\\@evil.example/bye", "https://shop.example/cb", "https://shop.example/./bye", "com.example.app:/other", "*",
	} {
		for name, pairs := range map[string][]string{
			"with the ID token": {"id_token_hint", token}, "with client_id": {"client_id", "shop"},
		} {
			got := a.logout(append(pairs, "post_logout_redirect_uri", uri)...)
			if got.page != "logout_redirect_invalid" || got.location != "" {
				t.Errorf("%q %s: page %q location %q", uri, name, got.page, got.location)
			}
		}
		form := a.question("client_id", "shop", "post_logout_redirect_uri", goodbye)
		form.Set("post_logout_redirect_uri", uri)
		if got := a.post(logout.PathConfirm, form); got.page != "logout_redirect_invalid" || got.location != "" {
			t.Errorf("%q in the answer: page %q location %q", uri, got.page, got.location)
		}
		if got := w.agent().logout("id_token_hint", token, "post_logout_redirect_uri", uri); got.page != "logout_redirect_invalid" {
			t.Errorf("%q where nobody is signed in: page %q location %q", uri, got.page, got.location)
		}
	}
	if w.ended(session) {
		t.Error("a request that is refused signed out all the same")
	}
}

// The state stays a value, whatever is in it.
func TestStateInjection(t *testing.T) {
	for _, state := range []string{"a&code=stolen", "a#fragment", "a\r\nSet-Cookie: x=1", "a?b=c", "<script>", "%26code%3Dx", "…", strings.Repeat("s", 4096)} {
		w := newWorld(t)
		a := w.agent()
		session := a.signIn("u1", "shop")
		for name, got := range map[string]answer{
			"asked":  a.post(logout.PathConfirm, a.question("client_id", "shop", "post_logout_redirect_uri", goodbye+"?x=1", "state", state)),
			"proven": w.agent().logout("id_token_hint", w.hint(session), "post_logout_redirect_uri", goodbye+"?x=1", "state", state),
		} {
			u, err := url.Parse(got.location)
			w.must(err)
			query, err := url.ParseQuery(u.RawQuery)
			w.must(err)
			if query.Get("state") != state || len(query) != 2 || u.Fragment != "" || got.header.Get("Set-Cookie") == "x=1" {
				t.Errorf("%s %.20q: %q", name, state, got.location)
			}
		}
	}
	w := newWorld(t)
	if got := w.agent().logout("state", strings.Repeat("s", 5000)); got.page != "request_invalid" {
		t.Errorf("a state without end: page %q", got.page)
	}
}

// The answer counts in the browser and the session that were asked.
func TestTheQuestionIsAnsweredByWhoWasAsked(t *testing.T) {
	w := newWorld(t)
	a, other := w.agent(), w.agent()
	session := a.signIn("u1", "shop")
	theirs := other.signIn("u2", "shop")
	form := a.question("client_id", "shop", "post_logout_redirect_uri", goodbye)
	without := func(name, value string) url.Values {
		changed := maps.Clone(form)
		changed[name] = []string{value}
		return changed
	}
	for name, bad := range map[string]url.Values{
		"no proof": without("proof", ""), "another proof": without("proof", strings.Repeat("0", 64)), "another's proof": other.question(),
	} {
		if got := a.post(logout.PathConfirm, bad); got.page != "request_invalid" || w.ended(session) {
			t.Errorf("%s: page %q ended %v", name, got.page, w.ended(session))
		}
	}
	if got := other.post(logout.PathConfirm, form); got.page != "request_invalid" || w.ended(theirs) {
		t.Errorf("in another browser: page %q", got.page)
	}
	if got := w.agent().post(logout.PathConfirm, form); got.page != "goodbye" || got.location != "" {
		t.Errorf("in a browser where nobody is signed in: page %q location %q", got.page, got.location)
	}
	again := a.signIn("u1", "shop")
	if got := a.post(logout.PathConfirm, form); got.page != "request_invalid" || w.ended(again) {
		t.Errorf("in the next session: page %q", got.page)
	}
}

func TestOddRequests(t *testing.T) {
	w := newWorld(t)
	a := w.agent()
	session := a.signIn("u1", "shop")
	for name, query := range map[string]string{
		"two addresses":  "client_id=shop&post_logout_redirect_uri=" + url.QueryEscape(goodbye) + "&post_logout_redirect_uri=https://evil.example",
		"two hints":      "id_token_hint=" + w.hint(session) + "&id_token_hint=x",
		"two states":     "state=a&state=b",
		"no query":       "%zz=1",
		"a semicolon":    "a=1;b=2",
		"a hint too big": "id_token_hint=" + strings.Repeat("x", 9<<10),
	} {
		r := a.post(logout.Path+"?"+query, url.Values{})
		if r.page != "request_invalid" || w.ended(session) {
			t.Errorf("%s in a posted query: page %q", name, r.page)
		}
	}
	for name, form := range map[string]url.Values{
		"two hints":      {"id_token_hint": {w.hint(session), "x"}},
		"two client IDs": {"client_id": {"shop", "bank"}},
		"too much":       {"id_token_hint": {strings.Repeat("x", 70<<10)}},
	} {
		if r := a.post(logout.Path, form); r.page != "request_invalid" || w.ended(session) {
			t.Errorf("%s: %d page %q", name, r.status, r.page)
		}
		if r := a.post(logout.PathConfirm, form); r.page != "request_invalid" || w.ended(session) {
			t.Errorf("%s in the answer: page %q", name, r.page)
		}
	}
}
