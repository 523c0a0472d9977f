package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"time"

	"golang.org/x/oauth2"
)

// relyingParty signs people in at the server under test, by its JSON login.
type relyingParty struct {
	oauth oauth2.Config
	phone string // address of the virtual phone
}

// signIn is one full login in a new browser: authorization request, password,
// call, code, token request.
func (p *relyingParty) signIn(ctx context.Context) (*oauth2.Token, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	browser := &http.Client{Jar: jar, Timeout: 30 * time.Second, CheckRedirect: p.stopAtCallback}
	verifier := oauth2.GenerateVerifier()
	step, err := ask(browser, http.MethodGet, p.oauth.AuthCodeURL("state", oauth2.S256ChallengeOption(verifier)), nil)
	if err != nil {
		return nil, err
	}
	before, err := p.calls(browser)
	if err != nil {
		return nil, err
	}
	if step, err = step.answer(browser, "login", "bench", "password", benchPassword); err != nil {
		return nil, err
	}
	code, err := p.await(ctx, browser, before)
	if err != nil {
		return nil, err
	}
	if step, err = step.answer(browser, "code", code); err != nil {
		return nil, err
	}
	if step.Redirect == "" {
		return nil, fmt.Errorf("the login ended in step %s", step.Step)
	}
	end, err := browser.Get(step.Redirect)
	if err != nil {
		return nil, err
	}
	end.Body.Close()
	location, err := end.Location()
	if err != nil {
		return nil, fmt.Errorf("the callback answered %s: %w", end.Status, err)
	}
	return p.oauth.Exchange(ctx, location.Query().Get("code"), oauth2.VerifierOption(verifier))
}

// stopAtCallback doesn't follow the redirect to the relying party, which is us.
func (p *relyingParty) stopAtCallback(r *http.Request, _ []*http.Request) error {
	if strings.HasPrefix(r.URL.String(), p.oauth.RedirectURL) {
		return http.ErrUseLastResponse
	}
	r.Header.Set("Accept", "application/json")
	return nil
}

type call struct{ ID, From string }

func (p *relyingParty) calls(browser *http.Client) ([]call, error) {
	res, err := browser.Get(p.phone + "/api/calls?to=" + benchNumber)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	var list []call
	return list, json.NewDecoder(res.Body).Decode(&list)
}

// await waits for a call that was not there before.
func (p *relyingParty) await(ctx context.Context, browser *http.Client, before []call) (string, error) {
	deadline := time.After(20 * time.Second)
	for {
		list, err := p.calls(browser)
		if err != nil {
			return "", err
		}
		if len(list) > 0 && (len(before) == 0 || list[0].ID != before[0].ID) {
			from := list[0].From
			return from[len(from)-4:], nil
		}
		select {
		case <-ctx.Done():
			return "", ctx.Err()
		case <-deadline:
			return "", errors.New("the phone did not ring")
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// step is a step of the login as JSON.
type step struct {
	Step, Form string
	Redirect   string `json:"redirect_to"`
	Problem    *struct{ ID string }
	at         string
}

// answer posts pairs of field and value.
func (s *step) answer(browser *http.Client, pairs ...string) (*step, error) {
	fields := url.Values{"form": {s.Form}, "step": {s.Step}}
	for i := 0; i < len(pairs); i += 2 {
		fields.Set(pairs[i], pairs[i+1])
	}
	return ask(browser, http.MethodPost, s.at, fields)
}

func ask(browser *http.Client, method, address string, fields url.Values) (*step, error) {
	req, err := http.NewRequest(method, address, strings.NewReader(fields.Encode()))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", "application/json")
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	res, err := browser.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	s := &step{at: res.Request.URL.String()}
	if err := json.NewDecoder(res.Body).Decode(s); err != nil {
		return nil, fmt.Errorf("%s answered %s: %w", s.at, res.Status, err)
	}
	if s.Problem != nil {
		return nil, fmt.Errorf("the login says %s", s.Problem.ID)
	}
	return s, nil
}
