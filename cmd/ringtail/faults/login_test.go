package faults

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/oauth2"
)

// lostCookies happen once in some thousand logins, in one moment of a few milliseconds:
// where there are more, a form that is posted again isn't known any more.
const lostCookies, mostLostCookies = "logins whose new cookie was lost", 5

// walk is one login on its way.
type walk struct {
	p        *person
	verifier string
	prompt   string
	at       string // the login's address
	tried    map[string]bool
	resent   time.Time
	unheard  int64 // of the person, when a code was typed last
	lost     int   // answers to forms that nobody heard
}

// config is what the relying party knows of the provider.
func (w *world) config() *oauth2.Config {
	return &oauth2.Config{
		ClientID: clientID, ClientSecret: clientSecret, RedirectURL: callback, Scopes: []string{"openid", "offline_access"},
		Endpoint: oauth2.Endpoint{AuthURL: w.issuer + "/oauth/ae", TokenURL: w.issuer + "/oauth/te", AuthStyle: oauth2.AuthStyleInHeader},
	}
}

// code signs in and returns the authorization code with its verifier. prompt is
// the request's; with "none" a session has to be there.
func (p *person) code(ctx context.Context, prompt string) (code, verifier string, err error) {
	w := &walk{p: p, verifier: oauth2.GenerateVerifier(), prompt: prompt, tried: map[string]bool{}}
	address := p.w.config().AuthCodeURL("state", oauth2.S256ChallengeOption(w.verifier), oauth2.SetAuthURLParam("nonce", "n"), oauth2.SetAuthURLParam("prompt", prompt))
	if prompt == "" {
		address = p.w.config().AuthCodeURL("state", oauth2.S256ChallengeOption(w.verifier), oauth2.SetAuthURLParam("nonce", "n"))
	}
	a, _, err := p.page(ctx, address, nil)
	if err != nil {
		return "", "", err
	}
	code, err = w.through(ctx, a)
	return code, w.verifier, err
}

// through answers step after step until the relying party is reached.
func (w *walk) through(ctx context.Context, a *answer) (string, error) {
	for steps := 0; ; steps++ {
		if code, ok, err := w.p.w.atCallback(a); ok || err != nil {
			return code, err
		}
		s, err := stepOf(a)
		if err != nil {
			return "", err
		}
		w.at = a.at.String()
		if a, err = w.next(ctx, s); err != nil {
			return "", err
		}
		if steps > 2000 {
			return "", fmt.Errorf("the login goes on and on: %s %s", s.Step, s.State)
		}
	}
}

// atCallback is the code of an answer that leads to the relying party. What is said
// there of a provider that is out of order is errAgain.
func (w *world) atCallback(a *answer) (code string, ok bool, err error) {
	if !strings.HasPrefix(a.location, callback) {
		return "", false, nil
	}
	target, err := url.Parse(a.location)
	if err != nil {
		return "", false, err
	}
	switch e := target.Query().Get("error"); e {
	case "":
	case "temporarily_unavailable":
		w.faults.count("answers 503, as " + e + " to the relying party")
		<-time.After(50 * time.Millisecond)
		return "", false, errAgain
	default:
		return "", false, fmt.Errorf("the relying party is told %s", e)
	}
	return target.Query().Get("code"), true, nil
}

// next answers the step.
func (w *walk) next(ctx context.Context, s *step) (*answer, error) {
	switch s.Step {
	case "password":
		return w.post(ctx, s, "login", w.p.login, "password", password)
	case "flashCall":
		return w.call(ctx, s)
	case "done":
		return w.done(ctx, s)
	}
	return nil, fmt.Errorf("the login is at step %q, problem %+v", s.Step, s.Problem)
}

// done goes back to the relying party. The way there is open once: whoever lost the
// answer begins anew. So does whoever lost the answer to the last form, which had the
// browser's new cookie, and was shown another step before that form was through: a
// database goes on with what a killed node had sent it.
func (w *walk) done(ctx context.Context, s *step) (*answer, error) {
	w.p.w.acks.login(s.Login)
	a, lost, err := w.p.page(ctx, s.Redirect, nil)
	if err != nil {
		return nil, err
	}
	if a.location == "" && lost > 0 {
		return nil, errAgain
	}
	if w.lost > 0 && a.status == http.StatusBadRequest && problemOf(a) == " login_unknown" {
		w.p.w.faults.count(lostCookies)
		return nil, errAgain
	}
	if a.location == "" {
		return nil, fmt.Errorf("the callback answered %d: %.300s", a.status, a.body)
	}
	return a, nil
}

// call waits for the phone and types what it shows; where the call came to
// nothing, it asks for another one.
func (w *walk) call(ctx context.Context, s *step) (*answer, error) {
	w.p.asked[s.Login] = true
	switch s.State {
	case "calling":
		return w.look(ctx, s)
	case "called", "wrong":
		return w.enter(ctx, s)
	case "ready", "unknown", "failed", "expired", "exhausted":
		if wait := s.Values.ResendAt.Sub(w.p.w.time()); wait > 0 || !w.rested(s) {
			return w.look(ctx, s)
		}
		w.p.w.faults.count("calls that came to nothing: " + s.State)
		w.p.asked[s.Login+" "+s.Form] = true
		return w.post(ctx, s, "action", "resend")
	}
	return nil, fmt.Errorf("the call is %q, problem %+v", s.State, s.Problem)
}

// rested says whether the last call is so long ago that a person asks for another.
func (w *walk) rested(s *step) bool {
	if s.State == "failed" && time.Since(w.resent) < time.Second {
		return false
	}
	w.resent = time.Now()
	return true
}

// look asks how the login stands, a moment later.
func (w *walk) look(ctx context.Context, _ *step) (*answer, error) {
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-time.After(100 * time.Millisecond):
	}
	a, _, err := w.p.page(ctx, w.at, nil)
	return a, err
}

// enter types the code of the newest call, before it sometimes that of the last
// login, which must be worth nothing.
func (w *walk) enter(ctx context.Context, s *step) (*answer, error) {
	calls := w.p.w.phone.to(w.p.number)
	if len(calls) == 0 {
		return nil, fmt.Errorf("the login says that the phone rang, but it never did")
	}
	from := calls[len(calls)-1].From
	if old := w.p.lastCode; old != "" && old != digits(from) && from != w.p.lastFrom && len(w.tried) == 0 {
		w.tried[old] = true
		a, err := w.post(ctx, s, "code", old)
		if err != nil {
			return nil, err
		}
		if again, err := stepOf(a); err != nil || again.Step == "done" {
			w.p.w.faults.add("%s: the code of an earlier call worked again: %v", w.p.login, err)
		}
		w.p.w.faults.count("codes tried in a second login")
		return a, nil
	}
	// Where an answer was lost, so may the code have been, and what it says is of the one before.
	if w.tried[from] && s.State == "wrong" && w.unheard == w.p.unheard.Load() {
		return nil, fmt.Errorf("the newest call's code is wrong")
	}
	w.tried[from], w.unheard = true, w.p.unheard.Load()
	a, err := w.post(ctx, s, "code", digits(from))
	if err == nil {
		w.p.lastCode, w.p.lastFrom = digits(from), from
	}
	return a, err
}

func (w *walk) post(ctx context.Context, s *step, pairs ...string) (*answer, error) {
	fields := url.Values{"form": {s.Form}, "step": {s.Step}}
	for i := 0; i < len(pairs); i += 2 {
		fields.Set(pairs[i], pairs[i+1])
	}
	a, lost, err := w.p.page(ctx, w.at, fields)
	w.lost += lost
	return a, err
}
