package consent

import (
	"context"
	"time"
)

// Records remembers what was allowed.
type Records interface {
	// GivenConsent are the items that the person allowed the client; none is no error.
	GivenConsent(ctx context.Context, userID, clientID string) ([]Item, error)
	// GiveConsent adds items. Those that were given before keep their time.
	GiveConsent(ctx context.Context, userID, clientID string, items []Item, at time.Time) error
}

// Register lets a person see what they allowed, and take it back.
type Register interface {
	// Accesses are those of the person that stand at now, by client.
	Accesses(ctx context.Context, userID string, now time.Time) ([]Access, error)
	// RevokeAccess forgets what the person allowed the client, ends all grants that
	// it has from them or acts on, and queues that the client is told, in one
	// transaction. Afterwards no token of these is good for anything. Where there is
	// nothing to end, nothing changes.
	RevokeAccess(ctx context.Context, userID, clientID string, now time.Time) error
}

// Nothing remembers nothing: everybody is asked each time.
type Nothing struct{}

// GivenConsent implements Records.
func (Nothing) GivenConsent(context.Context, string, string) ([]Item, error) { return nil, nil }

// GiveConsent implements Records.
func (Nothing) GiveConsent(context.Context, string, string, []Item, time.Time) error { return nil }
