package backchannel

import (
	"context"
	"time"
)

// Notice is one relying party that is to be told of the end of one session.
type Notice struct {
	Session  string
	ClientID string
	UserID   string
	QueuedAt time.Time
	// Tries that were begun, this one included.
	Tries int
	// Holder is who has the lease.
	Holder string
}

// Lease is what a node asks the queue for.
type Lease struct {
	// Holder names this one try, and is never used again.
	Holder     string
	Now, Until time.Time
	// PerClient is how many leases one client's notices may have at a time.
	PerClient int
}

// Queue keeps the notices; idp/store implements it. Errors: idp.ErrNotFound.
type Queue interface {
	// TakeNotice leases a notice that is due, the one that is due the longest;
	// idp.ErrNotFound where there is none.
	TakeNotice(ctx context.Context, l Lease) (*Notice, error)
	// DropNotice removes the notice, unless its lease has passed to somebody else.
	DropNotice(ctx context.Context, n *Notice) error
	// PostponeNotice makes it due at own, unless its lease has passed to somebody
	// else; and the client's other notices not before others, where that isn't zero.
	PostponeNotice(ctx context.Context, n *Notice, own, others time.Time) error
}
