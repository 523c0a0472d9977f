package register

import (
	"context"
	"errors"
	"time"

	"github.com/ringtail-id/ringtail/idp"
)

// Errors of Records.
var (
	// ErrOver: the initial access token is unknown, used up or expired.
	ErrOver = errors.New("the initial access token is unknown, used up or expired")
	// ErrFull: there are as many registered clients as may be.
	ErrFull = errors.New("no more clients may register themselves")
)

// BusyError: one network has registered as many clients as it may.
type BusyError struct{ Until time.Time }

// Error tells when it may again.
func (e *BusyError) Error() string {
	return "too many registrations from one network until " + e.Until.UTC().Format(time.RFC3339)
}

// InitialToken lets software register itself (RFC 7591, section 1.2). The token
// itself is nowhere; Hash is its keyed hash.
type InitialToken struct {
	ID   string `json:"id"`
	Hash string `json:"-"`
	// Software, when not empty, is the software_id that a registration must have.
	Software string `json:"software,omitempty"`
	// Grants and Scopes may be had beside those of the Policy.
	Grants    []string  `json:"grants,omitempty"`
	Scopes    []string  `json:"scopes,omitempty"`
	UsesLeft  int       `json:"uses_left"`
	CreatedAt time.Time `json:"created_at"`
	ExpiresAt time.Time `json:"expires_at"`
}

// Usable says whether the token lets anybody in at the time.
func (t *InitialToken) Usable(now time.Time) bool { return t.UsesLeft > 0 && now.Before(t.ExpiresAt) }

// Registered is a client that registered itself, with what only its own
// management needs.
type Registered struct {
	Client *idp.Client
	// Previous is the hash of the registration access token that was in force
	// before Client.RegistrationHash. It serves for a minute after RotatedAt, when it
	// was replaced, or until its successor is used, so that a lost answer locks nobody
	// out.
	Previous  string
	RotatedAt time.Time
	// InitialToken is the ID of the token that let it in; empty where registration
	// is open.
	InitialToken string
	// Grants and Scopes are those that the token allowed beside the Policy.
	Grants, Scopes []string
	// Held: an administrator changed what the client may do. Its own changes don't
	// go beyond what it has from then on.
	Held bool
}

// Kept says whether the client is kept though nobody signs in to it: its tokens
// leave no trace that a sweep could see.
func (r *Registered) Kept() bool {
	return r.Client.Allows(idp.GrantClientCredentials) || r.Client.Allows(idp.GrantJWTBearer) || r.Client.Allows(idp.GrantExchange)
}

// Entry is what a registration takes, with the client, as one transaction.
type Entry struct {
	Now time.Time
	// TokenHash is that of the initial access token, whose uses go down by one;
	// empty takes none.
	TokenHash string
	// Most is how many registered clients there may be.
	Most int
	// Network names where the request came from, hashed; PerNetwork is how many
	// registrations may come from there until Until, when the count begins anew. An
	// empty name isn't counted.
	Network    string
	PerNetwork int
	Until      time.Time
}

// Records keeps registrations. Methods return idp.ErrNotFound where there is no
// such row.
type Records interface {
	// InitialToken finds a token by its hash, whether it may be used or not.
	InitialToken(ctx context.Context, hash string) (*InitialToken, error)
	// RegisterClient stores a client, or returns ErrOver, ErrFull or a BusyError and
	// changes nothing.
	RegisterClient(ctx context.Context, r *Registered, e Entry) error
	// RegisteredClient finds a client that registered itself, and no other.
	RegisteredClient(ctx context.Context, id string) (*Registered, error)
	// UpdateRegistered lets change alter the client, Previous and RotatedAt, as
	// one transaction; an error of change leaves them and is returned as it is. change
	// may run more than once.
	UpdateRegistered(ctx context.Context, id string, change func(*Registered) error) error
	// DeleteRegistered deletes the client with all that it was given, unless check
	// returns an error, which is returned as it is.
	DeleteRegistered(ctx context.Context, id string, check func(*Registered) error) error
}
