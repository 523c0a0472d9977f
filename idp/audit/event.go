package audit

import (
	"context"
	"net/netip"
	"time"
)

// Event is one record. Its members are those of Blitz's audit records; see
// docs/reference/audit.md for the types and what Params hold.
type Event struct {
	Type string
	At   time.Time // zero: when the trail takes it
	// Subject is the ID of who acted, Object of whom or what it was done to; both may
	// be empty.
	Subject, Object string
	IP              netip.Addr
	UserAgent       string
	ClientID        string // the relying party
	AuthMethod      string // how the client authenticated
	Procedure       string // the login
	SessionID       string
	Params          map[string]any // texts, numbers, booleans and lists of them
}

// Recorder takes events of which there are many. Record returns at once where it
// can, and waits rather than loses where the queue is full.
type Recorder interface {
	Record(ctx context.Context, e Event)
}

// Trail keeps events for good.
type Trail interface {
	Recorder
	// Append returns when the event is on disk. What an administrator does is undone,
	// or not begun, where it fails.
	Append(ctx context.Context, e Event) error
	// Settle returns when all that was recorded until now is on disk. What can't be put
	// there any more, or not before ctx ends, is an error.
	Settle(ctx context.Context) error
}
