package admin

import (
	"slices"
	"strings"
)

// Role is what an administrator is appointed to. All but RolePublisher are
// Blitz's, with the sections that they have there.
type Role string

// The roles.
const (
	RoleRoot     Role = "root"      // everything
	RoleSecurity Role = "security"  // administrators and the audit trail
	RoleSysadmin Role = "sysadmin"  // settings, drivers (but not their publication), calls, health
	RoleAppAdmin Role = "app_admin" // applications
	RoleUIAdmin  Role = "ui_admin"  // how pages look and speak
	RoleSupport  Role = "support"   // users, calls, the audit trail
	// RolePublisher lets a driver serve. It is a role of its own because whoever
	// publishes a driver decides which code a person has to enter.
	RolePublisher Role = "publisher"
)

// Right is what a route asks for.
type Right string

// The rights. A ".view" shows, an ".edit" changes; the others are actions that are
// given separately.
const (
	SettingsView       Right = "settings.view"
	SettingsEdit       Right = "settings.edit"
	PagesView          Right = "pages.view" // settings of pages: languages
	PagesEdit          Right = "pages.edit"
	DriversView        Right = "drivers.view"
	DriversEdit        Right = "drivers.edit"    // drafts and cases, and trials that call nobody
	DriversTrial       Right = "drivers.trial"   // trials that call a number for real
	DriversSecrets     Right = "drivers.secrets" // write, never read
	DriversPublish     Right = "drivers.publish"
	UsersView          Right = "users.view"
	UsersEdit          Right = "users.edit"
	AppsView           Right = "apps.view"
	AppsEdit           Right = "apps.edit"
	CallsView          Right = "calls.view"
	CallsStop          Right = "calls.stop"
	AuditView          Right = "audit.view"
	AdministratorsView Right = "administrators.view"
	AdministratorsEdit Right = "administrators.edit"
	HealthView         Right = "health.view"
)

// Roles are all roles, the most powerful first.
func Roles() []Role {
	return []Role{RoleRoot, RoleSecurity, RoleSysadmin, RoleAppAdmin, RoleUIAdmin, RoleSupport, RolePublisher}
}

// Rights are all rights.
func Rights() []Right {
	return []Right{
		SettingsView, SettingsEdit, PagesView, PagesEdit, DriversView, DriversEdit, DriversTrial, DriversSecrets, DriversPublish,
		UsersView, UsersEdit, AppsView, AppsEdit, CallsView, CallsStop, AuditView, AdministratorsView, AdministratorsEdit, HealthView,
	}
}

// Valid says whether there is such a role.
func (r Role) Valid() bool { return slices.Contains(Roles(), r) }

// Grants says whether the role has the right. A role that isn't there has none.
func (r Role) Grants(right Right) bool {
	if r == RoleRoot {
		return slices.Contains(Rights(), right)
	}
	return slices.Contains(r.rights(), right)
}

func (r Role) rights() []Right {
	switch r {
	case RoleSecurity:
		return []Right{AdministratorsView, AdministratorsEdit, AuditView, HealthView}
	case RoleSysadmin:
		return []Right{
			SettingsView, SettingsEdit, PagesView, PagesEdit, DriversView, DriversEdit, DriversTrial, DriversSecrets, CallsView, CallsStop, HealthView,
		}
	case RoleAppAdmin:
		return []Right{AppsView, AppsEdit}
	case RoleUIAdmin:
		return []Right{PagesView, PagesEdit}
	case RoleSupport:
		return []Right{UsersView, UsersEdit, CallsView, AuditView}
	case RolePublisher:
		return []Right{DriversView, DriversPublish}
	}
	return nil
}

// scopePrefix begins the scopes of the admin API.
const scopePrefix = "blitz_admin_"

// Scope is the OAuth scope that gives a client the right: blitz_admin_users for
// users.view, blitz_admin_users_chg for users.edit, blitz_admin_drivers_publish
// for drivers.publish.
func (r Right) Scope() string {
	section, action, _ := strings.Cut(string(r), ".")
	switch action {
	case "view":
		return scopePrefix + section
	case "edit":
		return scopePrefix + section + "_chg"
	}
	return scopePrefix + section + "_" + action
}
