package idp

// AdminScopes are the scopes of the admin API, one for each right of administrators;
// a test of idp/admin holds them to its rights. Software that registers itself never
// has one.
func AdminScopes() []string {
	return []string{
		"blitz_admin_settings", "blitz_admin_settings_chg", "blitz_admin_pages", "blitz_admin_pages_chg",
		"blitz_admin_drivers", "blitz_admin_drivers_chg", "blitz_admin_drivers_trial", "blitz_admin_drivers_secrets", "blitz_admin_drivers_publish",
		"blitz_admin_users", "blitz_admin_users_chg", "blitz_admin_apps", "blitz_admin_apps_chg",
		"blitz_admin_calls", "blitz_admin_calls_stop", "blitz_admin_audit",
		"blitz_admin_administrators", "blitz_admin_administrators_chg", "blitz_admin_health",
	}
}
