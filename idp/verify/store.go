package verify

import (
	"context"
	"time"
)

// Verification is one number that a client has verified, or wants to.
type Verification struct {
	ID       string
	ClientID string
	// Phone is E.164 with "+". Never log it.
	Phone string
	// Country of the number, ISO 3166, two letters.
	Country string
	// RemoteIP is the address of who has the number, as far as it is known.
	RemoteIP string
	// Lang of messages, BCP 47; may be empty.
	Lang      string
	CreatedAt time.Time
	// EndsAt is when nothing can be asked for or checked any more.
	EndsAt time.Time
	// VerifiedAt is zero until the right code came.
	VerifiedAt time.Time
	// ForgetAt is when nobody is told of it any more.
	ForgetAt time.Time
}

// Records keeps verifications. Errors: idp.ErrNotFound, idp.ErrTaken.
type Records interface {
	// CreateVerification is idp.ErrTaken where the ID is there.
	CreateVerification(ctx context.Context, v *Verification) error
	VerificationByID(ctx context.Context, id string) (*Verification, error)
	// SetVerified keeps the first time, and says which it is.
	SetVerified(ctx context.Context, id string, at time.Time) (time.Time, error)
	// DeleteVerification does nothing where there is none.
	DeleteVerification(ctx context.Context, id string) error
}

// Kept is what is kept under a client's Idempotency-Key. The zero value is
// nothing.
type Kept struct {
	// Request is the keyed hash of the request that came with the key first.
	Request string
	// Subject names what the request makes, so that a second try makes the same.
	Subject string
	// Holder is who answers it, until Until; empty once it was answered.
	Holder string
	Until  time.Time
	// Status is that of the answer, 0 before; the rest is the answer's too.
	Status          int
	Media, Location string
	Body            string
	// ForgetAt is when the key may be used for something else.
	ForgetAt time.Time
}

// Answers keeps answers by the client and the keyed hash of its key.
type Answers interface {
	// UpdateAnswer lets change alter what is kept and writes it, as one
	// transaction; a zero Kept is nothing, on the way in and out. An error of
	// change leaves it as it was and is returned as it is; change may run more than
	// once.
	UpdateAnswer(ctx context.Context, clientID, key string, change func(*Kept) error) error
}
