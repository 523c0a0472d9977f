package account

import (
	"context"
	"fmt"
	"net/http"

	"github.com/mileusna/useragent"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/login"
	"github.com/ringtail-id/ringtail/templates"
)

// Actions of the page that end sessions.
const (
	// ActionEnd ends one session of the person.
	ActionEnd = "end"
	// ActionEverywhere ends them all, with the access that applications have while
	// the person is away.
	ActionEverywhere = "everywhere"
)

// fieldSession is the session that ActionEnd is about.
const fieldSession = "session"

// maxSessionID is longer than any session's ID.
const maxSessionID = 64

// fillSessions tells where the person is signed in.
func (h *Handler) fillSessions(ctx context.Context, v visitor, data *templates.Account) error {
	standing, err := h.Sessions.SessionsOf(ctx, v.user.ID, h.Now())
	if err != nil {
		return fmt.Errorf("reading where somebody is signed in: %w", err)
	}
	for _, s := range standing {
		used, err := h.Sessions.SessionClients(ctx, s.ID)
		if err != nil {
			return fmt.Errorf("reading the applications of a session: %w", err)
		}
		shown := templates.AccountSession{ID: s.ID, Address: s.Address, Began: s.CreatedAt, Seen: s.SeenAt, Current: s.ID == v.session.ID}
		agent := useragent.Parse(s.UserAgent)
		shown.Browser, shown.System = agent.Name, agent.OS
		for _, u := range used {
			if u.ClientID == ClientID {
				continue
			}
			name, err := h.clientName(ctx, u.ClientID)
			if err != nil {
				return err
			}
			shown.Clients = append(shown.Clients, name)
		}
		data.Sessions = append(data.Sessions, shown)
	}
	return nil
}

// endSessions does what the form asks for, and answers. The page's own session
// goes with the page that signs out of applications.
func (h *Handler) endSessions(ctx context.Context, w http.ResponseWriter, r *http.Request, v visitor, e idp.Ending) {
	e.UserID = v.user.ID
	if len(e.Session) > maxSessionID || e.Session == "" && !e.Offline {
		h.fail(w, r, &idp.Problem{ID: login.ProblemForm, Status: http.StatusBadRequest})
		return
	}
	ended, err := h.Sessions.EndSessions(ctx, e, h.Now())
	if err != nil {
		h.fail(w, r, fmt.Errorf("ending sessions: %w", err))
		return
	}
	own := v.event(audit.TypeSessionEnded, map[string]any{"by": "person", "sessions": ended, "everywhere": e.Offline})
	h.Audit.Record(ctx, own)
	h.Log.DebugContext(ctx, "sessions ended by their owner", "user_id", v.user.ID, "session_id", v.session.ID, "sessions", len(ended))
	if e.Offline || e.Session == v.session.ID {
		h.SignedOut(w, r, ended)
		return
	}
	h.reload(w, r)
}
