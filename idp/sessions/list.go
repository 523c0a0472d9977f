package sessions

import (
	"net/http"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/api"
)

// View is a session as answers have it.
type View struct {
	ID        string    `json:"id"` // the sid claim
	CreatedAt time.Time `json:"created_at"`
	SeenAt    time.Time `json:"seen_at"`
	ExpiresAt time.Time `json:"expires_at"`
	UserAgent string    `json:"user_agent,omitempty"`
	Address   string    `json:"address,omitempty"`
	// Applications that the person used in the session, in that order.
	Applications []Application `json:"applications"`
}

// Application is one that was used in a session.
type Application struct {
	ClientID string    `json:"client_id"`
	Since    time.Time `json:"since"`
}

// list tells where the person is signed in, the session seen last first.
func (h *Handler) list(w http.ResponseWriter, r *http.Request) (*api.Answer, error) {
	if _, err := api.Client(w, r, h.Tokens, idp.ScopeSessions); err != nil {
		return nil, err
	}
	u, err := h.user(r)
	if err != nil {
		return nil, err
	}
	standing, err := h.Store.SessionsOf(r.Context(), u.ID, h.Now())
	if err != nil {
		return nil, err
	}
	views := []View{}
	for _, s := range standing {
		used, err := h.Store.SessionClients(r.Context(), s.ID)
		if err != nil {
			return nil, err
		}
		views = append(views, ViewOf(s, used))
	}
	return api.NewAnswer(http.StatusOK, api.MediaJSON, map[string]any{"sessions": views})
}

// ViewOf is the session as answers have it, with the applications used in it.
func ViewOf(s *idp.Session, used []idp.SessionClient) View {
	v := View{
		ID: s.ID, CreatedAt: api.Time(s.CreatedAt), SeenAt: api.Time(s.SeenAt), ExpiresAt: api.Time(s.ExpiresAt),
		UserAgent: s.UserAgent, Address: s.Address, Applications: []Application{},
	}
	for _, u := range used {
		v.Applications = append(v.Applications, Application{ClientID: u.ClientID, Since: api.Time(u.Since)})
	}
	return v
}
