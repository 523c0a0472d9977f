package account_test

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/logout/backchannel"
)

// sessions are those on the page; the one that looks at it has a "!".
func (v *view) sessions() (ids []string) {
	v.page.Find("[data-session]").Each(func(_ int, s *goquery.Selection) {
		id := s.AttrOr("data-session", "")
		if _, current := s.Attr("data-current"); current {
			id += "!"
		}
		ids = append(ids, id)
	})
	return ids
}

// end is the form that ends the session.
func (v *view) end(id string) url.Values {
	v.t.Helper()
	form := v.form(`[value="` + id + `"]`)
	form.Set("action", "end")
	return form
}

// told are the applications that are to be told of ended sessions.
func (w *world) told() (clients []string) {
	w.t.Helper()
	for {
		n, err := w.store.TakeNotice(w.t.Context(), backchannel.Lease{Holder: "h", Now: w.now(), Until: w.now().Add(time.Minute), PerClient: 99})
		if errors.Is(err, idp.ErrNotFound) {
			slices.Sort(clients)
			return clients
		}
		must(w.t, err)
		clients = append(clients, n.ClientID)
		must(w.t, w.store.DropNotice(w.t.Context(), n))
	}
}

func (w *world) ended(id string) bool {
	w.t.Helper()
	s, err := w.store.SessionByID(w.t.Context(), id)
	must(w.t, err)
	return !s.EndedAt.IsZero()
}

func TestSessionsAreListedAndEnded(t *testing.T) {
	w := newWorld(t)
	phone := w.agent()
	phone.header.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
	phone.signIn("ann")
	w.app("tv").connect(phone)
	w.agent().signIn("bob")
	w.wait(time.Minute)
	a := w.agent()
	v := a.signIn("ann")
	ids := v.sessions()
	if len(ids) != 2 || !strings.HasSuffix(ids[0], "!") || strings.HasSuffix(ids[1], "!") {
		t.Fatalf("sessions %q", ids)
	}
	if text := v.page.Find("[data-session]").Last().Text(); !strings.Contains(text, "Firefox on Linux") || !strings.Contains(text, "192.0.2.7") || !strings.Contains(text, "App tv") {
		t.Errorf("the other one: %s", text)
	}
	v = a.post("/blitz/profile", v.end(ids[1]))
	if got := v.sessions(); v.status != http.StatusOK || len(got) != 1 || !w.ended(ids[1]) {
		t.Errorf("%d, left %q", v.status, got)
	}
	if got := w.told(); !slices.Contains(got, "tv") {
		t.Errorf("told %v", got)
	}
	if v := phone.get("/blitz/profile"); v.page.Find("#password").Length() != 1 {
		t.Error("the ended session still opens the page")
	}
}

func TestSigningOutEverywhere(t *testing.T) {
	w := newWorld(t)
	phone := w.agent()
	phone.signIn("ann")
	tv := w.app("tv")
	tv.connect(phone)
	bob := w.agent()
	bob.signIn("bob")
	a := w.agent()
	v := a.signIn("ann")
	v = a.post("/blitz/profile", v.form("[value=everywhere]"))
	if v.status != http.StatusOK || v.page.Find("h1").Text() != "You are signed out" {
		t.Errorf("%d %s", v.status, v.page.Find("h1").Text())
	}
	for name, other := range map[string]*agent{"this browser": a, "the other": phone} {
		if v := other.get("/blitz/profile"); v.page.Find("#password").Length() != 1 {
			t.Errorf("%s is still signed in", name)
		}
	}
	bob.get("/blitz/profile").wants(http.StatusOK, "allowed")
	if got := w.told(); !slices.Contains(got, "tv") {
		t.Errorf("told %v", got)
	}
	if tv.renew() == "" || tv.works() {
		t.Error("the application still has access")
	}
}

// Whoever finds a browser open can't lock its owner out of the others; and nobody
// ends another's.
func TestEndingSessionsAsksForAFreshLogin(t *testing.T) {
	w := newWorld(t)
	w.agent().signIn("ann")
	w.wait(time.Second)
	a, bob := w.agent(), w.agent()
	v := a.signIn("ann")
	other := v.sessions()[1]
	bobs := strings.TrimSuffix(bob.signIn("bob").sessions()[0], "!")
	form := v.end(other)
	form.Set("session", bobs)
	a.post("/blitz/profile", form)
	if w.ended(bobs) {
		t.Fatal("another's session was ended")
	}
	forged := v.end(other)
	forged.Set("for", "x")
	a.post("/blitz/profile", forged)
	if w.ended(other) {
		t.Fatal("ended by a form that was made for nobody")
	}
	w.wait(16 * time.Minute)
	for _, form := range []url.Values{v.end(other), v.form("[value=everywhere]")} {
		if v := a.post("/blitz/profile", form); v.page.Find("#password").Length() != 1 || w.ended(other) {
			t.Errorf("%v: asks for a password: %v", form, v.page.Find("#password").Length() == 1)
		}
	}
	fresh := w.agent()
	proof := fresh.signIn("ann").form("[value=everywhere]").Get("for")
	for _, session := range []string{"", strings.Repeat("s", 65)} {
		form := url.Values{"action": {"end"}, "for": {proof}, "session": {session}}
		if v := fresh.post("/blitz/profile", form); v.problem() != "form_invalid" {
			t.Errorf("session %q: %d %s", session, v.status, v.problem())
		}
	}
}
