package faults

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"sync"
	"time"
)

// Nobody waits for longer than this. A call whose node died is given up after its
// lease, 12 s, and so may be the next ones: longest is for logins that many kills in
// turn befall, and rest for those that are left when the last fault is over.
const (
	longest = 4 * time.Minute
	rest    = time.Minute
)

// live signs in, uses what it gets and signs out, again and again until stop is
// closed; what it has begun then it ends.
func (p *person) live(ctx context.Context, stop <-chan struct{}) {
	for round := 0; ; round++ {
		select {
		case <-stop:
			return
		case <-ctx.Done():
			return
		default:
		}
		if err := p.day(ctx, round); err != nil && !errors.Is(err, errAgain) && ctx.Err() == nil {
			p.w.faults.add("%s, round %d: %v", p.login, round, err)
			p.forget()
		}
	}
}

// day is one login from the password on, and what follows from it.
func (p *person) day(ctx context.Context, round int) error {
	p.forget()
	t, err := p.signIn(ctx, round)
	if err != nil {
		return err
	}
	if t == nil {
		return nil
	}
	for range 2 {
		if err := p.claims(ctx, *t); err != nil {
			return err
		}
		if *t, err = p.renew(ctx, *t); err != nil {
			return err
		}
	}
	return p.session(ctx, *t, round)
}

// signIn is a login with password and call. No tokens: what the code gave is worth
// nothing any more, for it was tried twice.
func (p *person) signIn(ctx context.Context, round int) (*tokens, error) {
	begun := time.Now()
	for {
		code, verifier, err := p.code(ctx, "")
		if err == nil && round%4 == 3 {
			p.race(ctx, code, verifier)
			return nil, nil
		}
		var t tokens
		if err == nil {
			t, err = p.redeem(ctx, code, verifier)
		}
		if errors.Is(err, errAgain) {
			continue
		}
		if err != nil {
			return nil, err
		}
		took := time.Since(begun)
		p.let.Add(1)
		p.slowest = max(p.slowest, took)
		if took > longest {
			p.w.faults.add("%s: a login took %v", p.login, took)
		}
		p.w.faults.count("logins with password and call")
		if round%4 == 1 {
			p.replay(ctx, code, verifier)
			return nil, nil
		}
		return &t, nil
	}
}

// session signs in with the session that is there, and sometimes ends it.
func (p *person) session(ctx context.Context, t tokens, round int) error {
	for {
		code, verifier, err := p.code(ctx, "none")
		if err == nil {
			_, err = p.redeem(ctx, code, verifier)
		}
		if errors.Is(err, errAgain) {
			continue
		}
		if err != nil {
			return err
		}
		p.w.faults.count("logins with a session")
		break
	}
	if round%2 == 0 {
		return nil
	}
	return p.signOut(ctx, t)
}

// signOut ends the session; then nobody is signed in without being asked.
func (p *person) signOut(ctx context.Context, t tokens) error {
	p.w.acks.gone(p)
	address := p.w.issuer + "/oauth/logout?" + url.Values{"id_token_hint": {t.ID}, "post_logout_redirect_uri": {"http://localhost:1/"}}.Encode()
	a, _, err := p.page(ctx, address, nil)
	if err != nil {
		return err
	}
	if a.status != http.StatusFound && a.status != http.StatusSeeOther {
		return nil // it asks first
	}
	if _, _, err := p.code(ctx, "none"); err == nil {
		p.w.faults.add("%s: a session that was ended is there again", p.login)
	}
	p.w.faults.count("sessions ended")
	return nil
}

// crowd has everybody live until the function that it returns is called, which
// waits until all have ended what they had begun: the faults are over then, so it is
// soon.
func (w *world) crowd(ctx context.Context) (end func()) {
	var group sync.WaitGroup
	stop := make(chan struct{})
	for _, p := range w.people {
		group.Go(func() { p.live(ctx, stop) })
	}
	return func() {
		begun := time.Now()
		close(stop)
		group.Wait()
		if took := time.Since(begun); took > rest {
			w.faults.add("%v after the last fault logins were still underway", took)
		}
		w.faults.counted("milliseconds from the last fault to the end of the last login", int(time.Since(begun).Milliseconds()))
	}
}
