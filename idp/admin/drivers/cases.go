package drivers

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/egress"
	"github.com/ringtail-id/ringtail/loops/trial"
)

// casesTime is how long all cases of a script may take: whoever looks at a page waits for them.
const casesTime = 30 * time.Second

// Cases runs the cases of a script, in the order of their names.
func (s *Service) Cases(ctx context.Context, name string, script Script) ([]trial.CaseResult, error) {
	d, err := s.tried(name, script)
	if err != nil {
		return nil, err
	}
	within, cancel := context.WithTimeout(ctx, casesTime)
	defer cancel()
	out := []trial.CaseResult{}
	for _, c := range script.ordered().Cases {
		result, err := trial.RunCase(within, c.Name, []byte(c.Text), trial.Options{Driver: d, Workers: s.gate, Check: s.o.Requests, Limits: s.o.Limits, Now: s.o.Now})
		if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
			detail := fmt.Sprintf("the cases take longer than %v, up to %s", casesTime, c.Name)
			return nil, problem(ProblemFaulty, http.StatusUnprocessableEntity, map[string]any{"detail": detail})
		}
		if err != nil {
			return nil, fmt.Errorf("running the case %s of %s: %w", c.Name, name, err)
		}
		out = append(out, result)
	}
	return out, nil
}

// KeepOrder says what to keep as a case: a trial that calls nobody.
type KeepOrder struct {
	Name  string     `json:"name"` // of the case
	Title string     `json:"title"`
	Trial TrialOrder `json:"trial"`
}

// Keep runs a trial again and keeps what came of it as a case of the draft, in the place of one of that name. seen is the
// edition of the draft that the trial was of. What the case wants of a request is what stays the same from run to run.
func (s *Service) Keep(ctx context.Context, a *admin.Actor, name string, seen int, o KeepOrder) (*Draft, error) {
	d, err := s.Draft(ctx, name)
	if err != nil {
		return nil, err
	}
	if d.Edition != seen {
		return nil, conflict(ErrEdited)
	}
	result, err := s.Try(ctx, a, name, d.Script, o.Trial)
	if err != nil {
		return nil, err
	}
	c := caseOf(o, result)
	file := CaseFile{Name: o.Name, Text: caseText(c)}
	problems, err := s.passes(ctx, name, d.Script, file)
	if err != nil {
		return nil, err
	}
	if len(problems) > 0 { // a signature over the time, a random number
		for i := range c.Steps {
			c.Steps[i].Request.Body, c.Steps[i].Request.URL = nil, ""
		}
		file.Text = caseText(c)
		if problems, err = s.passes(ctx, name, d.Script, file); err != nil {
			return nil, err
		}
	}
	if len(problems) > 0 {
		return nil, &idp.Problem{ID: ProblemCase, Field: "case", Args: map[string]any{"name": o.Name, "detail": strings.Join(problems, "; ")}}
	}
	return s.Save(ctx, a, name, d.Script.with(file), d.Base, seen)
}

func (s *Service) passes(ctx context.Context, name string, script Script, file CaseFile) ([]string, error) {
	script.Cases = []CaseFile{file}
	if err := cases(script); err != nil {
		return nil, err
	}
	results, err := s.Cases(ctx, name, script)
	if err != nil {
		return nil, err
	}
	return results[0].Problems, nil
}

// with gives the script with one more case, or another one of that name.
func (s Script) with(file CaseFile) Script {
	out := s.without(file.Name)
	out.Cases = append(out.Cases, file)
	return out.ordered()
}

// without gives the script without the case of that name.
func (s Script) without(name string) Script {
	out := s
	out.Cases = []CaseFile{}
	for _, c := range s.Cases {
		if c.Name != name {
			out.Cases = append(out.Cases, c)
		}
	}
	return out
}

// caseOf writes a trial as a case. What shows a mask is left out: it was something else.
func caseOf(o KeepOrder, r *TrialResult) trial.Case {
	c := trial.Case{Title: o.Title, Entry: o.Trial.Entry, Input: r.Input, Secrets: r.secrets}
	if c.Title == "" {
		c.Title = o.Name
	}
	for i, step := range r.Outcome.Steps {
		w := trial.CaseStep{Request: &trial.CaseRequest{Method: step.Request.Method, URL: unmasked(step.Request.URL)}}
		if body := unmasked(step.Request.Body); body != "" {
			w.Request.Body = asJSON(body)
		}
		switch {
		case step.Answer != nil:
			w.Answer = trial.CaseAnswer{Status: step.Answer.Status, Headers: kept(step.Answer.Headers)}
			if step.Answer.Body != nil {
				w.Answer.Body = asJSON(*step.Answer.Body)
			}
		case i < len(o.Trial.Answers) && o.Trial.Answers[i].Fault != "":
			w.Answer.Fault = o.Trial.Answers[i].Fault
		default:
			w.Answer.Fault = faultOf(r.Outcome)
		}
		c.Steps = append(c.Steps, w)
	}
	c.Outcome = trial.CaseOutcome{Outcome: r.Outcome.Outcome, Key: r.Outcome.Key, Reason: r.Outcome.Reason}
	if text, err := json.Marshal(r.Outcome.Value); err == nil && !bytes.Contains(text, []byte(egress.Mask)) {
		c.Outcome.Value = r.Outcome.Value
	}
	return c
}

// faultOf is the fault that stands for an answer that never came.
func faultOf(out trial.Outcome) loops.Key {
	if out.Key == loops.BadAnswer {
		return loops.BadAnswer
	}
	return loops.Unavailable
}

func unmasked(text string) string {
	if strings.Contains(text, egress.Mask) {
		return ""
	}
	return text
}

// kept are the headers of an answer that say something about it.
func kept(headers map[string]string) map[string]string {
	out := map[string]string{}
	for name, value := range headers {
		if name != "Date" && name != "Content-Length" && name != "Connection" && unmasked(value) != "" {
			out[name] = value
		}
	}
	return out
}

// asJSON is a body as cases have it: JSON as it is, anything else as a text. What would read as a text is one.
func asJSON(body string) json.RawMessage {
	if trimmed := strings.TrimSpace(body); json.Valid([]byte(trimmed)) && !strings.HasPrefix(trimmed, `"`) {
		return json.RawMessage(trimmed)
	}
	text, _ := json.Marshal(body) // a text can always be written
	return text
}

// caseText is a case as it is kept: what it leaves out isn't there.
func caseText(c trial.Case) string {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	_ = enc.Encode(c) // it came from JSON
	return out.String()
}
