package storetest

import (
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/browser"
)

func someSession(id, user string) *idp.Session {
	return &idp.Session{
		ID: id, UserID: user, Browser: "browser",
		Facts: []idp.Fact{
			{Method: "password", Factor: 1, AMR: []string{"pwd"}, At: noon},
			{Method: "flashCall", Factor: 2, AMR: []string{"tel"}, At: noon.Add(time.Minute)},
		},
		AuthTime: noon.Add(time.Minute), CreatedAt: noon, SeenAt: noon.Add(time.Minute), ExpiresAt: noon.Add(time.Hour),
		UserAgent: "Mozilla/5.0", Address: "192.0.2.7",
	}
}

func keepsSession(t *testing.T, s Stores) {
	must(t, s.Users.CreateUser(t.Context(), someUser("u1", "anna")))
	want := someSession("s1", "u1")
	want.EndedAt = noon.Add(time.Second)
	wantFull(t, *want)
	must(t, s.Sessions.CreateSession(t.Context(), want))
	got, err := s.Sessions.SessionByID(t.Context(), "s1")
	must(t, err)
	if !reflect.DeepEqual(got, want) {
		t.Errorf("session is %+v, want %+v", got, want)
	}
	wantError(t, "same id", s.Sessions.CreateSession(t.Context(), want), idp.ErrTaken)
	_, err = s.Sessions.SessionByID(t.Context(), "none")
	wantError(t, "unknown", err, idp.ErrNotFound)
}

func updatesSession(t *testing.T, s Stores) {
	must(t, s.Users.CreateUser(t.Context(), someUser("u1", "anna")))
	must(t, s.Sessions.CreateSession(t.Context(), someSession("s1", "u1")))
	refusal := errors.New("refused")
	_, err := s.Sessions.UpdateSession(t.Context(), "s1", func(session *idp.Session) error {
		session.EndedAt = noon
		return refusal
	})
	if err != refusal {
		t.Errorf("error is %v, want that of change itself", err)
	}
	want := someSession("s1", "u1")
	want.EndedAt, want.SeenAt, want.Facts = noon.Add(2*time.Minute), noon.Add(time.Minute), want.Facts[:1]
	told, err := s.Sessions.UpdateSession(t.Context(), "s1", func(session *idp.Session) error {
		if !session.EndedAt.IsZero() {
			t.Error("a refused change was stored")
		}
		*session = *want
		session.ID = "other"
		return nil
	})
	must(t, err)
	got, err := s.Sessions.SessionByID(t.Context(), "s1")
	must(t, err)
	if !reflect.DeepEqual(got, want) || !reflect.DeepEqual(told, want) {
		t.Errorf("stored %+v, told %+v, want %+v", got, told, want)
	}
	_, err = s.Sessions.UpdateSession(t.Context(), "none", func(*idp.Session) error { return nil })
	wantError(t, "unknown", err, idp.ErrNotFound)
}

func refusesSession(t *testing.T, s Stores) {
	if err := s.Sessions.CreateSession(t.Context(), someSession("s1", "nobody")); err == nil {
		t.Error("a session of a user who doesn't exist was stored")
	}
	_, err := s.Sessions.SessionByID(t.Context(), "s1")
	wantError(t, "read", err, idp.ErrNotFound)
}

func expiresBrowser(t *testing.T, s Stores) {
	want := browser.Row{Browser: "b1", Session: "s1", ExpiresAt: noon.Add(time.Hour)}
	must(t, s.Browsers.PutBrowser(t.Context(), "key", want))
	wantBrowser(t, s, "key", want.ExpiresAt.Add(-time.Microsecond), &want)
	wantBrowser(t, s, "key", want.ExpiresAt, nil)
	wantBrowser(t, s, "none", noon, nil)
	want = browser.Row{Browser: "b1", ExpiresAt: noon.Add(2 * time.Hour)}
	must(t, s.Browsers.PutBrowser(t.Context(), "key", want))
	wantBrowser(t, s, "key", noon.Add(time.Hour), &want)
}

func rotatesBrowser(t *testing.T, s Stores) {
	grace, end := noon.Add(time.Minute), noon.Add(time.Hour)
	old := browser.Row{Browser: "b1", Session: "s-old", ExpiresAt: end}
	next := browser.Row{Browser: "b1", Session: "s-new", ExpiresAt: end.Add(time.Hour)}
	must(t, s.Browsers.PutBrowser(t.Context(), "old", old))
	must(t, s.Browsers.RotateBrowser(t.Context(), "old", "new", next, grace))
	wantBrowser(t, s, "new", end, &next)
	wantBrowser(t, s, "old", noon, &browser.Row{Browser: "b1", ExpiresAt: grace})
	wantBrowser(t, s, "old", grace, nil)
}

func shortensGrace(t *testing.T, s Stores) {
	end := noon.Add(time.Second)
	row := browser.Row{Browser: "b1", Session: "s1", ExpiresAt: end}
	must(t, s.Browsers.PutBrowser(t.Context(), "old", row))
	must(t, s.Browsers.RotateBrowser(t.Context(), "old", "new", row, noon.Add(time.Hour)))
	wantBrowser(t, s, "old", noon, &browser.Row{Browser: "b1", ExpiresAt: end})
	wantBrowser(t, s, "old", end, nil)
}

func rotatesUnknown(t *testing.T, s Stores) {
	next := browser.Row{Browser: "b1", Session: "s1", ExpiresAt: noon.Add(time.Hour)}
	must(t, s.Browsers.RotateBrowser(t.Context(), "gone", "new", next, noon.Add(time.Minute)))
	wantBrowser(t, s, "new", noon, &next)
	wantBrowser(t, s, "gone", noon, nil)
}

// wantBrowser expects no row where want is nil.
func wantBrowser(t *testing.T, s Stores, key string, now time.Time, want *browser.Row) {
	t.Helper()
	got, err := s.Browsers.BrowserByKey(t.Context(), key, now)
	if want == nil {
		wantError(t, "browser "+key, err, idp.ErrNotFound)
		return
	}
	must(t, err)
	if got != *want {
		t.Errorf("browser %s is %+v, want %+v", key, got, *want)
	}
}

func sweeps(t *testing.T, s Stores) {
	must(t, s.Users.CreateUser(t.Context(), someUser("u1", "anna")))
	put := func(name string, expires time.Time) {
		l, session := someLogin(name), someSession(name, "u1")
		l.ExpiresAt, session.ExpiresAt = expires, expires
		must(t, s.Logins.CreateLogin(t.Context(), l))
		must(t, s.Sessions.CreateSession(t.Context(), session))
		must(t, s.Browsers.PutBrowser(t.Context(), name, browser.Row{Browser: name, ExpiresAt: expires}))
	}
	for i := range 5 {
		put(fmt.Sprint("old-", i), noon.Add(-time.Duration(i)*time.Microsecond))
	}
	put("new", noon.Add(time.Microsecond))
	for _, want := range []int{3 * 3, 3 * 2, 0} {
		got, err := s.Sweeper.Sweep(t.Context(), noon, 3)
		if err != nil || got != want {
			t.Errorf("swept %d, %v; want %d", got, err, want)
		}
	}
	_, err := s.Logins.LoginByID(t.Context(), "old-0")
	wantError(t, "an expired login", err, idp.ErrNotFound)
	_, err = s.Sessions.SessionByID(t.Context(), "old-0")
	wantError(t, "an expired session", err, idp.ErrNotFound)
	_, err = s.Logins.LoginByID(t.Context(), "new")
	must(t, err)
	_, err = s.Sessions.SessionByID(t.Context(), "new")
	must(t, err)
	wantBrowser(t, s, "new", noon, &browser.Row{Browser: "new", ExpiresAt: noon.Add(time.Microsecond)})
}
