package conf

import "time"

// App is a relying party that the settings file manages. What goes together in
// one is not decided here, but in package idp for clients of every origin.
type App struct {
	ID             string // without ":" and "~"
	Name           string // what pages call it; empty: the id
	Secret         Secret // empty for a public client, and one that has keys
	Public         bool   // a client that can't keep a secret: native app, page without a server
	AuthMethod     string // client_secret_basic, client_secret_post, private_key_jwt, none (public), or empty: either way of sending the secret
	RedirectURIs   []string
	PostLogoutURIs []string
	Grants         []string // as registered: the full names, where the file has the last word of one
	Scopes         []string // empty: every scope
	SigningAlg     string   // of ID tokens, one of Keys.Algorithms
	WaivePKCE      bool     // pkce = optional
	AskConsent     bool     // show the consent page
	RequiredFactor int      // 0, 1 or 2 factors, whatever Login.Level says
	SecondFactors  []string // when not empty, the only second factors that serve this client
	// Lives of the client's tokens; 0: the value of Tokens.
	AccessTokenLife  time.Duration
	IDTokenLife      time.Duration
	RefreshTokenLife time.Duration

	ApplicationType       string   // web, native; empty: not said
	ResponseTypes         []string // empty: code
	JWKS                  string   // the client's public keys, a JWK set as JSON
	JWKSURI               string   // where they are; never both
	AuthAlg               string   // of client assertions; empty: any
	RequestObjectAlg      string   // empty: any; none: unsigned ones are taken
	RequirePAR            bool
	JWTAccessTokens       bool // accessTokens = jwt
	Resources             []string
	Serves                []string // resources that it is
	ExchangeFrom          []string
	BackchannelLogoutURI  string
	BackchannelSession    bool
	FrontchannelLogoutURI string
	FrontchannelSession   bool
	DefaultMaxAge         *int // seconds; nil: not set
	RequireAuthTime       bool
	DefaultACRs           []string
	IDTokenClaims         []string
	ClientURI             string
	LogoURI               string
	PolicyURI             string
	TOSURI                string
	InitiateLoginURI      string
	Contacts              []string
	Tags                  []string
	SoftwareID            string
	SoftwareVersion       string
}
