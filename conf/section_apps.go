package conf

import "time"

// Grant types and ways of client authentication, as OAuth names them.
const (
	grantCode     = "authorization_code"
	grantRefresh  = "refresh_token"
	grantClient   = "client_credentials"
	grantImplicit = "implicit"
	grantDevice   = grantURN + "device_code"
	authNone      = "none"
	authKeys      = "private_key_jwt"
)

// grantURN begins the names of the grants of later standards, which a file may
// leave out.
const grantURN = "urn:ietf:params:oauth:grant-type:"

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
		AuthMethod:       getOr(c, "authMethod", orNull(oneOf("client_secret_basic", "client_secret_post", authKeys, authNone)), ""),
		RedirectURIs:     getOr(c, "redirectUris", appURLs(), none),
		PostLogoutURIs:   getOr(c, "postLogoutUris", appURLs(), none),
		Grants:           getOr(c, "grants", grants(), []string{grantCode, grantRefresh}),
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
	appKeys(&a, c)
	appFlows(&a, c)
	appLogout(&a, c)
	appPages(&a, c)
	switch {
	case a.Public && a.AuthMethod == "":
		a.AuthMethod = authNone
	case a.AuthMethod == authNone:
		a.Public = true
	}
	return a
}

func appKeys(a *App, c *cursor) {
	algorithms := []string{"ES256", "RS256", "PS256", "EdDSA"}
	a.JWKS = getOr(c, "jwks", orNull(c.d.files.keySet()), "")
	a.JWKSURI = getOr(c, "jwksUri", orNull(pageURL()), "")
	a.AuthAlg = getOr(c, "authAlg", orNull(oneOf(algorithms...)), "")
	a.RequestObjectAlg = getOr(c, "requestObjectAlg", orNull(oneOf(append(algorithms, "none")...)), "")
}

func appFlows(a *App, c *cursor) {
	none := []string{}
	a.ApplicationType = getOr(c, "applicationType", orNull(oneOf("web", "native")), "")
	a.ResponseTypes = getOr(c, "responseTypes", list("response types, words in quotes", oneOf(
		"code", "id_token", "id_token token", "code id_token", "code token", "code id_token token")), none)
	a.RequirePAR = getOr(c, "requirePar", boolean(), false)
	a.JWTAccessTokens = getOr(c, "accessTokens", oneOf("opaque", "jwt"), "opaque") == "jwt"
	a.Resources = getOr(c, "resources", list("absolute URIs without fragment", resourceURI()), none)
	a.Serves = getOr(c, "serves", list("absolute URIs without fragment", resourceURI()), none)
	a.ExchangeFrom = getOr(c, "exchangeFrom", list("client ids", matching("a client id", clientID)), none)
	a.DefaultMaxAge = getOr(c, "defaultMaxAge", optional(whole(0, 10*365*24*60*60)), nil)
	a.RequireAuthTime = getOr(c, "requireAuthTime", boolean(), false)
	a.DefaultACRs = getOr(c, "defaultAcrValues", list("classes of authentication", sentence(100)), none)
	a.IDTokenClaims = getOr(c, "idTokenClaims", list("names of claims", matching("a claim's name", claimName)), none)
}

func appLogout(a *App, c *cursor) {
	a.BackchannelLogoutURI = getOr(c, "backchannelLogoutUri", orNull(pageURL()), "")
	a.BackchannelSession = getOr(c, "backchannelLogoutSession", boolean(), false)
	a.FrontchannelLogoutURI = getOr(c, "frontchannelLogoutUri", orNull(pageURL()), "")
	a.FrontchannelSession = getOr(c, "frontchannelLogoutSession", boolean(), false)
}

func appPages(a *App, c *cursor) {
	none := []string{}
	a.ClientURI = getOr(c, "clientUri", orNull(pageURL()), "")
	a.LogoURI = getOr(c, "logoUri", orNull(pageURL()), "")
	a.PolicyURI = getOr(c, "policyUri", orNull(pageURL()), "")
	a.TOSURI = getOr(c, "tosUri", orNull(pageURL()), "")
	a.InitiateLoginURI = getOr(c, "initiateLoginUri", orNull(pageURL()), "")
	a.Contacts = getOr(c, "contacts", list("texts of 1 to 256 characters", sentence(256)), none)
	a.Tags = getOr(c, "tags", list("words of letters, digits and . _ -", matching("a word", tag)), none)
	a.SoftwareID = getOr(c, "softwareId", orNull(sentence(256)), "")
	a.SoftwareVersion = getOr(c, "softwareVersion", orNull(sentence(256)), "")
}
