package admin_test

import (
	"slices"
	"testing"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
)

func TestRolesGive(t *testing.T) {
	for name, c := range map[string]struct {
		role  admin.Role
		right admin.Right
		want  bool
	}{
		"root publishes":                 {admin.RoleRoot, admin.DriversPublish, true},
		"root has no made-up right":      {admin.RoleRoot, "users.burn", false},
		"sysadmin edits drivers":         {admin.RoleSysadmin, admin.DriversEdit, true},
		"sysadmin publishes none":        {admin.RoleSysadmin, admin.DriversPublish, false},
		"publisher publishes":            {admin.RolePublisher, admin.DriversPublish, true},
		"publisher edits none":           {admin.RolePublisher, admin.DriversEdit, false},
		"security appoints":              {admin.RoleSecurity, admin.AdministratorsEdit, true},
		"security changes no settings":   {admin.RoleSecurity, admin.SettingsEdit, false},
		"support edits users":            {admin.RoleSupport, admin.UsersEdit, true},
		"support appoints nobody":        {admin.RoleSupport, admin.AdministratorsEdit, false},
		"app_admin edits applications":   {admin.RoleAppAdmin, admin.AppsEdit, true},
		"app_admin sees no users":        {admin.RoleAppAdmin, admin.UsersView, false},
		"ui_admin edits pages":           {admin.RoleUIAdmin, admin.PagesEdit, true},
		"ui_admin edits no settings":     {admin.RoleUIAdmin, admin.SettingsEdit, false},
		"a role that isn't there":        {"boss", admin.UsersView, false},
		"the empty role":                 {"", admin.HealthView, false},
		"a right is no role":             {admin.Role(admin.UsersView), admin.UsersView, false},
		"nobody but root reaches secret": {admin.RoleAppAdmin, admin.DriversSecrets, false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := c.role.Grants(c.right); got != c.want {
				t.Errorf("got %v", got)
			}
		})
	}
}

// Whoever changes something must see it too, and no right is out of everybody's reach.
func TestEveryRightIsWithinReach(t *testing.T) {
	for _, right := range admin.Rights() {
		if !slices.ContainsFunc(admin.Roles()[1:], func(r admin.Role) bool { return r.Grants(right) }) {
			t.Errorf("only root has %s", right)
		}
	}
}

func TestScopes(t *testing.T) {
	seen := map[string]admin.Right{}
	for _, right := range admin.Rights() {
		if other, twice := seen[right.Scope()]; twice {
			t.Errorf("%s and %s have the same scope", right, other)
		}
		seen[right.Scope()] = right
	}
	for right, want := range map[admin.Right]string{
		admin.UsersView: "blitz_admin_users", admin.UsersEdit: "blitz_admin_users_chg", admin.DriversPublish: "blitz_admin_drivers_publish",
	} {
		if got := right.Scope(); got != want {
			t.Errorf("%s: %s, want %s", right, got, want)
		}
	}
}

// The provider registers scopes without knowing rights.
func TestEveryScopeIsRegistered(t *testing.T) {
	var scopes []string
	for _, right := range admin.Rights() {
		scopes = append(scopes, right.Scope())
	}
	if !slices.Equal(scopes, idp.AdminScopes()) {
		t.Errorf("idp.AdminScopes are %v, the rights' scopes %v", idp.AdminScopes(), scopes)
	}
}
