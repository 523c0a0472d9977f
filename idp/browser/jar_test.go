package browser_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/browser"
)

// memory is Rows in a map.
type memory struct {
	rows map[string]browser.Row
	err  error
}

func (m *memory) BrowserByKey(_ context.Context, hash string, now time.Time) (browser.Row, error) {
	row, ok := m.rows[hash]
	if m.err != nil {
		return row, m.err
	}
	if !ok || !now.Before(row.ExpiresAt) {
		return browser.Row{}, idp.ErrNotFound
	}
	return row, nil
}

func (m *memory) PutBrowser(_ context.Context, hash string, row browser.Row) error {
	m.rows[hash] = row
	return m.err
}

func (m *memory) RotateBrowser(_ context.Context, old, next string, row browser.Row, grace time.Time) error {
	m.rows[old] = browser.Row{Browser: row.Browser, ExpiresAt: grace}
	m.rows[next] = row
	return m.err
}

func hash(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:])
}

type world struct {
	rows *memory
	now  time.Time
	jar  *browser.Jar
}

func newWorld(secure bool) *world {
	w := &world{rows: &memory{rows: map[string]browser.Row{}}, now: time.Unix(1_800_000_000, 0)}
	w.jar = browser.New(browser.Options{Rows: w.rows, Hash: hash, Secure: secure, Life: time.Hour, Now: func() time.Time { return w.now }})
	return w
}

// visit runs do with the cookies and returns the one that it set, if any.
func (w *world) visit(t *testing.T, cookie *http.Cookie, do func(http.ResponseWriter, *http.Request) error) *http.Cookie {
	t.Helper()
	rec, req := httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil)
	if cookie != nil {
		req.AddCookie(cookie)
	}
	if err := do(rec, req); err != nil {
		t.Fatal(err)
	}
	if set := rec.Result().Cookies(); len(set) > 0 {
		return set[len(set)-1]
	}
	return nil
}

func (w *world) ensure(t *testing.T, cookie *http.Cookie) (v browser.Visit, set *http.Cookie) {
	t.Helper()
	set = w.visit(t, cookie, func(rw http.ResponseWriter, r *http.Request) (err error) {
		v, err = w.jar.Ensure(rw, r)
		return err
	})
	return v, set
}

func (w *world) current(t *testing.T, cookie *http.Cookie) (v browser.Visit) {
	t.Helper()
	w.visit(t, cookie, func(_ http.ResponseWriter, r *http.Request) (err error) {
		v, err = w.jar.Current(r)
		return err
	})
	return v
}

func (w *world) signIn(t *testing.T, cookie *http.Cookie, session string) *http.Cookie {
	t.Helper()
	return w.visit(t, cookie, func(rw http.ResponseWriter, r *http.Request) error { return w.jar.SignIn(rw, r, session) })
}

func TestCookieCarriesOnlyAKey(t *testing.T) {
	for name, secure := range map[string]bool{"https": true, "http": false} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(secure)
			v, cookie := w.ensure(t, nil)
			if v.Browser == "" || cookie == nil {
				t.Fatalf("visit %+v, cookie %v", v, cookie)
			}
			if cookie.Value == v.Browser {
				t.Error("the cookie's value is the browser's id itself")
			}
			if _, kept := w.rows.rows[cookie.Value]; kept {
				t.Error("the key is stored as it is")
			}
			want := "ringtail"
			if secure {
				want = "__Host-ringtail"
			}
			if cookie.Name != want || cookie.Secure != secure || !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || cookie.Path != "/" || cookie.Domain != "" {
				t.Errorf("cookie %+v", cookie)
			}
		})
	}
}

func TestEnsureKeepsAKnownBrowser(t *testing.T) {
	w := newWorld(false)
	first, cookie := w.ensure(t, nil)
	second, set := w.ensure(t, cookie)
	if second != first || set != nil {
		t.Errorf("second visit %+v set %v, want %+v and no cookie", second, set, first)
	}
}

func TestUnknownAndExpiredKeysAreNobody(t *testing.T) {
	w := newWorld(false)
	_, cookie := w.ensure(t, nil)
	if got := w.current(t, &http.Cookie{Name: "ringtail", Value: "planted"}); got != (browser.Visit{}) {
		t.Errorf("planted key: %+v", got)
	}
	w.now = w.now.Add(time.Hour)
	if got := w.current(t, cookie); got != (browser.Visit{}) {
		t.Errorf("expired key: %+v", got)
	}
}

func TestSignInChangesTheKey(t *testing.T) {
	w := newWorld(false)
	before, planted := w.ensure(t, nil)
	signed := w.signIn(t, planted, "session-1")
	if signed == nil || signed.Value == planted.Value {
		t.Fatal("the key did not change at sign-in")
	}
	if got := w.current(t, signed); got.Session != "session-1" || got.Browser != before.Browser {
		t.Errorf("signed in: %+v", got)
	}
	if got := w.current(t, planted); got.Session != "" || got.Browser != before.Browser {
		t.Errorf("the old key within the grace: %+v, want the browser without a session", got)
	}
	w.now = w.now.Add(2 * time.Minute)
	if got := w.current(t, planted); got != (browser.Visit{}) {
		t.Errorf("the old key after the grace: %+v", got)
	}
}

func TestSignInAgainWithTheOldKeyWithinTheGrace(t *testing.T) {
	w := newWorld(false)
	_, cookie := w.ensure(t, nil)
	w.signIn(t, cookie, "session-1")
	again := w.signIn(t, cookie, "session-1")
	if got := w.current(t, again); got.Session != "session-1" {
		t.Errorf("after a repeated sign-in: %+v", got)
	}
}

func TestGainingAFactorChangesTheKey(t *testing.T) {
	w := newWorld(false)
	_, cookie := w.ensure(t, nil)
	first := w.signIn(t, cookie, "session-1")
	second := w.signIn(t, first, "session-1")
	if second == nil || second.Value == first.Value {
		t.Fatal("the key did not change though the session gained a factor")
	}
	if got := w.current(t, first); got.Session != "" {
		t.Errorf("the key from before is still signed in: %+v", got)
	}
}

func TestSignOut(t *testing.T) {
	w := newWorld(false)
	_, cookie := w.ensure(t, nil)
	signed := w.signIn(t, cookie, "session-1")
	out := w.visit(t, signed, func(rw http.ResponseWriter, r *http.Request) error { return w.jar.SignOut(rw, r) })
	if got := w.current(t, out); got.Session != "" || got.Browser == "" {
		t.Errorf("after sign-out: %+v", got)
	}
	if got := w.current(t, signed); got.Session != "" {
		t.Errorf("the signed-in key after sign-out: %+v", got)
	}
}

func TestSignInNeedsACookie(t *testing.T) {
	w := newWorld(false)
	err := w.jar.SignIn(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil), "session-1")
	if err == nil {
		t.Error("a browser without a cookie was signed in")
	}
}

func TestAFaultOfTheRowsIsAnError(t *testing.T) {
	w := newWorld(false)
	_, cookie := w.ensure(t, nil)
	w.rows.err = errors.New("database gone")
	req := httptest.NewRequest("GET", "/", nil)
	req.AddCookie(cookie)
	if _, err := w.jar.Current(req); !errors.Is(err, w.rows.err) {
		t.Errorf("error %v", err)
	}
}
