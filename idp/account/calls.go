package account

import (
	"context"
	"time"
)

// Stops keeps which numbers are not called; otp.Engine is one. Numbers are E.164
// with "+". Doing twice what was done changes nothing.
type Stops interface {
	Stop(ctx context.Context, phone string) error
	Allow(ctx context.Context, phone string) error
	Stopped(ctx context.Context, phone string) (bool, error)
	// PhoneHash stands for the number in the log, the same here as beside calls.
	PhoneHash(phone string) string
}

// Calls tells of the last calls and messages, as far as they are kept.
type Calls interface {
	// RecentCalls returns at most limit of those that a person's logins asked for
	// and those that went to the number, the newest first. phone may be empty.
	RecentCalls(ctx context.Context, personID, phone string, limit int) ([]Call, error)
}

// Call is one call or message.
type Call struct {
	// At is when the phone began to ring or the message went out; where that isn't
	// known, when it was asked for.
	At time.Time
	// Channel is flashCall, sms or voice.
	Channel string
	// ClientID is the application that asked for the login, or that has the number
	// verified; empty where that isn't known any more.
	ClientID string
	// State is how it ended, or how it stands: one of otp's states.
	State string
}
