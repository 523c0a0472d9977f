package conf

import "time"

// Registration lets software register itself (RFC 7591).
type Registration struct {
	Enabled        bool
	Open           bool // without an initial access token
	Grants         []string
	ResponseTypes  []string
	Scopes         []string
	AuthMethods    []string
	WaivePKCE      bool // pkce = optional
	Most           int
	PerNetworkHour int
	UnusedFor      time.Duration // 0: for ever
	Statements     Statements
}

// Statements says which software statements are believed.
type Statements struct {
	Required bool
	Issuers  []StatementIssuer // by name
}

// StatementIssuer vouches for software.
type StatementIssuer struct {
	Name    string
	Issuer  string // the statements' iss
	JWKS    string // its key set as JSON
	JWKSURI string // where it is; never both
}

func registration(c *cursor) Registration {
	const day = 24 * time.Hour
	return Registration{
		Enabled: get(c, "enabled", boolean()),
		Open:    get(c, "open", boolean()),
		Grants:  get(c, "grants", grants()),
		ResponseTypes: get(c, "responseTypes", list("response types, words in quotes", oneOf(
			"code", "id_token", "id_token token", "code id_token", "code token", "code id_token token"))),
		Scopes: get(c, "scopes", list("scope names", matching("a scope name", scopeName))),
		AuthMethods: get(c, "authMethods", list("client_secret_basic, client_secret_post, private_key_jwt, none",
			oneOf("client_secret_basic", "client_secret_post", authKeys, authNone))),
		WaivePKCE:      get(c, "pkce", oneOf("required", "optional")) == "optional",
		Most:           get(c, "most", whole(1, 1_000_000)),
		PerNetworkHour: get(c, "perNetworkHour", whole(1, 100_000)),
		UnusedFor:      get(c, "unusedFor", orNull(duration(day, 1000*day))),
		Statements: section(c, "statements", func(c *cursor) Statements {
			return Statements{Required: get(c, "required", boolean()), Issuers: statementIssuers(c)}
		}),
	}
}

func statementIssuers(c *cursor) (all []StatementIssuer) {
	entries(c, "issuers", "NAME", func(name string, c *cursor) {
		all = append(all, StatementIssuer{
			Name:    name,
			Issuer:  getOr(c, "issuer", sentence(500), ""),
			JWKS:    getOr(c, "jwks", orNull(c.d.files.keySet()), ""),
			JWKSURI: getOr(c, "jwksUri", orNull(pageURL()), ""),
		})
	})
	return all
}

// registrationRules are those of registration.
func registrationRules(s *Settings) []rule {
	r := s.Registration
	const at = "registration."
	rules := []rule{
		{[]string{at + "grants"}, len(r.Grants) == 0, "is empty; write at least authorization_code"},
		{[]string{at + "responseTypes"}, len(r.ResponseTypes) == 0, "is empty; write at least code"},
		{[]string{at + "authMethods"}, len(r.AuthMethods) == 0, "is empty; write at least one way to authenticate"},
		{[]string{at + "statements.required", at + "statements.issuers"}, r.Statements.Required && len(r.Statements.Issuers) == 0,
			"is true though nobody's statements are believed; add to statements.issuers, or write false"},
	}
	for _, i := range r.Statements.Issuers {
		in := at + "statements.issuers." + quote(i.Name)
		rules = append(rules,
			rule{[]string{in, in + ".issuer"}, i.Issuer == "", "has no issuer; write issuer = what the statements have as iss"},
			rule{[]string{in, in + ".jwks", in + ".jwksUri"}, (i.JWKS == "") == (i.JWKSURI == ""), "needs jwks or jwksUri, and one of them alone; write where the issuer's keys are"})
	}
	return rules
}
