package login

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/ringtail-id/ringtail/factors"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/pages"
	"github.com/ringtail-id/ringtail/idp/tracing"
)

// maxTime bounds the work for one request.
const maxTime = 30 * time.Second

// steady is a context that outlives the connection: of a double click, the
// browser hangs up the first request, and what that one began must be finished
// all the same.
func steady(r *http.Request) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(r.Context()), maxTime)
}

// get shows the step. A login that needs no more of the person it ends, with
// the session and the cookie that follow from that; it changes nothing else.
func (h *Handler) get(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := steady(r)
	defer cancel()
	x := h.newExchange(w, r)
	err := h.load(ctx, x)
	if err == nil && x.settles() {
		err = h.inTurn(ctx, x, func() error { return h.load(ctx, x) }, func() { h.respond(ctx, x, outcome{}) })
		if err == nil {
			return
		}
	}
	if err != nil {
		h.fail(x, err)
		return
	}
	h.respond(ctx, x, outcome{})
}

// settles says whether showing the login ends it, or finds it ended: whoever ended it may
// not have recorded that yet, and is waited for.
func (x *exchange) settles() bool {
	return !x.Step.Interactive() && (x.Login.State == idp.LoginOpen || x.Login.State == idp.LoginDone)
}

// post answers the step.
func (h *Handler) post(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := steady(r)
	defer cancel()
	x := h.newExchange(w, r)
	f, err := readForm(w, r)
	if err != nil {
		h.fail(x, err)
		return
	}
	var met *idp.Problem
	answer := func() error {
		met, err = h.answer(ctx, x, f)
		return err
	}
	err = h.inTurn(ctx, x, answer, func() {
		h.respond(ctx, x, outcome{posted: true, problem: met, typed: cmp.Or(f.fields[fieldLogin], f.fields[fieldPhone])})
	})
	if err != nil {
		h.fail(x, err)
	}
}

// inTurn does the work, and then responds, while no other request of this
// login does the same.
func (h *Handler) inTurn(ctx context.Context, x *exchange, work func() error, respond func()) error {
	release, err := h.turns.take(ctx, x.id)
	if err != nil {
		return err
	}
	defer release()
	if err := work(); err != nil {
		return err
	}
	respond()
	return nil
}

// answer acts on the form and leaves x as things stand then. The problem it
// returns is for the step's page; an error is for a page of its own.
func (h *Handler) answer(ctx context.Context, x *exchange, f form) (*idp.Problem, error) {
	err := h.load(ctx, x)
	if errors.Is(err, errEntered) && signedIn(x.Login, f) {
		if err = h.again(x, f); err == nil {
			return nil, h.load(ctx, x)
		}
	}
	if err != nil {
		return nil, err
	}
	if x.Login.State != idp.LoginOpen {
		return nil, h.again(x, f)
	}
	if !x.Step.Interactive() || f.step != "" && f.step != x.Step.Name() {
		return nil, nil
	}
	acting, end := tracing.Login(ctx, x.Login.Request.Trace, "login "+x.Step.Name())
	err = h.act(acting, x, f)
	end(err)
	var met *idp.Problem
	switch {
	case errors.Is(err, errRepeated):
		return h.outcomes.get(x.id + f.id), h.load(ctx, x)
	case errors.Is(err, errOver):
		return nil, h.load(ctx, x)
	case errors.As(err, &met):
		h.pages.LogCause(ctx, met, x.about()...)
		// What passes by itself isn't remembered: whoever sends the form again would be told of it for ever.
		if f.id != "" && met.HTTPStatus() < http.StatusInternalServerError {
			h.outcomes.put(x.id+f.id, met)
		}
	case err != nil:
		return nil, err
	}
	return met, h.lookAgain(ctx, x)
}

// outcome is what a response has to tell besides the step.
type outcome struct {
	posted  bool
	problem *idp.Problem
	typed   string
}

// maxRounds bounds how often respond looks again when other requests change
// the login at the same time.
const maxRounds = 4

// respond shows the step, or ends the login and sends the browser on.
func (h *Handler) respond(ctx context.Context, x *exchange, o outcome) {
	for range maxRounds {
		if x.Step.Interactive() {
			h.respondStep(ctx, x, o)
			return
		}
		err := h.settle(ctx, x)
		if err == nil {
			h.leave(x)
			return
		}
		if errors.Is(err, errOver) {
			err = h.goOn(ctx, x)
		}
		if err != nil {
			h.fail(x, err)
			return
		}
	}
	h.fail(x, problem(factors.ProblemBusy, http.StatusServiceUnavailable))
}

// goOn looks at a login, or a person, that changed meanwhile.
func (h *Handler) goOn(ctx context.Context, x *exchange) error {
	x.User = nil
	if err := h.keepProof(ctx, x); err != nil && !errors.Is(err, errOver) {
		return err
	}
	return h.load(ctx, x)
}

// respondStep redirects a browser whose post went well, so that reload and back
// button post nothing; everybody else sees the step.
func (h *Handler) respondStep(ctx context.Context, x *exchange, o outcome) {
	if o.posted && o.problem == nil && !x.json {
		http.Redirect(x.w, x.r, h.URL(x.id), http.StatusSeeOther)
		return
	}
	if err := h.show(ctx, x, o); err != nil {
		h.fail(x, err)
	}
}

// settle ends an open login as its step says.
func (h *Handler) settle(ctx context.Context, x *exchange) error {
	switch {
	case x.Login.State == idp.LoginDone:
		return h.recordLost(ctx, x)
	case x.Login.State != idp.LoginOpen:
		return nil
	case x.Step.Kind == Denied:
		return h.deny(ctx, x, x.Step.Error)
	}
	ctx, end := tracing.Login(ctx, x.Login.Request.Trace, "login finish")
	err := h.finish(ctx, x)
	end(err)
	return err
}

// leave sends the browser to the callback, which answers the relying party.
func (h *Handler) leave(x *exchange) {
	if x.Login.State == idp.LoginAnswered && x.r.Method != http.MethodPost {
		h.fail(x, problem(idp.ProblemLoginAnswered, http.StatusGone))
		return
	}
	to := h.CallbackURL(x.id)
	if x.json {
		h.pages.JSON(x.w, http.StatusOK, x.lang, Twin{Login: x.id, Step: x.Step.Name(), RedirectTo: to})
		return
	}
	x.w.Header().Set("Cache-Control", "no-store")
	http.Redirect(x.w, x.r, to, http.StatusSeeOther)
}

// fail answers with a problem in place of a step.
func (h *Handler) fail(x *exchange, err error) {
	shown := pages.AsProblem(err)
	if !x.json {
		h.pages.ProblemIn(x.w, x.r, x.lang, shown, x.about()...)
		return
	}
	h.pages.LogCause(x.r.Context(), shown, x.about()...)
	h.pages.JSON(x.w, shown.HTTPStatus(), x.lang, Twin{Login: x.id, Problem: h.pages.Told(x.w, x.lang, shown)})
}
