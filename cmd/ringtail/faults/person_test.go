package faults

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"time"
)

// patience is how long a person presses reload until somebody answers: longer than
// any fault that a test plays.
const patience = 90 * time.Second

// person signs in again and again, with one browser and one telephone. Whatever
// isn't answered is sent again, as by somebody who presses reload.
type person struct {
	w             *world
	login, number string
	browser       *http.Client

	asked    map[string]bool // what calls were asked for: logins with their forms
	lastCode string          // that let this person in
	lastFrom string          // the number that brought it
	slowest  time.Duration   // from authorization request to tokens
	wrote    func(path string)
	let      atomic.Int64 // logins that gave tokens
	unheard  atomic.Int64 // requests that nobody answered, or with a 5xx
}

func newPerson(w *world, i int) *person {
	p := &person{w: w, login: fmt.Sprintf("person%d", i), number: fmt.Sprintf("7999%07d", 1000+i), asked: map[string]bool{}}
	p.forget()
	return p
}

// forget takes a new browser.
func (p *person) forget() {
	jar, _ := cookiejar.New(nil) // it can't fail without options
	p.browser = &http.Client{Jar: jar, Transport: p.w.hops.transport(), CheckRedirect: stopAtCallback, Timeout: time.Minute}
}

// stopAtCallback doesn't follow the redirect to the relying party.
func stopAtCallback(r *http.Request, _ []*http.Request) error {
	if strings.HasPrefix(r.URL.String(), callback) || strings.HasPrefix(r.URL.String(), "http://localhost:1/") {
		return http.ErrUseLastResponse
	}
	r.Header.Set("Accept", "application/json")
	return nil
}

// answer is what somebody answered, read to its end.
type answer struct {
	status   int
	at       *url.URL
	location string
	body     []byte
	retry    string // Retry-After
}

// errSilent: nobody answered for as long as a person waits.
var errSilent = errors.New("nobody answered")

// again sends the request until a node answers it, and says how often nobody did. A
// 503 is an answer that a person reloads too.
func (p *person) again(ctx context.Context, client *http.Client, request func() (*http.Request, error)) (a *answer, lost int, err error) {
	for until := time.Now().Add(patience); ; lost++ {
		req, err := request()
		if err != nil {
			return nil, lost, err
		}
		a, err = p.once(ctx, client, req)
		switch {
		case err == nil && a.status < http.StatusInternalServerError:
			return a, lost, nil
		case err == nil:
			p.unheard.Add(1)
			p.w.told(req.Method+" "+route(req.URL.Path), a)
			p.w.faults.count(fmt.Sprintf("answers %d%s, %s", a.status, problemOf(a), route(req.URL.Path)))
		default:
			p.unheard.Add(1)
			p.w.faults.count("requests that nobody answered")
		}
		if ctx.Err() != nil {
			return nil, lost, ctx.Err()
		}
		if time.Now().After(until) {
			return nil, lost, fmt.Errorf("%s %s: %w", req.Method, req.URL.Path, errSilent)
		}
		select {
		case <-ctx.Done():
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// problemOf is the id of the problem that a login's answer tells.
func problemOf(a *answer) string {
	if s, err := stepOf(a); err == nil && s.Problem != nil {
		return " " + s.Problem.ID
	}
	return ""
}

// route is the path without the login's id.
func route(path string) string {
	if before, _, ok := strings.Cut(path, "/login/"); ok {
		return before + "/login/ID"
	}
	return path
}

func (p *person) once(ctx context.Context, client *http.Client, req *http.Request) (*answer, error) {
	if wrote := p.wrote; wrote != nil {
		path := req.URL.Path
		ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteRequest: func(httptrace.WroteRequestInfo) { wrote(path) }})
	}
	res, err := client.Do(req.WithContext(ctx))
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	if err != nil {
		return nil, err
	}
	return &answer{status: res.StatusCode, at: res.Request.URL, location: res.Header.Get("Location"), body: body, retry: res.Header.Get("Retry-After")}, nil
}

// page asks for a page, with fields as a form where there are some.
func (p *person) page(ctx context.Context, address string, fields url.Values) (*answer, int, error) {
	return p.again(ctx, p.browser, func() (*http.Request, error) {
		method, body := http.MethodGet, ""
		if fields != nil {
			method, body = http.MethodPost, fields.Encode()
		}
		req, err := http.NewRequest(method, address, strings.NewReader(body))
		if err != nil {
			return nil, err
		}
		req.Header.Set("Accept", "application/json")
		if fields != nil {
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		return req, nil
	})
}

// step is a step of the login as JSON.
type step struct {
	Login, Step, State, Form string
	Redirect                 string `json:"redirect_to"`
	Refresh                  int    `json:"refresh_millis"`
	Values                   struct {
		ResendAt time.Time `json:"resend_at"`
	}
	Problem *struct{ ID string }
}

// errAgain: what was begun is lost, and the person begins anew.
var errAgain = errors.New("the login is lost")

// stepOf reads a login's answer. Without a login it is another page, such as the
// callback's.
func stepOf(a *answer) (*step, error) {
	s := &step{}
	if err := json.Unmarshal(a.body, s); err != nil {
		return nil, fmt.Errorf("%s answered %d: %.200s", a.at, a.status, a.body)
	}
	return s, nil
}
