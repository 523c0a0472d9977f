package storetest

import (
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/admin/administrators"
	"github.com/ringtail-id/ringtail/idp/admin/console"
)

func appoint(t *testing.T, s Stores, user string, roles ...admin.Role) error {
	t.Helper()
	return s.Administrators.ChangeRoles(t.Context(), user, "tester", noon, func([]admin.Role) ([]admin.Role, error) { return roles, nil })
}

func keepsRoles(t *testing.T, s Stores) {
	for _, id := range []string{"u1", "u2"} {
		must(t, s.Users.CreateUser(t.Context(), &idp.User{ID: id, Login: "login-" + id}))
	}
	must(t, appoint(t, s, "u2", admin.RoleRoot, admin.RoleSupport))
	must(t, appoint(t, s, "u1", admin.RoleSupport))
	all, err := s.Administrators.Administrators(t.Context())
	must(t, err)
	want := []administrators.Administrator{
		{UserID: "u1", Login: "login-u1", Roles: []admin.Role{admin.RoleSupport}, GivenBy: "tester", GivenAt: noon},
		{UserID: "u2", Login: "login-u2", Roles: []admin.Role{admin.RoleRoot, admin.RoleSupport}, GivenBy: "tester", GivenAt: noon},
	}
	if !reflect.DeepEqual(all, want) {
		t.Errorf("administrators are %+v, want %+v", all, want)
	}
	must(t, appoint(t, s, "u1"))
	roles, err := s.Administrators.RolesOf(t.Context(), "u1")
	if err != nil || len(roles) != 0 {
		t.Errorf("who lost all roles has %v, %v", roles, err)
	}
	roles, err = s.Administrators.RolesOf(t.Context(), "nobody")
	if err != nil || len(roles) != 0 {
		t.Errorf("nobody has %v, %v", roles, err)
	}
	wantError(t, "roles for nobody", appoint(t, s, "nobody", admin.RoleSupport), idp.ErrNotFound)
	refused := errors.New("refused")
	err = s.Administrators.ChangeRoles(t.Context(), "u2", "x", noon, func(before []admin.Role) ([]admin.Role, error) {
		if !slices.Equal(before, want[1].Roles) {
			t.Errorf("before, u2 has %v", before)
		}
		return nil, refused
	})
	wantError(t, "a change that refuses", err, refused)
}

// Whatever is tried at once, somebody who can sign in stays root.
func keepsLastRoot(t *testing.T, s Stores) {
	for _, id := range []string{"u1", "u2", "u3"} {
		must(t, s.Users.CreateUser(t.Context(), &idp.User{ID: id, Login: id, Blocked: id == "u3"}))
		must(t, appoint(t, s, id, admin.RoleRoot))
	}
	errs := make(chan error, 2)
	for _, id := range []string{"u1", "u2"} {
		go func() { errs <- appoint(t, s, id, admin.RoleSupport) }()
	}
	first, second := <-errs, <-errs
	if (first == nil) == (second == nil) || !errors.Is(errors.Join(first, second), administrators.ErrLastRoot) {
		t.Errorf("of two, %v and %v", first, second)
	}
	must(t, appoint(t, s, "u3")) // blocked, and so not the last one
}

func keepsConsoleSession(t *testing.T, s Stores) {
	must(t, s.Users.CreateUser(t.Context(), &idp.User{ID: "u1", Login: "ann"}))
	want := console.Record{
		ID: "c1", UserID: "u1", Session: "s1", CreatedAt: noon, SeenAt: noon.Add(time.Second), ExpiresAt: noon.Add(time.Hour), ProvedAt: noon.Add(-time.Second),
	}
	wantFull(t, want)
	must(t, s.ConsoleSessions.PutConsoleSession(t.Context(), "", "h1", want))
	got, err := s.ConsoleSessions.ConsoleSession(t.Context(), "h1")
	must(t, err)
	if !reflect.DeepEqual(got, want) {
		t.Errorf("session is %+v, want %+v", got, want)
	}
	must(t, s.ConsoleSessions.SeeConsoleSession(t.Context(), "h1", noon.Add(time.Minute)))
	if got, _ := s.ConsoleSessions.ConsoleSession(t.Context(), "h1"); !got.SeenAt.Equal(noon.Add(time.Minute)) {
		t.Errorf("seen at %v", got.SeenAt)
	}
	must(t, s.ConsoleSessions.PutConsoleSession(t.Context(), "h1", "h2", want))
	_, err = s.ConsoleSessions.ConsoleSession(t.Context(), "h1")
	wantError(t, "the old key", err, idp.ErrNotFound)
	must(t, s.ConsoleSessions.DeleteConsoleSession(t.Context(), "none"))
	_, err = s.Sweeper.Sweep(t.Context(), noon.Add(time.Hour), 100)
	must(t, err)
	_, err = s.ConsoleSessions.ConsoleSession(t.Context(), "h2")
	wantError(t, "a session that is over", err, idp.ErrNotFound)

	must(t, appoint(t, s, "u1", admin.RoleSupport))
	must(t, s.ConsoleSessions.PutConsoleSession(t.Context(), "", "h3", want))
	must(t, appoint(t, s, "u1"))
	_, err = s.ConsoleSessions.ConsoleSession(t.Context(), "h3")
	wantError(t, "a session of who lost all roles", err, idp.ErrNotFound)
}
