package drivers

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/standin"
	"github.com/ringtail-id/ringtail/loops/trial"
)

// Kinds of trials.
const (
	TrialByHand  = "answers"  // each request gets the next of the answers that were typed
	TrialStandIn = "stand-in" // the provider is played inside of this process
	TrialCall    = "call"     // a number is called for real; see Call
)

// TrialOrder says what to try. No trial but a call knows the driver's secrets: a script can tell what it is given in forms
// that nobody recognises.
type TrialOrder struct {
	Kind     string             `json:"kind"`
	Entry    loops.Entry        `json:"entry,omitempty"`    // empty: start
	Input    map[string]any     `json:"input,omitempty"`    // empty: an ordinary one of the entry
	Secrets  map[string]string  `json:"secrets,omitempty"`  // made-up ones; those left out are made up here
	Answers  []trial.CaseAnswer `json:"answers,omitempty"`  // answers
	Provider string             `json:"provider,omitempty"` // stand-in
	Fault    standin.Fault      `json:"fault,omitempty"`    // stand-in: of its first answer; empty: none
}

// TrialResult is what became of a trial.
type TrialResult struct {
	Outcome trial.Outcome  `json:"outcome"`
	Verdict Verdict        `json:"verdict"`
	Input   map[string]any `json:"input"` // as the script got it
	Digest  string         `json:"digest"`
	Phone   string         `json:"phone,omitempty"` // masked, of a call

	secrets map[string]string // made up; nil of a call
}

// Verdict is what a login would make of an outcome.
type Verdict struct {
	Good bool   `json:"good"`
	Text string `json:"text"`
}

// Try runs a script that calls nobody. name is the driver's.
func (s *Service) Try(ctx context.Context, a *admin.Actor, name string, script Script, o TrialOrder) (*TrialResult, error) {
	run, err := s.prepare(name, script, &o)
	if err != nil {
		return nil, err
	}
	if o.Kind == TrialStandIn {
		played, err := s.play(o)
		if err != nil {
			return nil, err
		}
		defer func() { _ = played.Close() }()
		run.Live = played
	}
	result, err := s.run(ctx, run, script)
	if err != nil {
		return nil, err
	}
	result.secrets = run.Secrets
	return result, s.log(ctx, a, name, o, result)
}

// prepare reads an order. What it leaves out is filled in.
func (s *Service) prepare(name string, script Script, o *TrialOrder) (trial.Options, error) {
	if o.Entry == "" {
		o.Entry = loops.EntryStart
	}
	wrong := func(field, detail string) error {
		return &idp.Problem{ID: ProblemInput, Field: field, Args: map[string]any{"detail": detail}}
	}
	switch {
	case o.Kind != TrialByHand && o.Kind != TrialStandIn:
		return trial.Options{}, wrong("kind", "there is no such kind of trial")
	case !o.Entry.Valid():
		return trial.Options{}, wrong("entry", "there is no such entry")
	case len(o.Answers) > s.o.Limits.Steps:
		return trial.Options{}, wrong("answers", fmt.Sprintf("at most %d answers", s.o.Limits.Steps))
	}
	d, err := s.tried(name, script)
	if err != nil {
		return trial.Options{}, err
	}
	if len(o.Input) == 0 {
		o.Input = s.sample(o.Entry, d)
	}
	o.Secrets = s.madeUp(*o, d)
	run := trial.Options{Driver: d, Entry: o.Entry, Input: o.Input, Secrets: o.Secrets}
	for _, answer := range o.Answers {
		written, err := answer.Written()
		if err != nil {
			return run, wrong("answers", err.Error())
		}
		run.Answers = append(run.Answers, written)
	}
	return run, nil
}

// tried gives a script as trials run it: under a name that no served driver has, so that what it does to the workers is
// never counted against one that serves.
func (s *Service) tried(name string, script Script) (*loops.Driver, error) {
	if err := s.fits(script); err != nil {
		return nil, err
	}
	d, err := script.driver("trial of "+name, name)
	if err != nil {
		return nil, &idp.Problem{ID: ProblemFaulty, Status: http.StatusUnprocessableEntity, Field: "manifest", Args: map[string]any{"detail": err.Error()}}
	}
	return d, nil
}

// sample is an ordinary input of an entry. The numbers are nobody's.
func (s *Service) sample(entry loops.Entry, d *loops.Driver) map[string]any {
	facts := s.o.Facts()
	in := map[string]any{}
	switch entry {
	case loops.EntryLogin:
		return in
	case loops.EntryCallback:
		return map[string]any{
			loops.InputMethod: "POST", loops.InputPath: "/", loops.InputQuery: "", loops.InputHeaders: map[string]any{}, loops.InputBody: "",
		}
	}
	code := sampleCode(facts.CodeLength)
	maps.Copy(in, map[string]any{
		loops.InputPhone: "79990000001", loops.InputPhoneE164: "+79990000001", loops.InputCodeLength: facts.CodeLength,
		loops.InputReference: "trial", loops.InputRemoteIP: "203.0.113.7",
	})
	if entry != loops.EntryStart {
		in[loops.InputCallID], in[loops.InputCode] = "1", code
		if entry == loops.EntryReport {
			in[loops.InputVerified] = true
		}
		return in
	}
	if d.Manifest.CodeOrigin == loops.CodeFromUs {
		in[loops.InputCode] = code
	}
	if d.Manifest.Channel == loops.ChannelSMS {
		in[loops.InputText] = facts.message(code)
	}
	return in
}

// sampleCode is 1234 and so on.
func sampleCode(n int) string { return "1234567890"[:max(0, min(n, 10))] }

func (f Facts) message(code string) string {
	if f.Message == nil {
		return code
	}
	return f.Message(code)
}

// madeUp are secrets that open nothing: those typed, those that the stand-in wants, and for the rest texts that say so.
func (s *Service) madeUp(o TrialOrder, d *loops.Driver) map[string]string {
	out := map[string]string{}
	wanted := standInSecrets(o.Provider)
	for _, name := range d.Manifest.Secrets {
		out[name] = "made-up-" + name
		if text, ok := wanted[name]; ok && o.Kind == TrialStandIn {
			out[name] = text
		}
		if text := o.Secrets[name]; text != "" {
			out[name] = text
		}
	}
	return out
}

// run runs a prepared trial.
func (s *Service) run(ctx context.Context, o trial.Options, script Script) (*TrialResult, error) {
	select {
	case s.trials <- struct{}{}:
		defer func() { <-s.trials }()
	default:
		return nil, problem(ProblemBusy, http.StatusServiceUnavailable, nil)
	}
	o.Workers, o.Check, o.Limits, o.Now, o.Trace, o.Turns = s.gate, s.o.Requests, s.o.Limits, s.o.Now, true, true
	out, err := trial.Run(ctx, o)
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return nil, err
	}
	if err != nil {
		return nil, &idp.Problem{ID: ProblemInput, Args: map[string]any{"detail": err.Error()}, Cause: err}
	}
	return &TrialResult{Outcome: out, Verdict: verdictOf(o, out), Input: o.Input, Digest: script.Digest()}, nil
}

// verdictOf says what a login would make of an outcome.
func verdictOf(o trial.Options, out trial.Outcome) Verdict {
	switch {
	case out.Outcome == trial.OutcomeRefused:
		return Verdict{Text: "A login would go on to the next route of the chain, or fail: the provider counts as unavailable."}
	case out.Outcome == trial.OutcomeError:
		f := &loops.Failure{Key: out.Key, Params: out.Params}
		if f.MovesOn() {
			return Verdict{Text: fmt.Sprintf("It counts as %s: a login would go on to the next route of the chain.", f.Kind())}
		}
		return Verdict{Text: fmt.Sprintf("It counts as %s: the person is told, and no other route is tried.", f.Kind())}
	case out.Problem != "":
		return Verdict{Text: "A login would take no code out of it: " + out.Problem + "."}
	}
	return Verdict{Good: true, Text: goodVerdict(o, out)}
}

func goodVerdict(o trial.Options, out trial.Outcome) string {
	m := o.Driver.Manifest
	switch {
	case o.Entry != loops.EntryStart:
		return "A login would take it as it is."
	case m.CodeOrigin == loops.CodeFromCheck:
		return "The provider keeps the code: what the person types is checked by the function check."
	case out.Value[loops.ValuePending] == true && out.Value[loops.ValueCode] == nil && out.Value[loops.ValueCaller] == nil && m.CodeOrigin != loops.CodeFromUs:
		return "The order was taken. The function poll, or the provider's callback, has to tell the code."
	}
	own, _ := o.Input[loops.InputCode].(string)
	if m.CodeOrigin != loops.CodeFromUs {
		own = ""
	}
	code, err := m.CodeOf(out.Value, own, lengthOf(o.Input))
	if err != nil {
		return "A login would take it as it is."
	}
	return "The code would be " + code + "."
}

// log remembers a trial.
func (s *Service) log(ctx context.Context, a *admin.Actor, name string, o TrialOrder, r *TrialResult) error {
	id, err := idp.NewID(s.o.Rand)
	if err != nil {
		return fmt.Errorf("naming a trial: %w", err)
	}
	detail := string(r.Outcome.Key) + string(r.Outcome.Reason)
	if r.Outcome.Outcome == trial.OutcomeError && !r.Outcome.Key.Known() {
		detail = "a word of the driver's own" // which may be anything
	}
	t := Trial{
		ID: id, Driver: name, Kind: o.Kind, By: a.Name(), At: s.o.Now(), Digest: r.Digest, Entry: string(o.Entry), Outcome: r.Outcome.Outcome,
		Detail: detail, Provider: o.Provider, Fault: string(o.Fault), Phone: r.Phone, Millis: r.Outcome.Millis,
	}
	if err := s.o.Records.AddTrial(ctx, t, keptTrials); err != nil {
		return fmt.Errorf("keeping a trial: %w", err)
	}
	return nil
}

// keptTrials is how many trials of a driver are remembered.
const keptTrials = 50

// lengthOf is the code's length that an input says.
func lengthOf(input map[string]any) int {
	var n int
	_, _ = fmt.Sscan(fmt.Sprint(input[loops.InputCodeLength]), &n)
	return n
}
