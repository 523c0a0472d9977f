package account

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/browser"
	"github.com/ringtail-id/ringtail/idp/login"
)

// MaxAge is how old a login may be at most that allows calls again.
const MaxAge = 15 * time.Minute

// maxAge is MaxAge as an authorization request has it.
func maxAge() *int64 {
	seconds := int64(MaxAge / time.Second)
	return &seconds
}

// visitor is who a request comes from; session and user are nil where nobody is
// signed in.
type visitor struct {
	visit   browser.Visit
	session *idp.Session
	user    *idp.User
	phone   string // the user's, empty where there is none
}

// event is the record of something that the visitor does.
func (v visitor) event(kind string, params map[string]any) audit.Event {
	return audit.Event{Type: kind, Subject: v.user.ID, ClientID: ClientID, SessionID: v.session.ID, Params: params}
}

func (h *Handler) visitor(r *http.Request) (visitor, error) {
	visit, err := h.Jar.Current(r)
	if err != nil || visit.Session == "" {
		return visitor{visit: visit}, err
	}
	session, err := h.Sessions.SessionByID(r.Context(), visit.Session)
	switch {
	case errors.Is(err, idp.ErrNotFound):
		return visitor{visit: visit}, nil
	case err != nil:
		return visitor{}, fmt.Errorf("reading the session: %w", err)
	case session.Browser != visit.Browser || !session.Alive(h.Now(), h.SessionIdle):
		return visitor{visit: visit}, nil
	}
	user, err := h.Users.UserByID(r.Context(), session.UserID)
	switch {
	case errors.Is(err, idp.ErrNotFound):
		return visitor{visit: visit}, nil
	case err != nil:
		return visitor{}, fmt.Errorf("reading the user: %w", err)
	}
	return visitor{visit: visit, session: session, user: user, phone: h.Phone(user)}, nil
}

// suffices asks what a login of the built-in client that began now would ask:
// whether the session needs nothing more. So whoever is turned away here is
// asked there for just what is missing, and who comes from there is let in.
func (h *Handler) suffices(v visitor, age *int64) bool {
	if v.session == nil {
		return false
	}
	now := h.Now()
	request := idp.AuthorizationRequest{ClientID: ClientID, MaxAge: age}
	step := login.Next(login.Situation{
		Login:  &idp.Login{State: idp.LoginOpen, Request: request, CreatedAt: now},
		Client: h.client, Policy: h.Policy(), Session: v.session, User: v.user, Now: now,
	})
	return step.Kind == login.Done
}

// recent says whether the person has proved who they are within MaxAge.
func (h *Handler) recent(v visitor) bool { return h.suffices(v, maxAge()) }
