package shop

import (
	"crypto/rand"
	"net/http"
	"sync"
	"time"

	"golang.org/x/oauth2"
)

const (
	cookieName  = "shop"
	sessionLife = time.Hour
	maxSessions = 10000
)

// session is one browser's: first the sign-in under way, then who signed in.
type session struct {
	State, Nonce, Verifier string
	// Registering: the sign-in is to confirm the number.
	Registering bool

	Checkout checkout

	Claims   map[string]any
	UserInfo map[string]any
	IDToken  string
	Token    *oauth2.Token

	expires time.Time
}

// jar keeps the sessions in memory: a shop that is restarted asks its
// customers to sign in again.
type jar struct {
	now func() time.Time

	mu       sync.Mutex
	sessions map[string]*session
}

func newJar(now func() time.Time) *jar {
	return &jar{now: now, sessions: map[string]*session{}}
}

// get returns a copy of the browser's session.
func (j *jar) get(r *http.Request) (session, error) {
	c, err := r.Cookie(cookieName)
	if err != nil {
		return session{}, errNoSession
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	s, ok := j.sessions[c.Value]
	if !ok || j.now().After(s.expires) {
		return session{}, errNoSession
	}
	return *s, nil
}

// put stores the session under a new key and forgets the old one.
func (j *jar) put(w http.ResponseWriter, r *http.Request, s session) {
	j.forget(r)
	s.expires = j.now().Add(sessionLife)
	key := rand.Text()
	j.mu.Lock()
	defer j.mu.Unlock()
	j.sweep()
	j.sessions[key] = &s
	http.SetCookie(w, &http.Cookie{Name: cookieName, Value: key, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode})
}

// change alters the browser's session where it is, and begins one where there is
// none. Requests of one browser that come together are changed one by one.
func (j *jar) change(w http.ResponseWriter, r *http.Request, change func(*session)) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if c, err := r.Cookie(cookieName); err == nil {
		if s, ok := j.sessions[c.Value]; ok && !j.now().After(s.expires) {
			change(s)
			return
		}
	}
	j.sweep()
	s, key := &session{expires: j.now().Add(sessionLife)}, rand.Text()
	change(s)
	j.sessions[key] = s
	http.SetCookie(w, &http.Cookie{Name: cookieName, Value: key, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode})
}

// drop forgets the session and takes the cookie back.
func (j *jar) drop(w http.ResponseWriter, r *http.Request) {
	j.forget(r)
	http.SetCookie(w, &http.Cookie{Name: cookieName, Path: "/", MaxAge: -1, HttpOnly: true, SameSite: http.SameSiteLaxMode})
}

func (j *jar) forget(r *http.Request) {
	c, err := r.Cookie(cookieName)
	if err != nil {
		return
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	delete(j.sessions, c.Value)
}

// sweep makes room: first what is over, then whatever comes.
func (j *jar) sweep() {
	if len(j.sessions) < maxSessions {
		return
	}
	for key, s := range j.sessions {
		if j.now().After(s.expires) {
			delete(j.sessions, key)
		}
	}
	for key := range j.sessions {
		if len(j.sessions) < maxSessions {
			return
		}
		delete(j.sessions, key)
	}
}
