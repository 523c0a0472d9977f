package device_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp"
)

// The whole way: the device begins, the person types its code and signs in, and
// the device gets its tokens.
func TestSignInOnADevice(t *testing.T) {
	w := newWorld(t)
	a := w.ask("/blitz/oauth/da", "tv", "scope", "openid profile offline_access nonsense")
	user := a.get("user_code")
	want := map[string]any{
		"device_code": a.get("device_code"), "user_code": user, "expires_in": 600.0, "interval": 5.0,
		"verification_uri": w.server.URL + "/blitz/device", "verification_uri_complete": w.server.URL + "/blitz/device?user_code=" + user,
	}
	if a.status != http.StatusOK || a.header.Get("Cache-Control") != "no-store" || len(a.get("device_code")) < 40 || len(user) != 9 || len(a.fields) != len(want) {
		t.Fatalf("the device begins with %d %v %s", a.status, a.header, a.text)
	}
	for name, value := range want {
		if a.fields[name] != value {
			t.Errorf("%s is %v, want %v", name, a.fields[name], value)
		}
	}
	code := a.get("device_code")
	w.polls("tv", code, "authorization_pending")

	b := w.agent("192.0.2.1")
	v := b.get(strings.TrimPrefix(a.get("verification_uri_complete"), w.server.URL)).wants(http.StatusOK, "")
	if got := v.page.Find("[name=user_code]").AttrOr("value", ""); got != user || v.page.Find("[value=continue]").Length() != 0 {
		t.Fatalf("the link leads to a form with %q, and further:\n%s", got, v.body)
	}
	v = b.answers(v, "[name=user_code]").wants(http.StatusOK, "")
	text := v.page.Find("main").Text()
	for _, part := range []string{"Television", user, "See your name and profile", "Keep access while you are away", "Go on only if"} {
		if !strings.Contains(text, part) {
			t.Errorf("before the login the page doesn't say %q:\n%s", part, text)
		}
	}
	v = b.signsIn(b.answers(v, "[value=continue]"), "ann")
	if v.page.Find("[value=allow]").Length() != 1 || v.page.Find("[data-user-code]").Text() != user {
		t.Fatalf("no question for consent with the code at %s:\n%s", v.at, v.body)
	}
	w.polls("tv", code, "authorization_pending")
	v = b.answers(v, "[value=allow]").wants(http.StatusOK, "")
	if v.decided() != "approved" || v.at.Path != "/blitz/device" {
		t.Fatalf("the person ends at %s:\n%s", v.at, v.body)
	}
	got := w.polls("tv", code, "")
	if got.get("id_token") == "" || got.get("refresh_token") == "" || got.get("scope") != "openid profile offline_access" || got.get("token_type") != "Bearer" {
		t.Errorf("tokens %s", got.text)
	}
	again := w.ask("/blitz/oauth/te", "tv", "grant_type", "refresh_token", "refresh_token", got.get("refresh_token"))
	if again.status != http.StatusOK {
		t.Errorf("refresh: %d %s", again.status, again.text)
	}
}

// Who is signed in already is still asked, and whose consent is not needed otherwise.
func TestASessionIsNoConsent(t *testing.T) {
	w := newWorld(t)
	b := w.agent("192.0.2.1")
	first, second := w.begin("tv"), w.begin("radio")
	b.answers(b.signsIn(b.toLogin(first.user), "ann"), "[value=allow]")
	v := b.toLogin(second.user)
	if v.page.Find("[value=allow]").Length() != 1 || !strings.Contains(v.page.Find("main").Text(), "radio") {
		t.Fatalf("the second device leads to %s:\n%s", v.at, v.body)
	}
	w.polls("radio", second.code, "authorization_pending")
	if v := b.answers(v, "[value=cancel]"); v.decided() != "denied" {
		t.Errorf("who refuses ends at %s:\n%s", v.at, v.body)
	}
	w.polls("radio", second.code, "access_denied")
	w.polls("tv", first.code, "")
}

// A code that somebody else sent is turned away without signing in.
func TestTheDeviceCanBeTurnedAwayAtOnce(t *testing.T) {
	w := newWorld(t)
	d := w.begin("tv")
	b := w.agent("192.0.2.1")
	v := b.types(d.user)
	if got := b.answers(v, "[value=deny]"); got.decided() != "denied" {
		t.Fatalf("it ends at %s:\n%s", got.at, got.body)
	}
	w.polls("tv", d.code, "access_denied")
	b.answers(v, "[value=continue]").wants(http.StatusGone, "device_over")
	b.types(d.user).wants(http.StatusBadRequest, "device_code_unknown")
}

func TestTheEndpointRefuses(t *testing.T) {
	w := newWorld(t)
	for name, c := range map[string]struct {
		client string
		pairs  []string
		status int
		code   string
	}{
		"no client":                  {"", []string{"scope", "openid"}, 401, "invalid_client"},
		"an unknown client":          {"nobody", []string{"scope", "openid"}, 401, "invalid_client"},
		"a client without the grant": {"app", []string{"scope", "openid"}, 400, "unauthorized_client"},
		"a secret left out":          {"", []string{"scope", "openid", "client_id", "box"}, 401, "invalid_client"},
		"a wrong secret":             {"", []string{"scope", "openid", "client_id", "box", "client_secret", "guess"}, 401, "invalid_client"},
		"no scope":                   {"tv", nil, 400, "invalid_scope"},
		"no openid":                  {"tv", []string{"scope", "profile"}, 400, "invalid_scope"},
		"a repeated parameter":       {"tv", []string{"scope", "openid", "scope", "openid"}, 400, "invalid_request"},
		"a resource of others":       {"tv", []string{"scope", "openid", "resource", "https://api.example/"}, 400, "invalid_target"},
		"a resource that is no URI":  {"box", []string{"scope", "openid", "resource", "api"}, 400, "invalid_target"},
	} {
		a := w.ask("/blitz/oauth/da", c.client, c.pairs...)
		if a.status != c.status || a.get("error") != c.code || a.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d %s, want %d %s", name, a.status, a.text, c.status, c.code)
		}
		if challenge := a.header.Get("WWW-Authenticate"); (c.status == 401) != (challenge != "") {
			t.Errorf("%s: WWW-Authenticate %q", name, challenge)
		}
	}
	if a := w.ask("/blitz/oauth/da?scope=openid", "tv"); a.get("error") != "invalid_request" {
		t.Errorf("a query: %s", a.text)
	}
	if a := w.ask("/blitz/oauth/da", "box", "scope", "openid", "resource", "https://api.example/"); a.status != http.StatusOK {
		t.Errorf("a client with a secret and a resource: %d %s", a.status, a.text)
	}
	res, err := http.Get(w.server.URL + "/blitz/oauth/da")
	must(t, err)
	res.Body.Close()
	if res.StatusCode != http.StatusMethodNotAllowed || res.Header.Get("Allow") != "POST" {
		t.Errorf("GET: %s, allows %q", res.Status, res.Header.Get("Allow"))
	}
}

// What ends while the person decides is told, and leaves nothing behind.
func TestWhatEndsMeanwhile(t *testing.T) {
	t.Run("the code expires on the page", func(t *testing.T) {
		w := newWorld(t)
		d := w.begin("tv")
		b := w.agent("192.0.2.1")
		v := b.types(d.user)
		w.wait(10 * time.Minute)
		b.answers(v, "[value=continue]").wants(http.StatusGone, "device_over")
		b.types(d.user).wants(http.StatusBadRequest, "device_code_unknown")
		w.polls("tv", d.code, "expired_token")
	})
	t.Run("the code expires in the login", func(t *testing.T) {
		w := newWorld(t)
		d := w.begin("tv")
		b := w.agent("192.0.2.1")
		v := b.signsIn(b.toLogin(d.user), "ann")
		w.wait(10 * time.Minute)
		b.answers(v, "[value=allow]").wants(http.StatusGone, "device_over")
		w.polls("tv", d.code, "expired_token")
	})
	t.Run("approved in the last second", func(t *testing.T) {
		w := newWorld(t)
		d := w.begin("tv")
		b := w.agent("192.0.2.1")
		v := b.signsIn(b.toLogin(d.user), "ann")
		w.wait(10*time.Minute - time.Second)
		if v := b.answers(v, "[value=allow]"); v.decided() != "approved" {
			t.Fatalf("it ends at %s:\n%s", v.at, v.body)
		}
		w.wait(20 * time.Second)
		if a := w.poll("tv", d.code); a.status != http.StatusOK {
			t.Errorf("the device gets %d %s", a.status, a.text)
		}
	})
	t.Run("never fetched", func(t *testing.T) {
		w := newWorld(t)
		d := w.begin("tv")
		b := w.agent("192.0.2.1")
		b.answers(b.signsIn(b.toLogin(d.user), "ann"), "[value=allow]")
		w.wait(11 * time.Minute)
		w.polls("tv", d.code, "expired_token")
	})
	t.Run("the client loses the grant", func(t *testing.T) {
		w := newWorld(t)
		d := w.begin("tv")
		b := w.agent("192.0.2.1")
		v := b.types(d.user)
		_, err := w.store.UpdateClient(t.Context(), "tv", func(c *idp.Client) error {
			c.Grants = []string{idp.GrantCode}
			return nil
		})
		must(t, err)
		b.answers(v, "[value=continue]").wants(http.StatusGone, "client_unknown")
		w.polls("tv", d.code, "unauthorized_client")
	})
	t.Run("the person is blocked", func(t *testing.T) {
		w := newWorld(t)
		d := w.begin("tv")
		b := w.agent("192.0.2.1")
		v := b.signsIn(b.toLogin(d.user), "ann")
		_, err := w.store.UpdateUser(t.Context(), "ann", func(u *idp.User) error {
			u.Blocked = true
			return nil
		})
		must(t, err)
		if v := b.answers(v, "[value=allow]"); v.decided() != "denied" {
			t.Errorf("it ends at %s:\n%s", v.at, v.body)
		}
		w.polls("tv", d.code, "access_denied")
	})
}

// The pages work in both languages, and say what can be said about a code at once.
func TestThePageSpeaksToPeople(t *testing.T) {
	w := newWorld(t)
	b := w.agent("192.0.2.1")
	b.header.Set("Accept-Language", "ru")
	if v := b.get("/blitz/device"); !strings.Contains(v.page.Find("h1").Text(), "Подключение устройства") {
		t.Errorf("in Russian it is called %q", v.page.Find("h1").Text())
	}
	v := b.types("<b>no code</b>").wants(http.StatusBadRequest, "device_code_format")
	if got := v.page.Find("[name=user_code]").AttrOr("value", ""); got != "<b>no code</b>" || v.page.Find("main b").Length() != 0 {
		t.Errorf("the form holds %q:\n%s", got, v.body)
	}
	d := w.begin("tv")
	b.types(strings.ToLower(strings.ReplaceAll(d.user, "-", " "))).wants(http.StatusOK, "")
	if v := b.get("/blitz/device?user_code=" + url.QueryEscape("call 555-1234 now")); v.page.Find("[name=user_code]").AttrOr("value", "") != "" {
		t.Errorf("a link puts words into the form:\n%s", v.body)
	}
	b.post("/blitz/device", url.Values{"action": {"fly"}}).wants(http.StatusBadRequest, "action_unknown")
	b.post("/blitz/device", url.Values{"user_code": {d.user, d.user}}).wants(http.StatusBadRequest, "form_invalid")
}

// What the client's registration says of every login holds for a device's too.
func TestADevicesLoginIsAsTheClientWantsIt(t *testing.T) {
	w := newWorld(t)
	age := int64(60)
	_, err := w.store.UpdateClient(t.Context(), "tv", func(c *idp.Client) error {
		c.DefaultMaxAge = &age
		return nil
	})
	must(t, err)
	a := w.agent("192.0.2.1")
	a.signsIn(a.toLogin(w.begin("tv").user), "ann")
	if v := a.toLogin(w.begin("tv").user); v.page.Find("#password").Length() != 0 {
		t.Errorf("asked again at once:\n%s", v.body)
	}
	w.wait(2 * time.Minute)
	if v := a.toLogin(w.begin("tv").user); v.page.Find("#password").Length() != 1 {
		t.Errorf("not asked again after two minutes:\n%s", v.body)
	}
}
