package tokens

import (
	"context"
	"time"
)

// Token is a driver's login token.
type Token struct {
	ID    string    // names this token among all that there were, so that a refused one is dropped and never its successor
	Value string    // a secret: never logged, kept encrypted where it is kept
	Until time.Time // from then on it isn't given any more
}

// Store keeps tokens by key. Two nodes that share one Store share their tokens. tokenstest has the suite for it.
type Store interface {
	// FindToken gives the token that is alive at now, or the zero Token.
	FindToken(ctx context.Context, key string, now time.Time) (Token, error)
	// ClaimToken gives holder alone the right to log in for key until then. It reports false while another holder has it;
	// a claim whose time is over at now is anybody's. A holder that claims again keeps its claim.
	ClaimToken(ctx context.Context, key, holder string, now, until time.Time) (bool, error)
	// KeepToken stores a token in the place of the one before it and ends the claim.
	KeepToken(ctx context.Context, key string, t Token) error
	// ReleaseToken ends holder's claim, if it still has it.
	ReleaseToken(ctx context.Context, key, holder string) error
	// DropToken forgets the token with this ID; another one stays.
	DropToken(ctx context.Context, key, id string) error
}
