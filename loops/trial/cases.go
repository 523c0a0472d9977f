package trial

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/drivers"
)

// Case is one file of a driver's cases/: what the driver is asked, what it must ask for, what it is answered, and what must
// come of it.
type Case struct {
	Title   string            `json:"title"`
	Entry   loops.Entry       `json:"entry,omitempty"` // empty: start
	Input   map[string]any    `json:"input,omitempty"`
	Secrets map[string]string `json:"secrets,omitempty"`
	Token   string            `json:"token,omitempty"` // the driver's login token; empty: the case shows the login too
	Now     time.Time         `json:"now,omitzero"`    // what the driver's clock says, RFC 3339; zero: the real time
	Steps   []CaseStep        `json:"steps,omitempty"`
	Outcome CaseOutcome       `json:"outcome"`
}

// CaseStep is one request that is expected and the answer to it. A request that is left out may be any.
type CaseStep struct {
	Request *CaseRequest `json:"request"`
	Answer  CaseAnswer   `json:"answer"`
}

// CaseRequest is an expected request. Headers that aren't named may be any. A body that is a text must be the same byte for
// byte; any other is compared as JSON.
type CaseRequest struct {
	Method  string            `json:"method"`
	URL     string            `json:"url,omitempty"`
	Headers map[string]string `json:"headers,omitempty"`
	Body    json.RawMessage   `json:"body,omitempty"`
}

// CaseAnswer is the answer to a request: a status with headers and a body (a text as it is, anything else as JSON), or
// a fault, "unavailable" or "bad_answer".
type CaseAnswer struct {
	Status  int               `json:"status,omitempty"`
	Headers map[string]string `json:"headers,omitempty"`
	Body    json.RawMessage   `json:"body,omitempty"`
	Fault   loops.Key         `json:"fault,omitempty"`
}

// CaseOutcome is what must come of a case. Params that aren't named may be any; Detail must be part of the refusal's.
type CaseOutcome struct {
	Outcome string            `json:"outcome"`
	Value   map[string]any    `json:"value,omitempty"`
	Key     loops.Key         `json:"key,omitempty"`
	Params  map[string]string `json:"params,omitempty"`
	Reason  loops.Reason      `json:"reason,omitempty"`
	Detail  string            `json:"detail,omitempty"`
}

// CaseResult is what came of one case; it passed when there are no problems.
type CaseResult struct {
	File     string   `json:"file"`
	Title    string   `json:"title"`
	Problems []string `json:"problems,omitempty"`
}

// Cases runs the cases in the folder cases of fsys, in the order of their names, for the driver. It is an error if
// there are none: a driver without cases is not tested.
func Cases(ctx context.Context, fsys fs.FS, o Options) ([]CaseResult, error) {
	files, err := fs.Glob(fsys, "cases/*.json")
	if err != nil || len(files) == 0 {
		return nil, fmt.Errorf("there are no cases: write cases/NAME.json beside the driver")
	}
	slices.Sort(files)
	var out []CaseResult
	for _, file := range files {
		text, err := drivers.ReadFile(fsys, file, file)
		if err != nil {
			return nil, err
		}
		result, err := RunCase(ctx, file, text, o)
		if err != nil {
			return nil, err
		}
		out = append(out, result)
	}
	return out, nil
}

// RunCase runs one case for the driver. file is how messages name it. The error is for what isn't the case's or the driver's doing.
func RunCase(ctx context.Context, file string, text []byte, o Options) (CaseResult, error) {
	result := CaseResult{File: file}
	c, err := ParseCase(text)
	if err != nil {
		result.Problems = []string{fmt.Sprintf("%s: %v", file, err)}
		return result, nil
	}
	result.Title = c.Title
	problems, err := c.run(ctx, o)
	for _, p := range problems {
		result.Problems = append(result.Problems, file+": "+p)
	}
	return result, err
}

// ParseCase reads a case. A key that no case has is an error.
func ParseCase(text []byte) (Case, error) {
	var c Case
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	dec.UseNumber()
	if err := dec.Decode(&c); err != nil {
		return Case{}, fmt.Errorf("not a case: %w", err)
	}
	if c.Title == "" {
		return Case{}, errors.New("title is missing: say what the case shows")
	}
	for i, s := range c.Steps {
		if err := s.Answer.valid(); err != nil {
			return Case{}, fmt.Errorf("steps[%d].answer: %w", i, err)
		}
	}
	if !slices.Contains([]string{OutcomeOk, OutcomeError, OutcomeRefused}, c.Outcome.Outcome) {
		return Case{}, fmt.Errorf("outcome.outcome must be ok, error or refused")
	}
	return c, nil
}

func (c Case) run(ctx context.Context, o Options) ([]string, error) {
	o = o.withDefaults()
	o.Input, o.Secrets, o.Token, o.At = c.Input, c.Secrets, c.Token, c.Now
	if c.Entry != "" {
		o.Entry = c.Entry
	}
	var answers []Answer
	for _, s := range c.Steps {
		answers = append(answers, s.Answer.answer())
	}
	requests := newScript(answers, o)
	outcome, err := run(ctx, o, requests)
	if err != nil {
		return nil, err
	}
	var problems []string
	if len(requests.seen) != len(c.Steps) {
		problems = append(problems, fmt.Sprintf("the driver made %d requests, want %d", len(requests.seen), len(c.Steps)))
	}
	for i, got := range requests.seen {
		if i < len(c.Steps) && c.Steps[i].Request != nil {
			for _, p := range c.Steps[i].Request.compare(got) {
				problems = append(problems, fmt.Sprintf("request %d: %s", i+1, p))
			}
		}
	}
	return append(problems, c.Outcome.compare(outcome)...), nil
}

func (a CaseAnswer) valid() error {
	switch {
	case a.Fault != "" && a.Fault != loops.Unavailable && a.Fault != loops.BadAnswer:
		return fmt.Errorf("the fault is %s or %s, not %q", loops.Unavailable, loops.BadAnswer, a.Fault)
	case a.Fault == "" && (a.Status < 100 || a.Status > 599):
		return fmt.Errorf("the status is 100 to 599, not %d", a.Status)
	}
	return nil
}

// Written gives the answer as one to a request, with what is wrong with it.
func (a CaseAnswer) Written() (Answer, error) { return a.answer(), a.valid() }

func (a CaseAnswer) answer() Answer {
	out := Answer{Fault: a.Fault, Answer: loops.Answer{Status: a.Status, Header: http.Header{}, Body: bodyText(a.Body)}}
	for k, v := range a.Headers {
		out.Header.Set(k, v)
	}
	return out
}

// bodyText is a text as it is, and anything else as its JSON.
func bodyText(raw json.RawMessage) string {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	return string(raw)
}

func (want CaseRequest) compare(got loops.Request) []string {
	var out []string
	if want.Method != "" && want.Method != got.Method {
		out = append(out, fmt.Sprintf("method is %s, want %s", got.Method, want.Method))
	}
	if want.URL != "" && want.URL != got.URL {
		out = append(out, fmt.Sprintf("url is %s, want %s", got.URL, want.URL))
	}
	for name, value := range want.Headers {
		if have := strings.Join(got.Header.Values(name), ", "); have != value {
			out = append(out, fmt.Sprintf("header %s is %q, want %q", name, have, value))
		}
	}
	if want.Body != nil && !sameBody(want.Body, got.Body) {
		out = append(out, fmt.Sprintf("body is %s, want %s", got.Body, want.Body))
	}
	return out
}

func sameBody(want json.RawMessage, got string) bool {
	var text string
	if json.Unmarshal(want, &text) == nil {
		return text == got
	}
	return reflect.DeepEqual(parsed(string(want)), parsed(got))
}

// parsed reads JSON with its numbers as written; what isn't JSON equals nothing.
func parsed(text string) any {
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return err
	}
	return v
}

func (want CaseOutcome) compare(got Outcome) []string {
	var out []string
	add := func(what string, have, should any) {
		out = append(out, fmt.Sprintf("%s is %v, want %v", what, have, should))
	}
	if got.Outcome != want.Outcome {
		add("the outcome", got.Outcome+" "+got.Detail+string(got.Key), want.Outcome)
		return out
	}
	if got.Key != want.Key {
		add("the key", got.Key, want.Key)
	}
	if want.Value != nil && !reflect.DeepEqual(normal(got.Value), normal(want.Value)) {
		add("the value", normal(got.Value), normal(want.Value))
	}
	for name, value := range want.Params {
		if got.Params[name] != value {
			add("the parameter "+name, got.Params[name], value)
		}
	}
	if got.Reason != want.Reason {
		add("the reason", got.Reason, want.Reason)
	}
	if !strings.Contains(got.Detail, want.Detail) {
		add("the detail", got.Detail, want.Detail)
	}
	return out
}

// normal gives a value's JSON, whose keys are sorted.
func normal(v any) string {
	text, _ := json.Marshal(v) // it came from JSON
	return string(text)
}
