package admin

import (
	"net/netip"
	"slices"
	"time"

	"github.com/ringtail-id/ringtail/idp/audit"
)

// Actor is who acts: an administrator in the console, or a client by the API. It
// is made anew for every request, so a role that was taken away counts at once.
type Actor struct {
	// UserID and Login are the administrator's; empty for a client. A command of this
	// machine has a Login alone, which says what it is.
	UserID, Login string
	// ClientID is the client that asks by the API; the console's own for an administrator.
	ClientID string
	Roles    []Role   // of the administrator
	Scopes   []string // of the client's access token
	IP       netip.Addr
	// UserAgent is as it was sent: of any length and content that a request may have.
	UserAgent string
	// SessionID is the administrator's session at the provider (sid).
	SessionID string
	// ProvedAt is when the administrator last proved who they are.
	ProvedAt time.Time
	// FormToken belongs in every form that changes something; see the partial "token".
	FormToken string
}

// May says whether the actor has the right: by a role, or by a scope where it is a client.
func (a *Actor) May(right Right) bool {
	if a.UserID == "" {
		return slices.Contains(a.Scopes, right.Scope())
	}
	return slices.ContainsFunc(a.Roles, func(r Role) bool { return r.Grants(right) })
}

// Name is who acts, for people: the login, or the client.
func (a *Actor) Name() string {
	if a.Login == "" {
		return "client " + a.ClientID
	}
	return a.Login
}

// Event is the record of something that the actor does; object is what it is done
// to (a user's ID, a client's, a driver's name), empty where there is none.
func (a *Actor) Event(kind, object string, params map[string]any) audit.Event {
	return audit.Event{
		Type: kind, Subject: a.UserID, Object: object, IP: a.IP, UserAgent: a.UserAgent,
		ClientID: a.ClientID, SessionID: a.SessionID, Params: params,
	}
}
