package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"time"
)

// maxAnswer bounds what is read of an answer, in bytes.
const maxAnswer = 64 << 10

// step is how the login stands, as its JSON tells.
type step struct {
	Step          string   `json:"step"`
	State         string   `json:"state"`
	Values        values   `json:"values"`
	Actions       []string `json:"actions"`
	Methods       []string `json:"methods"`
	Form          string   `json:"form"`
	RefreshMillis int64    `json:"refresh_millis"`
	Problem       *problem `json:"problem"`
	RedirectTo    string   `json:"redirect_to"`
}

// values are those of the flash call that an app without a screen needs.
type values struct {
	Channel    string    `json:"channel"`
	Phone      string    `json:"phone"`
	CallerMask string    `json:"caller_mask"`
	ResendAt   time.Time `json:"resend_at"`
	Until      time.Time `json:"until"`
}

type problem struct {
	ID    string `json:"id"`
	Text  string `json:"text"`
	Hint  string `json:"hint"`
	Field string `json:"field"`
}

// words of the problem for the person, "" without one.
func (s *step) words() string {
	if s.Problem == nil {
		return ""
	}
	return strings.TrimSpace(s.Problem.Text + " " + s.Problem.Hint)
}

func (s *step) problem() string {
	if s.Problem == nil {
		return ""
	}
	return s.Problem.ID
}

// steps asks for the steps of one login and answers them. Its cookies are what
// binds the login to this app; losing them loses the login.
type steps struct {
	http *http.Client
	at   string // the login's address
}

// begin sends the authorization request and finds the login's address, which
// must be the provider's: the password goes there.
func begin(ctx context.Context, web *http.Client, authorize, issuer string) (*steps, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	s := &steps{http: &http.Client{Transport: web.Transport, Timeout: web.Timeout, Jar: jar, CheckRedirect: stay}}
	to, err := s.leave(ctx, authorize)
	if err != nil {
		return nil, fmt.Errorf("asking for a login: %w", err)
	}
	if code := to.Query().Get("error"); code != "" {
		return nil, fmt.Errorf("asking for a login: the provider refuses the request: %s %s", code, to.Query().Get("error_description"))
	}
	if !strings.HasPrefix(to.String(), issuer+"/") {
		return nil, fmt.Errorf("asking for a login: it is at %s, outside of the provider", to.Redacted())
	}
	s.at = to.String()
	return s, nil
}

// leave opens an address and gives the one that it redirects to.
func (s *steps) leave(ctx context.Context, address string) (*url.URL, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	res, err := s.http.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	to, err := res.Location()
	if err != nil {
		return nil, fmt.Errorf("%s answers %s without a redirect", req.URL.Path, res.Status)
	}
	return to, nil
}

// look asks how the login stands.
func (s *steps) look(ctx context.Context) (*step, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.at, nil)
	if err != nil {
		return nil, err
	}
	return s.do(req)
}

// answer posts fields to the step. Its form makes a repeated request harmless:
// where the network fails, the same may be posted again.
func (s *steps) answer(ctx context.Context, now *step, fields map[string]string) (*step, error) {
	fields["form"], fields["step"] = now.Form, now.Step
	body, err := json.Marshal(fields)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.at, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	return s.do(req)
}

func (s *steps) do(req *http.Request) (*step, error) {
	req.Header.Set("Accept", "application/json")
	res, err := s.http.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if kind, _, err := mime.ParseMediaType(res.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return nil, fmt.Errorf("the login answers %s, and not in JSON", res.Status)
	}
	var now step
	if err := json.NewDecoder(io.LimitReader(res.Body, maxAnswer)).Decode(&now); err != nil {
		return nil, fmt.Errorf("reading how the login stands: %w", err)
	}
	if now.Step == "" && now.Problem == nil {
		return nil, errors.New("the login answers with neither a step nor a problem")
	}
	return &now, nil
}
