package otp

import (
	"context"

	"github.com/ringtail-id/ringtail/factors"
)

// NoticeKind is what became of a code.
type NoticeKind string

// The kinds of notices.
const (
	NoticeAsked     NoticeKind = "asked"
	NoticeRefused   NoticeKind = "refused" // before anything was sent
	NoticeSent      NoticeKind = "sent"
	NoticeFailed    NoticeKind = "failed"
	NoticeNews      NoticeKind = "news"
	NoticeConfirmed NoticeKind = "confirmed"
	NoticeEntered   NoticeKind = "entered" // a code that wasn't accepted; Problem says why
	NoticeNotMine   NoticeKind = "not_mine"
)

// Notice is one thing that became of a code. It never holds the code.
type Notice struct {
	Kind NoticeKind
	Key
	// Phone is the whole number: whoever keeps the notice masks it.
	Phone           string
	RemoteIP        string // of who asked; may be empty
	Channel, Driver string // empty where none was chosen yet
	// Problem is the ID of what the person was told, Budget that of the limit that was
	// reached, Failure the provider's word, State how the call stands.
	Problem, Budget, Failure string
	State                    NewsState
	// Decoy says that nobody has the number, so that nothing is sent.
	Decoy bool
	// Used are the person's attempts in total.
	Used int
	// Pending says that the provider has only taken the order, MovedOn that the next
	// route of the chain was taken.
	Pending, MovedOn bool
}

// about is a notice about the challenge, which may be nil.
func about(kind NoticeKind, key Key, c *Challenge) Notice {
	n := Notice{Kind: kind, Key: key}
	if c != nil {
		n.Phone, n.RemoteIP, n.Channel, n.Driver, n.Decoy = c.Phone, c.RemoteIP, c.Channel, c.Driver, c.Decoy
	}
	return n
}

// tellAsked is the notice about a code that was asked for.
func (e *Engine) tellAsked(ctx context.Context, key Key, c *Challenge, problem *factors.Problem, over *OverError) {
	n := about(NoticeAsked, key, c)
	if problem != nil {
		n.Kind, n.Problem = NoticeRefused, problem.ID
	}
	if over != nil {
		n.Budget = over.Charge.Budget
	}
	e.notice(ctx, n)
}

// tellEntered is the notice about a code that was entered.
func (e *Engine) tellEntered(ctx context.Context, key Key, after Record, problem *factors.Problem) {
	n := about(NoticeConfirmed, key, after.own(key))
	n.Used = after.Budget.Used
	if problem != nil {
		n.Kind, n.Problem = NoticeEntered, problem.ID
	}
	e.notice(ctx, n)
}
