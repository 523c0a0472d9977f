package oidc

import (
	"context"
	"slices"
	"time"

	"github.com/zitadel/oidc/v3/pkg/oidc"

	"github.com/ringtail-id/ringtail/idp"
)

// Grant is what one person allowed one client in one login: the family of
// everything that its authorization code gave. Revoking it ends them all.
type Grant struct {
	ID       string
	ClientID string
	UserID   string
	// Session is the sid claim; see Offline for what its end means.
	Session  string
	Scopes   []string
	Nonce    string
	AuthTime time.Time
	ACR      string
	AMR      []string
	Code     Code
	Kind     GrantKind
	// Claims is what the request asked for by name; nil where nothing.
	Claims *idp.ClaimsRequest
	// Resources are the audiences that access tokens may be for (RFC 8707).
	Resources []string
	// Actor is the client that acts for the person by token exchange (RFC 8693);
	// empty otherwise.
	Actor string
	// Parent is the grant whose token was exchanged for this one; empty otherwise.
	// A store tells that this one is revoked as soon as that one is.
	Parent string

	CreatedAt time.Time
	// ExpiresAt is when nothing of the grant can be alive any more.
	ExpiresAt time.Time
	// RevokedAt is zero while the grant stands.
	RevokedAt time.Time
}

// GrantKind is how a grant came to be.
type GrantKind string

// The kinds of grants.
const (
	KindCode      GrantKind = "code"
	KindImplicit  GrantKind = "implicit"
	KindDevice    GrantKind = "device"
	KindExchange  GrantKind = "exchange"
	KindJWTBearer GrantKind = "jwt_bearer"
)

// Code is the authorization code of a grant, or what stands for one: a device
// code, or nothing that anybody holds where a grant has tokens from the start.
type Code struct {
	// Hash is the keyed hash of the code, under which it is found.
	Hash        string
	RedirectURI string
	// Challenge is the PKCE S256 challenge; empty where the client may leave it out.
	Challenge  string
	ExpiresAt  time.Time
	RedeemedAt time.Time
}

// Offline says whether the grant outlives its session (OpenID Connect Core,
// section 11).
func (g *Grant) Offline() bool { return slices.Contains(g.Scopes, oidc.ScopeOfflineAccess) }

// sessionless is true of grants for which nobody signed in: a client vouched for
// the person, or exchanged a token that was of such a grant.
func (g *Grant) sessionless() bool {
	return g.Session == "" && (g.Kind == KindJWTBearer || g.Kind == KindExchange && g.Parent != "")
}

// TokenKind is what a token is good for.
type TokenKind string

// The kinds of stored tokens.
const (
	AccessToken  TokenKind = "access"
	RefreshToken TokenKind = "refresh"
)

// Token is an opaque token as it is stored.
type Token struct {
	// Hash is the keyed hash of the token.
	Hash    string
	Kind    TokenKind
	GrantID string
	Scopes  []string
	// Audience are the resources that an access token is for; empty means its client.
	Audience  []string
	CreatedAt time.Time
	ExpiresAt time.Time
	// UsedAt is when a refresh token was exchanged; it is kept so that its
	// second use is noticed.
	UsedAt time.Time
}

// Grants keeps grants and their codes. Errors: idp.ErrNotFound.
type Grants interface {
	// CreateGrant stores the grant with the tokens that it has from the start, and
	// that its session has reached its client.
	CreateGrant(ctx context.Context, g *Grant, gives ...Token) error
	// CreateGrantOfLogin is CreateGrant and UpdateLogin in one transaction. An error of
	// change leaves all as it was and is returned as it is.
	CreateGrantOfLogin(ctx context.Context, g *Grant, login string, change func(*idp.Login) error, gives ...Token) error
	// CreateGrantInSession is CreateGrant and UpdateSession of the grant's session in
	// one transaction. An error of change leaves all as it was and is returned as it
	// is; idp.ErrNotFound where there is no such session.
	CreateGrantInSession(ctx context.Context, g *Grant, change func(*idp.Session) error, gives ...Token) error
	// GrantByCode finds the grant of a code, redeemed, expired and revoked ones too.
	GrantByCode(ctx context.Context, codeHash string) (*Grant, error)
	// GrantOfSession finds the newest grant that the person gave the client in the
	// session and that stands at now, none that came of an exchange.
	GrantOfSession(ctx context.Context, userID, session, clientID string, now time.Time) (*Grant, error)
	// RedeemCode uses the code up and stores what it gives, in one transaction.
	// False when the code can't be redeemed at now, which includes having been
	// redeemed before: its grant is then revoked in the same transaction.
	RedeemCode(ctx context.Context, codeHash string, now time.Time, gives []Token) (bool, error)
	RevokeGrant(ctx context.Context, id string, now time.Time) error
}

// Tokens keeps tokens by their keyed hash. Errors: idp.ErrNotFound.
type Tokens interface {
	// TokenByHash finds a token and its grant, used, expired and revoked ones too.
	TokenByHash(ctx context.Context, hash string) (Token, *Grant, error)
	// RotateToken is to refresh tokens what RedeemCode is to codes. A token that was
	// used less than grace before may come again while all that it gave then is
	// what gives has, and the refresh token in it is unused: see Repeated.
	RotateToken(ctx context.Context, hash string, now time.Time, grace time.Duration, gives []Token) (Rotation, error)
	// DeleteToken does nothing where there is no such token.
	DeleteToken(ctx context.Context, hash string) error
}

// Rotation is what came of using a refresh token up.
type Rotation int

// What can come of it.
const (
	// Refused: it can't be used. Where it was used before, its grant is revoked.
	Refused Rotation = iota
	// Rotated: it is used up, and what it gives is stored.
	Rotated
	// Repeated: it was used up before and gave the very same, whose answer was
	// lost on its way; nothing changed.
	Repeated
)

// ClientToken is an opaque access token that a client has for itself, without a
// person (RFC 6749, section 4.4).
type ClientToken struct {
	// Hash is the keyed hash of the token.
	Hash     string
	ClientID string
	Scopes   []string
	// Audience is as in Token.
	Audience  []string
	CreatedAt time.Time
	ExpiresAt time.Time
}

// ClientTokens keeps clients' own tokens by their keyed hash. Errors:
// idp.ErrNotFound.
type ClientTokens interface {
	CreateClientToken(ctx context.Context, t ClientToken) error
	// ClientTokenByHash finds expired ones too.
	ClientTokenByHash(ctx context.Context, hash string) (ClientToken, error)
	// DeleteClientToken does nothing where there is no such token.
	DeleteClientToken(ctx context.Context, hash string) error
}

// Logins keeps the logins in progress; see login.Logins. Errors: idp.ErrNotFound.
type Logins interface {
	CreateLogin(ctx context.Context, l *idp.Login) error
	LoginByID(ctx context.Context, id string) (*idp.Login, error)
	// UpdateLogin runs change inside one transaction and returns its error as it is.
	UpdateLogin(ctx context.Context, id string, change func(*idp.Login) error) (*idp.Login, error)
}

// Sessions keeps who is signed in where; see login.Sessions. Errors: idp.ErrNotFound.
type Sessions interface {
	SessionByID(ctx context.Context, id string) (*idp.Session, error)
	// UpdateSession runs change inside one transaction and returns its error as it is.
	UpdateSession(ctx context.Context, id string, change func(*idp.Session) error) (*idp.Session, error)
}

// Stores is everything that the endpoints keep; idp/store implements it.
type Stores interface {
	Grants
	Tokens
	ClientTokens
	Logins
	Sessions
	PushedRequests
	Devices
}
