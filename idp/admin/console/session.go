package console

import (
	"context"
	"crypto/hmac"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
)

// Record is a session of the console.
type Record struct {
	// ID stays the same while the key changes; it is in no cookie.
	ID     string
	UserID string
	// Session is that at the provider (sid).
	Session   string
	CreatedAt time.Time
	SeenAt    time.Time
	ExpiresAt time.Time // absolute
	// ProvedAt is when the older of the two factors was proved.
	ProvedAt time.Time
}

// Records keeps sessions of the console under hashes of their keys. Errors:
// idp.ErrNotFound.
type Records interface {
	ConsoleSession(ctx context.Context, keyHash string) (Record, error)
	// PutConsoleSession stores the session under the hash, in place of the one under
	// the old hash; empty where there is none.
	PutConsoleSession(ctx context.Context, oldHash, keyHash string, r Record) error
	// SeeConsoleSession remembers that the session was used.
	SeeConsoleSession(ctx context.Context, keyHash string, at time.Time) error
	DeleteConsoleSession(ctx context.Context, keyHash string) error
}

// visit is an administrator, or somebody without a role, with a session of the console.
type visit struct {
	keyHash string
	record  Record
	actor   *admin.Actor
}

type contextKey struct{}

// visitOf is the visit that a request was let in with; nil where there is none.
func visitOf(r *http.Request) *visit {
	v, _ := r.Context().Value(contextKey{}).(*visit)
	return v
}

// maxKey bounds what is hashed for a cookie of unknown origin.
const maxKey = 128

// seeEvery is how often a session that is in use is written.
const seeEvery = 30 * time.Second

// cookie is the name's cookie, with the prefix that https allows (RFC 6265bis,
// section 4.1.3.2).
func (h *Handler) cookieName(name string) string {
	if h.secure {
		return "__Host-" + name
	}
	return name
}

const (
	sessionCookie = "ringtail-console"
	signInCookie  = "ringtail-console-login"
)

func (h *Handler) setCookie(w http.ResponseWriter, name, value string, age time.Duration) {
	http.SetCookie(w, &http.Cookie{
		Name: h.cookieName(name), Value: value, Path: "/", MaxAge: int(age / time.Second),
		HttpOnly: true, Secure: h.secure, SameSite: http.SameSiteLaxMode,
	})
}

func (h *Handler) cookie(r *http.Request, name string) string {
	c, err := r.Cookie(h.cookieName(name))
	if err != nil || len(c.Value) > maxKey {
		return ""
	}
	return c.Value
}

// visit is who the request comes from; nil where nobody is signed in to the
// console, or not any more. Everything is read anew: the session here and at the
// provider, the user, the roles.
func (h *Handler) visit(r *http.Request) (*visit, error) {
	key := h.cookie(r, sessionCookie)
	if key == "" {
		return nil, nil
	}
	keyHash := h.Hash("session", key)
	record, err := h.Records.ConsoleSession(r.Context(), keyHash)
	if errors.Is(err, idp.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading a session of the console: %w", err)
	}
	now := h.Now()
	if !now.Before(record.ExpiresAt) || !now.Before(record.SeenAt.Add(h.Life.Idle)) {
		return nil, h.Records.DeleteConsoleSession(r.Context(), keyHash)
	}
	user, err := h.stands(r, record)
	if err != nil || user == nil {
		return nil, err
	}
	roles, err := h.Administrators.RolesOf(r.Context(), user.ID)
	if err != nil {
		return nil, fmt.Errorf("reading the roles of an administrator: %w", err)
	}
	if now.Sub(record.SeenAt) >= seeEvery {
		if err := h.Records.SeeConsoleSession(r.Context(), keyHash, now); err != nil {
			return nil, fmt.Errorf("keeping a session of the console: %w", err)
		}
	}
	return &visit{keyHash: keyHash, record: record, actor: &admin.Actor{
		UserID: user.ID, Login: user.Login, ClientID: ClientID, Roles: roles, IP: h.ClientIP(r), UserAgent: r.UserAgent(),
		SessionID: record.Session, ProvedAt: record.ProvedAt, FormToken: h.formToken(record),
	}}, nil
}

// stands is the user of a session whose session at the provider stands, in this
// browser where that can be seen; nil where it is over.
func (h *Handler) stands(r *http.Request, record Record) (*idp.User, error) {
	if h.Jar != nil {
		here, err := h.Jar.Current(r)
		if err != nil || here.Session != record.Session {
			return nil, err
		}
	}
	session, err := h.Sessions.SessionByID(r.Context(), record.Session)
	if err != nil || session.UserID != record.UserID || !session.Stands(h.Now()) {
		return nil, known(err)
	}
	user, err := h.Users.UserByID(r.Context(), record.UserID)
	if err != nil || user.Blocked {
		return nil, known(err)
	}
	return user, nil
}

// known is err, unless it says that there is none.
func known(err error) error {
	if errors.Is(err, idp.ErrNotFound) {
		return nil
	}
	return err
}

// formToken ties forms to the session.
func (h *Handler) formToken(record Record) string { return h.Hash("form", record.ID) }

func (h *Handler) ownForm(v *visit, token string) bool {
	return token != "" && hmac.Equal([]byte(token), []byte(v.actor.FormToken))
}

// provedAt is when the older of the two factors was proved last; zero where one
// of them never was.
func provedAt(facts []idp.Fact) time.Time {
	var last [2]time.Time
	for _, f := range facts {
		if i := f.Factor - 1; (i == 0 || i == 1) && f.At.After(last[i]) {
			last[i] = f.At
		}
	}
	return slices.MinFunc(last[:], time.Time.Compare)
}
