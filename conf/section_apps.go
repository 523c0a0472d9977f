package conf

import "time"

// Grant types and ways of client authentication, as OAuth names them.
const (
	grantCode    = "authorization_code"
	grantRefresh = "refresh_token"
	grantClient  = "client_credentials"
	authNone     = "none"
)

// scopeVerification goes with grantClient.
const scopeVerification = "phone_verification"

// apps reads the relying parties that the file manages, by id.
func apps(c *cursor) (all []App) {
	entries(c, "apps", "ID", func(id string, c *cursor) {
		if !clientID.MatchString(id) {
			c.d.fail(c.at, c.path, "is no client id; write 1 to 200 visible ASCII characters without \":\" and \"~\"")
		}
		all = append(all, app(id, c))
	})
	return all
}

func app(id string, c *cursor) App {
	none := []string{}
	a := App{
		ID:               id,
		Name:             getOr(c, "name", orNull(sentence(100)), ""),
		Secret:           getOr(c, "secret", orNull(c.d.files.secret(characters(12, 500))), Secret{}),
		Public:           getOr(c, "public", boolean(), false),
		AuthMethod:       getOr(c, "authMethod", orNull(oneOf("client_secret_basic", "client_secret_post")), ""),
		RedirectURIs:     getOr(c, "redirectUris", appURLs(), none),
		PostLogoutURIs:   getOr(c, "postLogoutUris", appURLs(), none),
		Grants:           getOr(c, "grants", list(grantCode+", "+grantRefresh+", "+grantClient, oneOf(grantCode, grantRefresh, grantClient)), []string{grantCode, grantRefresh}),
		Scopes:           getOr(c, "scopes", list("scope names", matching("a scope name", scopeName)), none),
		SigningAlg:       getOr(c, "signingAlg", oneOf(signingAlgorithms()...), "RS256"),
		WaivePKCE:        getOr(c, "pkce", oneOf("required", "optional"), "required") == "optional",
		AskConsent:       getOr(c, "consent", boolean(), false),
		RequiredFactor:   getOr(c, "requiredFactor", whole(0, 2), 0),
		SecondFactors:    getOr(c, "secondFactors", list("method ids", matching("a method id", methodID)), none),
		AccessTokenLife:  getOr(c, "accessTokenLife", orNull(accessLife()), time.Duration(0)),
		IDTokenLife:      getOr(c, "idTokenLife", orNull(accessLife()), time.Duration(0)),
		RefreshTokenLife: getOr(c, "refreshTokenLife", orNull(refreshLife()), time.Duration(0)),
	}
	if a.Public && a.AuthMethod == "" {
		a.AuthMethod = authNone
	}
	return a
}
