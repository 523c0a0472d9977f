package administrators

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/audit"
)

// IDs of the problems that this section tells of.
const (
	problemUser     = "administrator_user_unknown" // nobody has the login or the ID; 404, 422 in a form
	problemRole     = "administrator_role_unknown" // there is no such role; 422
	problemLastRoot = "administrator_last_root"    // nobody else is root; 409
	problemRoot     = "administrator_root_only"    // only root gives and takes root; 403
	problemOwn      = "administrator_own_roles"    // nobody changes their own roles; 403
)

// ErrLastRoot: without this root nobody could appoint a root any more.
var ErrLastRoot = errors.New("nobody else who can sign in has the role root")

// Administrator is a user with roles.
type Administrator struct {
	UserID  string
	Login   string
	Blocked bool
	Roles   []admin.Role // in the order of admin.Roles
	GivenBy string       // who gave them last
	GivenAt time.Time
}

// Store keeps the roles.
type Store interface {
	// RolesOf gives none for who is no administrator.
	RolesOf(ctx context.Context, userID string) ([]admin.Role, error)
	// Administrators are all, by login.
	Administrators(ctx context.Context) ([]Administrator, error)
	// ChangeRoles lets change say which roles the user has from now on, as one
	// transaction; none makes them no administrator. ErrLastRoot where no other user
	// that isn't blocked would be root, idp.ErrNotFound for an unknown user; an error
	// of change is returned as it is. change may run more than once.
	ChangeRoles(ctx context.Context, userID, by string, at time.Time, change func(before []admin.Role) ([]admin.Role, error)) error
}

// Service changes roles. All fields are required.
type Service struct {
	Store Store
	Users idp.Users
	Trail audit.Trail
	Now   func() time.Time
}

// Set gives the user exactly the roles. base, where it isn't nil, are those that
// the actor has seen: admin.ProblemConflict where they aren't any more.
func (s *Service) Set(ctx context.Context, a *admin.Actor, userID string, roles, base []admin.Role) error {
	roles, err := Sorted(roles)
	if err != nil {
		return err
	}
	user, err := s.Users.UserByID(ctx, userID)
	if errors.Is(err, idp.ErrNotFound) {
		return &idp.Problem{ID: problemUser, Status: http.StatusNotFound}
	}
	if err != nil {
		return err
	}
	before, err := s.Store.RolesOf(ctx, userID)
	if err != nil {
		return fmt.Errorf("reading the roles: %w", err)
	}
	if err := allowed(a, userID, before, roles); err != nil || slices.Equal(before, roles) {
		return err
	}
	if base != nil && !slices.Equal(before, base) {
		return &idp.Problem{ID: admin.ProblemConflict, Status: http.StatusConflict}
	}
	if slices.Contains(before, admin.RoleRoot) && !slices.Contains(roles, admin.RoleRoot) {
		if err := s.keepsRoot(ctx, userID); err != nil {
			return err
		}
	}
	event := a.Event(audit.TypeRolesChanged, user.ID, map[string]any{"login": user.Login, "before": names(before), "after": names(roles)})
	if err := s.Trail.Append(ctx, event); err != nil {
		return fmt.Errorf("recording the change of roles: %w", err)
	}
	return s.change(ctx, a, userID, before, roles)
}

func (s *Service) change(ctx context.Context, a *admin.Actor, userID string, before, roles []admin.Role) error {
	err := s.Store.ChangeRoles(ctx, userID, a.Name(), s.Now(), func(now []admin.Role) ([]admin.Role, error) {
		if !slices.Equal(now, before) {
			return nil, &idp.Problem{ID: admin.ProblemConflict, Status: http.StatusConflict}
		}
		return roles, nil
	})
	if errors.Is(err, ErrLastRoot) {
		return &idp.Problem{ID: problemLastRoot, Status: http.StatusConflict}
	}
	return err
}

// Appoint gives a user the roles that change says, on behalf of who has the database
// itself at hand: by, in words, is not held to the rules for administrators, but the
// last root stays too. ErrLastRoot, idp.ErrNotFound.
func (s *Service) Appoint(ctx context.Context, by, userID string, change func(before []admin.Role) []admin.Role) error {
	before, err := s.Store.RolesOf(ctx, userID)
	if err != nil {
		return fmt.Errorf("reading the roles: %w", err)
	}
	after, err := Sorted(change(before))
	if err != nil || slices.Equal(before, after) {
		return err
	}
	event := audit.Event{Type: audit.TypeRolesChanged, Object: userID, Params: map[string]any{"by": by, "before": names(before), "after": names(after)}}
	if err := s.Trail.Append(ctx, event); err != nil {
		return fmt.Errorf("recording the change of roles: %w", err)
	}
	return s.Store.ChangeRoles(ctx, userID, by, s.Now(), func([]admin.Role) ([]admin.Role, error) { return after, nil })
}

// keepsRoot tells of the last root before anything is recorded; the store holds to
// it once more.
func (s *Service) keepsRoot(ctx context.Context, userID string) error {
	all, err := s.Store.Administrators(ctx)
	if err != nil {
		return err
	}
	other := func(o Administrator) bool {
		return o.UserID != userID && !o.Blocked && slices.Contains(o.Roles, admin.RoleRoot)
	}
	if !slices.ContainsFunc(all, other) {
		return &idp.Problem{ID: problemLastRoot, Status: http.StatusConflict}
	}
	return nil
}

// allowed holds the actor to the rules of who changes whose roles.
func allowed(a *admin.Actor, userID string, before, after []admin.Role) error {
	if a.UserID == userID {
		return &idp.Problem{ID: problemOwn, Status: http.StatusForbidden}
	}
	was, is := slices.Contains(before, admin.RoleRoot), slices.Contains(after, admin.RoleRoot)
	if (was || is) && !slices.Equal(before, after) && !slices.Contains(a.Roles, admin.RoleRoot) {
		return &idp.Problem{ID: problemRoot, Status: http.StatusForbidden}
	}
	return nil
}

// Sorted are the roles in the order of admin.Roles, each once.
func Sorted(roles []admin.Role) ([]admin.Role, error) {
	sorted := []admin.Role{}
	for _, r := range roles {
		if !r.Valid() {
			return nil, &idp.Problem{ID: problemRole, Status: http.StatusUnprocessableEntity, Field: "roles", Args: map[string]any{"role": shortened(string(r))}}
		}
	}
	for _, r := range admin.Roles() {
		if slices.Contains(roles, r) {
			sorted = append(sorted, r)
		}
	}
	return sorted, nil
}

// names are the roles as a record has them.
func names(roles []admin.Role) []string {
	all := []string{}
	for _, r := range roles {
		all = append(all, string(r))
	}
	return all
}

// shortened keeps what a stranger wrote out of long sentences.
func shortened(text string) string {
	if len(text) > 40 {
		return text[:40] + "…"
	}
	return text
}
