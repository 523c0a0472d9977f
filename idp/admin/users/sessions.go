package users

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/consent"
)

// SignedIn is a session with the applications that were used in it.
type SignedIn struct {
	*idp.Session
	Clients []idp.SessionClient
}

// Sessions are the user's, the one seen last first.
func (s *Service) Sessions(ctx context.Context, u *idp.User) ([]SignedIn, error) {
	standing, err := s.Store.SessionsOf(ctx, u.ID, s.Now())
	if err != nil {
		return nil, err
	}
	all := make([]SignedIn, len(standing))
	for i, session := range standing {
		clients, err := s.Store.SessionClients(ctx, session.ID)
		if err != nil {
			return nil, err
		}
		all[i] = SignedIn{Session: session, Clients: clients}
	}
	return all, nil
}

// EndSession ends one of the user's sessions, with what leans on it.
func (s *Service) EndSession(ctx context.Context, a *admin.Actor, id, session string) error {
	u, err := s.changeable(ctx, a, id)
	if err != nil {
		return err
	}
	standing, err := s.Store.SessionsOf(ctx, id, s.Now())
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(standing, func(one *idp.Session) bool { return one.ID == session }) {
		return problem(problemSession, http.StatusNotFound)
	}
	return s.record(ctx, a, audit.TypeUserSessionsEnded, u, map[string]any{"session": session}, func() error {
		_, err := s.Store.EndSessions(ctx, idp.Ending{UserID: id, Session: session}, s.Now())
		return err
	})
}

// EndSessions signs the user out everywhere: sessions, tokens, also those that
// outlive sessions, and logins under way.
func (s *Service) EndSessions(ctx context.Context, a *admin.Actor, id string) (ended int, err error) {
	u, err := s.changeable(ctx, a, id)
	if err != nil {
		return 0, err
	}
	err = s.record(ctx, a, audit.TypeUserSessionsEnded, u, map[string]any{"session": ""}, func() error {
		sessions, err := s.Store.EndSessions(ctx, idp.Ending{UserID: id, Offline: true}, s.Now())
		ended = len(sessions)
		return err
	})
	return ended, err
}

// Access are the applications that have something of the user.
func (s *Service) Access(ctx context.Context, u *idp.User) ([]consent.Access, error) {
	return s.Store.Accesses(ctx, u.ID, s.Now())
}

// Revoke takes an application's access away.
func (s *Service) Revoke(ctx context.Context, a *admin.Actor, id, client string) error {
	u, err := s.changeable(ctx, a, id)
	if err != nil {
		return err
	}
	all, err := s.Access(ctx, u)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(all, func(one consent.Access) bool { return one.ClientID == client }) {
		return problem(problemAccess, http.StatusNotFound)
	}
	return s.record(ctx, a, audit.TypeUserAccessRevoked, u, map[string]any{"client": client}, func() error {
		return s.Store.RevokeAccess(ctx, id, client, s.Now())
	})
}

// clientName is what people call the client; its ID where it is gone.
func (s *Service) clientName(ctx context.Context, id string) (string, error) {
	c, err := s.Clients.ClientByID(ctx, id)
	if errors.Is(err, idp.ErrNotFound) {
		return id, nil
	}
	if err != nil {
		return "", err
	}
	return c.DisplayName(), nil
}
