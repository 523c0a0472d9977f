package browser

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/gorilla/sessions"

	"github.com/ringtail-id/ringtail/idp"
)

// Visit is what the cookie of a request says. The zero Visit is a browser
// that has no valid cookie.
type Visit struct {
	Browser string
	// Session is empty when nobody is signed in.
	Session string
}

// Options for New. Rows and Hash are required.
type Options struct {
	Rows Rows
	// Hash is the keyed hash under which a cookie's key is stored.
	Hash func(key string) string
	// Secure marks an issuer on https: the cookie is then Secure and carries
	// the __Host- prefix (RFC 6265bis, section 4.1.3.2).
	Secure bool
	// Life of a row since its last change of key; the cookie itself ends with the browser.
	Life time.Duration
	// Grace is how long an old key still names the browser, without a session,
	// after the key changed: for requests that were under way. Default 1 minute.
	Grace time.Duration
	Now   func() time.Time
	Rand  io.Reader
}

// Jar reads and sets the cookie.
type Jar struct {
	name  string
	store *store
}

// New returns a jar.
func New(o Options) *Jar {
	name := "ringtail"
	if o.Secure {
		name = "__Host-ringtail"
	}
	if o.Grace == 0 {
		o.Grace = time.Minute
	}
	return &Jar{name: name, store: &store{Options: o}}
}

// Current reads the request's cookie and changes nothing. A cookie that is
// missing, unknown or expired gives the zero Visit.
func (j *Jar) Current(r *http.Request) (Visit, error) {
	s, err := j.store.Get(r, j.name)
	if err != nil {
		return Visit{}, err
	}
	return visit(s), nil
}

// Ensure is Current, but gives a browser without a valid cookie a new one.
func (j *Jar) Ensure(w http.ResponseWriter, r *http.Request) (Visit, error) {
	s, err := j.store.Get(r, j.name)
	if err != nil {
		return Visit{}, err
	}
	if visit(s).Browser != "" {
		return visit(s), nil
	}
	id, err := idp.NewID(j.store.Rand)
	if err != nil {
		return Visit{}, err
	}
	s.Values[browserValue] = id
	if err := j.store.Save(r, w, s); err != nil {
		return Visit{}, err
	}
	return visit(s), nil
}

// SignIn puts the session under a new key, so that a key which somebody knew
// or planted before the login is worth nothing after it (session fixation,
// ASVS 7.2.4). The browser must have a valid cookie.
//
// The same holds when a living session gains a factor: signing in to it again
// changes the key too.
func (j *Jar) SignIn(w http.ResponseWriter, r *http.Request, session string) error {
	return j.change(w, r, session)
}

// SignOut takes the session away and changes the key; the browser keeps its id.
func (j *Jar) SignOut(w http.ResponseWriter, r *http.Request) error {
	return j.change(w, r, "")
}

func (j *Jar) change(w http.ResponseWriter, r *http.Request, session string) error {
	s, err := j.store.Get(r, j.name)
	if err != nil {
		return err
	}
	if visit(s).Browser == "" {
		return errors.New("a browser without a cookie can't change its session")
	}
	s.Values[sessionValue] = session
	delete(s.Values, loadedValue) // so that even the same session gets a new key
	return j.store.Save(r, w, s)
}

// The keys of gorilla's session values.
const (
	browserValue = "browser"
	sessionValue = "session"
	loadedValue  = "loaded" // the session as the row had it when it was read
)

func visit(s *sessions.Session) Visit {
	browser, _ := s.Values[browserValue].(string)
	session, _ := s.Values[sessionValue].(string)
	return Visit{Browser: browser, Session: session}
}

// store is gorilla's Store over Rows.
type store struct{ Options }

var _ sessions.Store = (*store)(nil)

// Get returns the request's session; gorilla's registry keeps one per request.
func (s *store) Get(r *http.Request, name string) (*sessions.Session, error) {
	return sessions.GetRegistry(r).Get(s, name)
}

// maxKey bounds what is hashed for a cookie of unknown origin.
const maxKey = 128

// New reads the cookie. Only a fault of the rows is an error.
func (s *store) New(r *http.Request, name string) (*sessions.Session, error) {
	session := sessions.NewSession(s, name)
	session.IsNew = true
	session.Options = &sessions.Options{Path: "/", HttpOnly: true, Secure: s.Secure, SameSite: http.SameSiteLaxMode}
	cookie, err := r.Cookie(name)
	if err != nil || cookie.Value == "" || len(cookie.Value) > maxKey {
		return session, nil
	}
	row, err := s.Rows.BrowserByKey(r.Context(), s.Hash(cookie.Value), s.Now())
	if errors.Is(err, idp.ErrNotFound) {
		return session, nil
	}
	if err != nil {
		return session, fmt.Errorf("reading the browser's row: %w", err)
	}
	session.ID, session.IsNew = cookie.Value, false
	session.Values[browserValue] = row.Browser
	session.Values[sessionValue] = row.Session
	session.Values[loadedValue] = row.Session
	return session, nil
}

// Save writes the row under a new key and sets the cookie, when the browser is
// new or somebody signed in or out; otherwise there is nothing to write.
func (s *store) Save(r *http.Request, w http.ResponseWriter, session *sessions.Session) error {
	v := visit(session)
	if loaded, known := session.Values[loadedValue].(string); known && loaded == v.Session {
		return nil
	}
	key, err := idp.NewSecret(s.Rand)
	if err != nil {
		return err
	}
	if err := s.write(r, session, key, Row{Browser: v.Browser, Session: v.Session, ExpiresAt: s.Now().Add(s.Life)}); err != nil {
		return fmt.Errorf("writing the browser's row: %w", err)
	}
	session.ID, session.IsNew = key, false
	session.Values[loadedValue] = v.Session
	http.SetCookie(w, sessions.NewCookie(session.Name(), key, session.Options))
	return nil
}

func (s *store) write(r *http.Request, session *sessions.Session, key string, row Row) error {
	if session.IsNew {
		return s.Rows.PutBrowser(r.Context(), s.Hash(key), row)
	}
	return s.Rows.RotateBrowser(r.Context(), s.Hash(session.ID), s.Hash(key), row, s.Now().Add(s.Grace))
}
