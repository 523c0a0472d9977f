package users

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/sessions"
)

// Service is what administrators do with users. It is safe for concurrent use.
type Service struct{ Options }

// one finds the user, whom everybody with UsersView may see.
func (s *Service) one(ctx context.Context, id string) (*idp.User, error) {
	u, err := s.Store.UserByID(ctx, id)
	if errors.Is(err, idp.ErrNotFound) {
		return nil, problem(sessions.ProblemUser, http.StatusNotFound)
	}
	return u, err
}

// changeable is one for who wants to change the account. An administrator's is
// changed by who appoints administrators, and a root's by a root: whoever may set a
// password may sign in as its owner.
func (s *Service) changeable(ctx context.Context, a *admin.Actor, id string) (*idp.User, error) {
	u, err := s.one(ctx, id)
	if err != nil {
		return nil, err
	}
	roles, err := s.Store.RolesOf(ctx, u.ID)
	if err != nil {
		return nil, fmt.Errorf("reading the user's roles: %w", err)
	}
	if !outranks(a, roles) {
		return nil, problem(problemAdministrator, http.StatusForbidden)
	}
	return u, nil
}

// outranks says whether the actor may change the account of who has the roles.
func outranks(a *admin.Actor, roles []admin.Role) bool {
	switch {
	case len(roles) == 0:
		return true
	case slices.Contains(roles, admin.RoleRoot):
		return slices.Contains(a.Roles, admin.RoleRoot)
	}
	return a.May(admin.AdministratorsEdit)
}

// record keeps what is about to be done, and then does it. Where that fails, the
// trail says so too.
func (s *Service) record(ctx context.Context, a *admin.Actor, kind string, u *idp.User, params map[string]any, do func() error) error {
	said := maps.Clone(params)
	if said == nil {
		said = map[string]any{}
	}
	said["login"] = u.Login
	event := a.Event(kind, u.ID, said)
	if err := s.Trail.Append(ctx, event); err != nil {
		return fmt.Errorf("recording what is done to a user: %w", err)
	}
	err := do()
	if err == nil {
		return nil
	}
	event.Params = maps.Clone(said)
	event.Params["failed"] = true
	s.Trail.Record(ctx, event)
	if errors.Is(err, idp.ErrNotFound) {
		return problem(sessions.ProblemUser, http.StatusNotFound)
	}
	return err
}

// Version names the state of what an administrator edits of the user.
func Version(u *idp.User) string {
	text, err := json.Marshal([]any{u.Login, u.Attributes, u.RequiredFactor}) // maps are written in order
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8])
}

// same refuses a change that was made for another state; an empty base is for any.
func same(u *idp.User, base string) error {
	if base != "" && base != Version(u) {
		return problem(admin.ProblemConflict, http.StatusConflict)
	}
	return nil
}
