package administrators_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/admin/administrators"
	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/store"
	"github.com/ringtail-id/ringtail/idp/store/sqlitetest"
)

// world is the service over a database: rob and rae are root, sue is security, ann
// is nothing.
type world struct {
	t       *testing.T
	service *administrators.Service
	store   *store.Store
	trail   audit.Memory
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t}
	data, err := store.Open(t.Context(), store.Options{URL: sqlitetest.URL(t)})
	w.must(err)
	t.Cleanup(func() { w.must(data.Close()) })
	w.store = data
	w.service = &administrators.Service{Store: data, Users: data, Trail: &w.trail, Now: time.Now}
	for id, roles := range map[string][]admin.Role{"rob": {admin.RoleRoot}, "rae": {admin.RoleRoot}, "sue": {admin.RoleSecurity}, "ann": nil} {
		w.must(data.CreateUser(t.Context(), &idp.User{ID: id, Login: id}))
		w.must(data.ChangeRoles(t.Context(), id, "test", time.Now(), func([]admin.Role) ([]admin.Role, error) { return roles, nil }))
	}
	return w
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) actor(id string) *admin.Actor {
	w.t.Helper()
	roles, err := w.store.RolesOf(w.t.Context(), id)
	w.must(err)
	return &admin.Actor{UserID: id, Login: id, Roles: roles}
}

func TestWhoGivesWhat(t *testing.T) {
	support, root := []admin.Role{admin.RoleSupport}, []admin.Role{admin.RoleRoot}
	for name, c := range map[string]struct {
		by, to  string
		roles   []admin.Role
		problem string
	}{
		"security gives a role":              {"sue", "ann", support, ""},
		"root gives root":                    {"rob", "ann", root, ""},
		"root takes root from another":       {"rob", "rae", nil, ""},
		"security gives root":                {"sue", "ann", root, "administrator_root_only"},
		"security takes root":                {"sue", "rob", nil, "administrator_root_only"},
		"security gives a root another role": {"sue", "rob", append(support, root...), "administrator_root_only"},
		"security gives itself a role":       {"sue", "sue", append(support, admin.RoleSecurity), "administrator_own_roles"},
		"root takes root from itself":        {"rob", "rob", support, "administrator_own_roles"},
		"a role that isn't there":            {"rob", "ann", []admin.Role{"boss"}, "administrator_role_unknown"},
		"to nobody":                          {"rob", "nobody", support, "administrator_user_unknown"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			before, _ := w.store.RolesOf(t.Context(), c.to)
			err := w.service.Set(t.Context(), w.actor(c.by), c.to, c.roles, nil)
			var p *idp.Problem
			if c.problem != "" {
				if after, _ := w.store.RolesOf(t.Context(), c.to); !errors.As(err, &p) || p.ID != c.problem || !slices.Equal(before, after) || len(w.trail.Events()) > 0 {
					t.Errorf("%v; %v before, %v after", err, before, after)
				}
				return
			}
			w.must(err)
			after, _ := w.store.RolesOf(t.Context(), c.to)
			e := w.trail.Events()
			if !slices.Equal(after, slices.Concat(c.roles)) || len(e) != 1 || e[0].Type != audit.TypeRolesChanged || e[0].Subject != c.by || e[0].Object != c.to {
				t.Errorf("%v, recorded %+v", after, e)
			}
		})
	}
}

func TestTheLastRootStays(t *testing.T) {
	w := newWorld(t)
	_, err := w.store.UpdateUser(t.Context(), "rae", func(u *idp.User) error { u.Blocked = true; return nil })
	w.must(err)
	var p *idp.Problem
	if err := w.service.Set(t.Context(), w.actor("rae"), "rob", nil, nil); !errors.As(err, &p) || p.ID != "administrator_last_root" {
		t.Errorf("the last root who can sign in is taken away: %v", err)
	}
	err = w.service.Appoint(t.Context(), "the command line", "rob", func([]admin.Role) []admin.Role { return nil })
	if !errors.Is(err, administrators.ErrLastRoot) {
		t.Errorf("by the command line: %v", err)
	}
}

func TestRolesChangedMeanwhile(t *testing.T) {
	w := newWorld(t)
	seen := []admin.Role{}
	w.must(w.service.Set(t.Context(), w.actor("sue"), "ann", []admin.Role{admin.RoleSupport}, seen))
	var p *idp.Problem
	if err := w.service.Set(t.Context(), w.actor("rob"), "ann", []admin.Role{admin.RoleAppAdmin}, seen); !errors.As(err, &p) || p.ID != admin.ProblemConflict {
		t.Errorf("what changed meanwhile is overwritten: %v", err)
	}
}

// What can't be recorded isn't done.
func TestNothingWithoutARecord(t *testing.T) {
	w := newWorld(t)
	w.trail.Break(errors.New("disk full"))
	if err := w.service.Set(t.Context(), w.actor("rob"), "ann", []admin.Role{admin.RoleSupport}, nil); err == nil {
		t.Error("it is done")
	}
	if err := w.service.Appoint(context.Background(), "the demo", "ann", func([]admin.Role) []admin.Role { return []admin.Role{admin.RoleSupport} }); err == nil {
		t.Error("it is done by the command line")
	}
	if roles, _ := w.store.RolesOf(t.Context(), "ann"); len(roles) > 0 {
		t.Errorf("ann is %v", roles)
	}
}
