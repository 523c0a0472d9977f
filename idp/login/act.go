package login

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/ringtail-id/ringtail/factors"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/audit"
)

// ActionAllow agrees on the consent page. The other actions are those of the
// factor contract.
const ActionAllow = "allow"

// act does what the form asks for in the step that x has. It returns errOver or
// errRepeated when there was nothing to do.
func (h *Handler) act(ctx context.Context, x *exchange, f form) error {
	if err := h.record(ctx, x, f); err != nil {
		return err
	}
	switch {
	case f.action == factors.ActionCancel:
		return h.deny(ctx, x, ErrorAccessDenied)
	case f.action == factors.ActionOther && len(x.Step.Methods) > 1 && x.Step.Kind != Choose:
		return h.update(ctx, x, func(l *idp.Login) { l.Chosen = "" })
	}
	switch x.Step.Kind {
	case First, Second:
		return h.actMethod(ctx, x, f)
	case Choose:
		return h.choose(ctx, x, f)
	case NewPassword:
		return h.newPassword(ctx, x, f)
	case Consent:
		return h.consent(ctx, x, f)
	}
	return errOver
}

// record notes the form before anything is done because of it, so that it can't
// count twice, whichever node it reaches. A form without an id gets one that
// nobody knows: the form that was there before must not pass for it, see again.
func (h *Handler) record(ctx context.Context, x *exchange, f form) error {
	id := f.id
	if id == "" {
		var err error
		if id, err = idp.NewID(h.Rand); err != nil {
			return err
		}
	}
	return h.store(ctx, x, func(l *idp.Login) error {
		if l.Answered(id) {
			return errRepeated
		}
		if l.State != idp.LoginOpen {
			return errOver
		}
		l.Answer(id)
		return nil
	})
}

// update changes the login while it is open.
func (h *Handler) update(ctx context.Context, x *exchange, change func(*idp.Login)) error {
	return h.store(ctx, x, whileOpen(change))
}

func whileOpen(change func(*idp.Login)) func(*idp.Login) error {
	return func(l *idp.Login) error {
		if l.State != idp.LoginOpen {
			return errOver
		}
		change(l)
		return nil
	}
}

// store changes the login, and leaves in x what was stored.
func (h *Handler) store(ctx context.Context, x *exchange, change func(*idp.Login) error) error {
	stored, err := h.Logins.UpdateLogin(ctx, x.Login.ID, change)
	if err != nil {
		return err
	}
	x.Login = stored
	return nil
}

func (h *Handler) actMethod(ctx context.Context, x *exchange, f form) error {
	if !slices.Contains(actionsOfMethods(), f.action) {
		return unknownAction()
	}
	method, err := h.method(x.Step.Method)
	if err != nil {
		return err
	}
	proof, err := method.Answer(ctx, h.factorLogin(x), factors.Answer{Action: f.action, Fields: f.fields})
	if err != nil {
		h.recordFailure(ctx, x, f, err)
		return err
	}
	if proof == nil {
		return nil
	}
	step := x.Step
	if err := h.addProof(ctx, x, proof); err != nil {
		return err
	}
	h.recordProof(ctx, x, step, proof)
	return h.beginNext(ctx, x)
}

// actionsOfMethods are those that a method may offer; the empty one is its answer.
func actionsOfMethods() []string {
	return []string{"", factors.ActionResend, factors.ActionCall, factors.ActionSMS, factors.ActionVoice, factors.ActionNotMine}
}

func (h *Handler) method(id string) (factors.Method, error) {
	method, ok := h.Methods.Method(id)
	if !ok {
		return nil, fmt.Errorf("no method %s", id)
	}
	return method, nil
}

// beginNext begins the second factor that a proof has led to, or signs in before
// the page of a consent or of a new password. We are answering a form here, so a call may be placed.
func (h *Handler) beginNext(ctx context.Context, x *exchange) error {
	if err := h.lookAgain(ctx, x); err != nil {
		return err
	}
	switch x.Step.Kind {
	case Second:
		return h.begin(ctx, x)
	case Consent, NewPassword:
		return h.enter(ctx, x)
	}
	return nil
}

// begin has the step's method begin. A problem is no error here: the page that
// follows tells of it, because Show does.
func (h *Handler) begin(ctx context.Context, x *exchange) error {
	method, err := h.method(x.Step.Method)
	if err != nil {
		return err
	}
	err = method.Begin(ctx, h.factorLogin(x))
	var shown *idp.Problem
	if errors.As(err, &shown) {
		h.pages.LogCause(ctx, shown, x.about()...)
		return nil
	}
	return err
}

func (h *Handler) choose(ctx context.Context, x *exchange, f form) error {
	if f.action != "" {
		return unknownAction()
	}
	chosen := f.fields[fieldMethod]
	if !slices.Contains(x.Step.Methods, chosen) {
		return unknownAction()
	}
	if err := h.update(ctx, x, func(l *idp.Login) { l.Chosen = chosen }); err != nil {
		return err
	}
	h.Audit.Record(ctx, x.event(audit.TypeMethodChosen, map[string]any{"method": chosen}))
	return h.beginNext(ctx, x)
}
