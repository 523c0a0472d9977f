package main

import (
	"context"
	"slices"
	"time"
)

// The steps and fields of the login that the app knows; the provider's docs
// have them all.
const (
	stepPassword  = "password"
	stepChoose    = "choose"
	stepFlashCall = "flashCall"
)

// patience is how long the app looks for a call in the log once the provider
// says that the phone rings, and between is how often.
const (
	patience = 30 * time.Second
	between  = time.Second
)

// walk answers step after step until the login is over, well or not, and gives
// the address that ends it.
func (a *app) walk(ctx context.Context, steps *steps) (string, error) {
	a.end = a.now().Add(a.timeout)
	now, err := steps.look(ctx)
	for err == nil && now.RedirectTo == "" {
		now, err = a.answer(ctx, steps, now)
	}
	if err != nil {
		return "", err
	}
	return now.RedirectTo, nil
}

func (a *app) answer(ctx context.Context, steps *steps, now *step) (*step, error) {
	switch now.Step {
	case "": // a problem in place of a step: the login is unknown, too old, another app's
		return nil, &ending{exitAnew, now.words()}
	case stepPassword:
		return a.givePassword(ctx, steps, now)
	case stepFlashCall:
		return a.flashCall(ctx, steps, now)
	case stepChoose:
		if slices.Contains(now.Methods, stepFlashCall) {
			return steps.answer(ctx, now, map[string]string{"method": stepFlashCall})
		}
	}
	return nil, &ending{exitOther, "This sign-in goes on with the step " + now.Step + ". Sign in with a browser."}
}

func (a *app) givePassword(ctx context.Context, steps *steps, now *step) (*step, error) {
	switch now.problem() {
	case "":
		return steps.answer(ctx, now, map[string]string{"login": a.login, "password": a.password})
	case "password_wait", "busy":
		return nil, &ending{exitWait, now.words()}
	}
	return nil, &ending{exitAnew, now.words()}
}

// flashCall does what a state of the step asks for.
func (a *app) flashCall(ctx context.Context, steps *steps, now *step) (*step, error) {
	switch now.State {
	case "number": // the flash call is the first factor: whose phone is it?
		if now.Problem != nil {
			return nil, &ending{exitNumber, now.words()}
		}
		return steps.answer(ctx, now, map[string]string{"phone": a.number})
	case "ready": // no call yet, by the settings or because there was one a moment ago
		if a.begun {
			return a.callAgain(ctx, steps, now)
		}
		a.begun = true
		return a.call(ctx, steps, now)
	case "calling", "called", "wrong":
		if channel := now.Values.Channel; channel != "" && channel != stepFlashCall {
			return nil, &ending{exitOther, "The code comes by " + channel + ", which this app can't read. Sign in with a browser."}
		}
		return a.listen(ctx, steps, now)
	case "exhausted", "expired", "failed", "unknown":
		return a.callAgain(ctx, steps, now)
	case "blocked", "limited":
		return nil, &ending{exitWait, now.words() + " (until " + clock(now.Values.Until) + ")"}
	case "stopped", "not_mine", "no_phone":
		return nil, &ending{exitNumber, now.words()}
	}
	return nil, &ending{exitOther, "This app doesn't know the state " + now.State + ". Sign in with a browser."}
}

// listen posts the number that called as soon as the log has it, and looks
// again until then.
func (a *app) listen(ctx context.Context, steps *steps, now *step) (*step, error) {
	if a.since.IsZero() {
		a.since = a.now()
		a.say("%s will be called. Don't answer.", now.Values.Phone)
	}
	call, err := a.log.newest(ctx, a.known, now.Values.CallerMask)
	if err != nil {
		return nil, err
	}
	if call != nil {
		return a.post(ctx, steps, now, call)
	}
	if now.State != "calling" && a.now().Sub(a.since) > patience {
		return a.callAgain(ctx, steps, now)
	}
	wait := between
	if now.State == "calling" && now.RefreshMillis > 0 {
		wait = time.Duration(now.RefreshMillis) * time.Millisecond
	}
	if err := a.pause(ctx, wait); err != nil {
		return nil, err
	}
	return steps.look(ctx)
}

// post posts the whole number that called. Each is worth one attempt, as a
// typed code is, so none is posted twice; but for one that came before the
// provider itself knew of its call, which spends nothing.
func (a *app) post(ctx context.Context, steps *steps, now *step, call *entry) (*step, error) {
	a.say("%s called.", call.From)
	next, err := steps.answer(ctx, now, map[string]string{"caller": call.From})
	if err != nil {
		return nil, err
	}
	if next.problem() == "code_pending" {
		return next, a.pause(ctx, between)
	}
	a.known[call.ID] = true
	return next, nil
}

// callAgain asks for another call, as often as the person said.
func (a *app) callAgain(ctx context.Context, steps *steps, now *step) (*step, error) {
	if text := now.words(); text != "" {
		a.say("%s", text)
	}
	if a.asked >= a.again {
		return nil, &ending{exitRetry, "No call could confirm that it is you. Try again later."}
	}
	next, err := a.call(ctx, steps, now)
	if err == nil && next.problem() != "resend_wait" {
		a.asked++
	}
	return next, err
}

// call asks for a call when that is possible. Calls that are in the log by now
// are of no use any more: the new call comes with a new code.
func (a *app) call(ctx context.Context, steps *steps, now *step) (next *step, err error) {
	if !slices.Contains(now.Actions, "resend") {
		return nil, &ending{exitRetry, "No other call is possible now. " + now.words()}
	}
	wait := now.Values.ResendAt.Sub(a.now())
	if now.problem() == "resend_wait" {
		wait = max(wait, between) // the provider's clock is the one that counts
	}
	if a.now().Add(wait).After(a.end) {
		return nil, &ending{exitWait, "The next call is possible at " + clock(now.Values.ResendAt) + "."}
	}
	if wait > 0 {
		a.say("The next call is possible at %s.", clock(now.Values.ResendAt))
		if err := a.pause(ctx, wait); err != nil {
			return nil, err
		}
	}
	if a.known, err = a.log.ids(ctx); err != nil {
		return nil, err
	}
	a.since = time.Time{}
	return steps.answer(ctx, now, map[string]string{"action": "resend"})
}

func clock(t time.Time) string { return t.Local().Format("15:04:05") }
