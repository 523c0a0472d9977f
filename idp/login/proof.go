package login

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/ringtail-id/ringtail/factors"
	"github.com/ringtail-id/ringtail/idp"
)

// pending is what a method proved in this request and the store hasn't yet.
type pending struct {
	person string
	fact   idp.Fact
	phone  string    // in E.164, that the person was reached at; empty where at none
	before idp.Login // what is stored
}

// onto adds the fact. One that names another person than before starts over.
func (p *pending) onto(l *idp.Login) {
	if l.UserID != p.person {
		l.Facts, l.Consented = nil, false
	}
	l.UserID = p.person
	l.Facts = add(slices.Clone(l.Facts), p.fact)
	l.AuthTime = p.fact.At
	l.Chosen = ""
}

// addProof adds what the step's method proved to the login. A second factor proves
// nothing about anybody but the person of the login. A proof that leaves nothing to
// ask for is stored by finish, with the session that it leads to; any other at once.
func (h *Handler) addProof(ctx context.Context, x *exchange, proof *factors.Proof) error {
	factor := x.Step.Factor()
	if proof.PersonID == "" || factor == 2 && proof.PersonID != x.User.ID {
		return fmt.Errorf("method %s proved somebody else", x.Step.Method)
	}
	x.pending = &pending{
		person: proof.PersonID, phone: proof.Phone, before: *x.Login,
		fact: idp.Fact{Method: x.Step.Method, Factor: factor, AMR: proof.AMR, At: x.Now},
	}
	l := *x.Login
	x.pending.onto(&l)
	x.Login, x.User = &l, nil // who was blocked while the method worked is not to get in
	return h.lookAgain(ctx, x)
}

// keepProof stores a proof that isn't yet.
func (h *Handler) keepProof(ctx context.Context, x *exchange) error {
	p := x.pending
	if p == nil {
		return nil
	}
	x.pending = nil
	if p.phone != "" {
		if err := h.ConfirmPhone(ctx, p.person, p.phone, p.fact.At); err != nil && !errors.Is(err, idp.ErrNotFound) {
			return fmt.Errorf("noting that the number was confirmed: %w", err)
		}
		x.User = nil
	}
	return h.update(ctx, x, p.onto)
}

// entry is the new session, with the proof that led to it where that isn't stored. It
// counts for the login as this request knows it alone, and not where another one took
// an answer meanwhile.
func (x *exchange) entry(session *idp.Session, change func(*idp.Login)) Entry {
	e := Entry{Login: x.Login.ID, Session: session, PasswordSetAt: x.User.PasswordSetAt, Change: whileOpen(change)}
	if p := x.pending; p != nil {
		e.Phone, e.ProvedAt = p.phone, p.fact.At
		e.Change = func(l *idp.Login) error {
			if !p.follows(l) {
				return errOver
			}
			return whileOpen(change)(l)
		}
	}
	return e
}

// follows says whether the login is still what the proof was added to.
func (p *pending) follows(l *idp.Login) bool {
	same := func(a, b idp.Fact) bool { return a.Method == b.Method && a.Factor == b.Factor && a.At.Equal(b.At) }
	return l.UserID == p.before.UserID && slices.Equal(l.Forms, p.before.Forms) && slices.EqualFunc(l.Facts, p.before.Facts, same)
}
