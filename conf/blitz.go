package conf

// blitzKey says what Blitz uses a key of its blitz.conf for, where Blitz
// documents the key and Ringtail doesn't use it. path starts below rootPath.
// A file that was made for Blitz then gives warnings, not errors.
func blitzKey(path []string) (purpose string, ok bool) {
	switch len(path) {
	case 1:
		purpose, ok = blitzSections()[path[0]]
	case 2:
		purpose, ok = map[string]string{
			"lang.portal-lang-cookie": "the language cookie of a portal",
			"lang.lang-variants":      "variants of languages",
		}[path[0]+"."+path[1]]
	case 3:
		if path[0] == "scopes" {
			purpose, ok = map[string]string{
				"sysname":    "the scope's name; Ringtail's is the key of the section",
				"deprecated": "a mark in its console",
			}[path[2]]
			return purpose, ok
		}
		if path[0] == "login" && path[1] == "methods" && blitzMethod(path[2]) {
			return "the method " + path[2] + ", which this version doesn't have", true
		}
	case 4:
		if path[0] == "login" && path[2] == "password" && path[3] == "changePasswordMode" {
			return "where the page for a new password is shown", true
		}
	}
	return purpose, ok
}

// blitzSections are the blocks under blitz.prod.local.idp that Blitz documents.
func blitzSections() map[string]string {
	return map[string]string{
		"apps-source":         "where applications are kept",
		"built-in-pipes":      "auxiliary applications within a login",
		"captcha":             "CAPTCHA services",
		"events":              "queues that get events",
		"federation":          "external identity providers",
		"flexible-flows":      "login procedures",
		"id-attrs":            "attributes of users",
		"id-stores":           "external stores of users",
		"internal-store":      "its database; Ringtail's is store.url",
		"internal-store-jdbc": "its database connections; Ringtail's database is store.url",
		"keystore":            "its key store; Ringtail's keys are under keys",
		"license":             "its licence",
		"lock":                "locking unused accounts",
		"logger":              "its log; Ringtail's is under log",
		"logout":              "signing out",
		"messages":            "gateways for messages",
		"password":            "the CAPTCHA of the password page",
		"password-policy":     "rules for new passwords",
		"provisioning":        "registration and recovery",
	}
}
