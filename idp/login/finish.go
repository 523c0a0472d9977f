package login

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/audit"
)

// finish ends a login whose facts suffice: the session and the login first, then
// the cookie. It returns errOver when something changed meanwhile and the
// situation must be looked at anew.
func (h *Handler) finish(ctx context.Context, x *exchange) error {
	own, facts := x.Login.Facts, x.Step.Facts
	session, err := h.signIn(ctx, x, func(l *idp.Login, s *idp.Session) {
		l.State, l.UserID, l.Session = idp.LoginDone, s.UserID, s.ID
		l.Facts, l.AuthTime = facts, lastProof(facts)
	})
	if err != nil {
		return err
	}
	if len(own) > 0 { // else nothing new was proved: the session goes on as it is
		if err := h.Jar.SignIn(x.w, x.r, session.ID); err != nil {
			return err // who comes back has it recorded; see recordLost
		}
	}
	h.recordLogin(ctx, x, own, session)
	return nil
}

// enter signs in before the person is asked for consent or a new password: from
// here on the login belongs to the session, so that whoever planted or copied the
// cookie before the proof can't answer, and with it take the session.
func (h *Handler) enter(ctx context.Context, x *exchange) error {
	session, err := h.signIn(ctx, x, func(l *idp.Login, s *idp.Session) { l.Session = s.ID })
	if err != nil {
		return err
	}
	return h.Jar.SignIn(x.w, x.r, session.ID)
}

// signIn goes on with the person's living session, which learns the new facts, or
// makes one, and changes the login with it. A session of somebody else in this
// browser ends.
func (h *Handler) signIn(ctx context.Context, x *exchange, change func(*idp.Login, *idp.Session)) (*idp.Session, error) {
	if x.Session != nil && x.Session.UserID == x.User.ID {
		session, err := h.upgrade(ctx, x)
		if err != nil {
			return nil, err
		}
		return session, h.update(ctx, x, func(l *idp.Login) { change(l, session) })
	}
	if x.Session != nil {
		if err := h.end(ctx, x.Session.ID, x.Now); err != nil {
			return nil, err
		}
	}
	session, err := h.newSession(x)
	if err != nil {
		return nil, err
	}
	stored, err := h.Logins.SignIn(ctx, x.entry(session, func(l *idp.Login) { change(l, session) }))
	if errors.Is(err, ErrStopped) {
		x.pending = nil
		return nil, cmp.Or(h.deny(ctx, x, ErrorAccessDenied), errOver)
	}
	if err != nil {
		return nil, err
	}
	x.Login, x.pending = stored, nil
	return session, nil
}

func (h *Handler) newSession(x *exchange) (*idp.Session, error) {
	id, err := idp.NewID(h.Rand)
	if err != nil {
		return nil, err
	}
	session := &idp.Session{
		ID: id, UserID: x.User.ID, Browser: x.visit.Browser, Facts: x.Step.Facts, AuthTime: lastProof(x.Step.Facts),
		CreatedAt: x.Now, SeenAt: x.Now, ExpiresAt: x.Now.Add(h.SessionLife),
	}
	h.see(session, x)
	return session, nil
}

// upgrade adds what this login proved to the session, unless the session ended
// meanwhile: then its facts count no more. A new first factor renews its life.
func (h *Handler) upgrade(ctx context.Context, x *exchange) (*idp.Session, error) {
	session, err := h.Sessions.UpdateSession(ctx, x.Session.ID, func(s *idp.Session) error {
		return h.renew(x, x.Login.Facts, s)
	})
	if errors.Is(err, idp.ErrNotFound) {
		return nil, errOver
	}
	return session, err
}

// renew has the session go on, with the facts that a login proved; idp.ErrNotFound
// where it ended.
func (h *Handler) renew(x *exchange, facts []idp.Fact, s *idp.Session) error {
	if !s.Alive(x.Now, h.SessionIdle) {
		return idp.ErrNotFound
	}
	for _, fact := range facts {
		s.Facts = add(s.Facts, fact)
	}
	if proved(facts, 1) {
		s.ExpiresAt = x.Now.Add(h.SessionLife)
	}
	s.AuthTime = lastProof(s.Facts)
	h.see(s, x)
	return nil
}

// maxUserAgent bounds what is kept of the header; browsers stay below.
const maxUserAgent = 256 // bytes

// see writes down what the person will know the session by.
func (h *Handler) see(s *idp.Session, x *exchange) {
	agent := x.r.UserAgent()
	if len(agent) > maxUserAgent {
		agent = agent[:maxUserAgent]
	}
	s.SeenAt, s.UserAgent = x.Now, strings.ToValidUTF8(agent, "")
	if address := h.ClientIP(x.r); address.IsValid() {
		s.Address = address.String()
	}
}

func (h *Handler) end(ctx context.Context, id string, now time.Time) error {
	_, err := h.Sessions.UpdateSession(ctx, id, func(s *idp.Session) error {
		s.End(now)
		return nil
	})
	if err != nil && !errors.Is(err, idp.ErrNotFound) {
		return fmt.Errorf("ending the session: %w", err)
	}
	return nil
}

// deny ends the login with an OAuth error for the relying party.
func (h *Handler) deny(ctx context.Context, x *exchange, code string) error {
	err := h.update(ctx, x, func(l *idp.Login) {
		l.State = idp.LoginDenied
		l.Error = code
	})
	if err == nil {
		h.Audit.Record(ctx, x.event(audit.TypeLoginDenied, map[string]any{"error": code}))
	}
	return err
}

// again signs the browser in once more when it posts the very form that signed
// it in: of a double click, the browser drops the first answer, and with it the
// new cookie. Only the page that held the form knows its id.
func (h *Handler) again(x *exchange, f form) error {
	if !signedIn(x.Login, f) {
		return nil
	}
	return h.Jar.SignIn(x.w, x.r, x.Login.Session)
}

// signedIn says whether the form is the one that signed in.
func signedIn(l *idp.Login, f form) bool {
	return l.State != idp.LoginDenied && l.Session != "" && f.id != "" && len(l.Forms) > 0 && l.Forms[len(l.Forms)-1] == f.id
}

func lastProof(facts []idp.Fact) time.Time {
	var last time.Time
	for _, f := range facts {
		if f.At.After(last) {
			last = f.At
		}
	}
	return last
}
