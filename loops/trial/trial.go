package trial

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/egress"
	"github.com/ringtail-id/ringtail/loops/host"
	"github.com/ringtail-id/ringtail/loops/tokens"
)

// Options say how to run a driver. Driver, Workers and either Answers or Live are used.
type Options struct {
	Driver  *loops.Driver
	Entry   loops.Entry // zero: start
	Input   map[string]any
	Secrets map[string]string
	Answers []Answer       // given to its requests in turn
	Live    host.Exchanger // makes the requests for real; an *egress.Client
	Check   *egress.Client // decides which requests are made where there are Answers; nil: one without any allowance
	Trace   bool           // the outcome tells answers and times too
	Turns   bool           // the outcome tells what the script returned each time, and what that took
	Token   string         // the driver's login token; empty: it logs in when it wants one
	Workers host.Stepper
	Limits  loops.Limits     // zero: loops.DefaultLimits
	Now     func() time.Time // zero: time.Now
	At      time.Time        // what the script's clock says; zero: Now
}

// Answer is one that was written beforehand: an HTTP answer, or a fault of the way to the provider.
type Answer struct {
	loops.Answer
	Fault loops.Key // Unavailable or BadAnswer; the rest is then empty
}

// ParseAnswer reads an answer as the command line writes it, STATUS:FILE. FILE is "-" for an empty body. A body longer than
// the limit is read up to one byte more, and then is what it would be from a provider: a bad answer.
func ParseAnswer(text string, limits loops.Limits) (Answer, error) {
	code, file, ok := strings.Cut(text, ":")
	status, err := strconv.Atoi(code)
	if !ok || err != nil || status < 100 || status > 599 || file == "" {
		return Answer{}, fmt.Errorf("%q is not an answer: write STATUS:FILE, like 200:answer.json, or STATUS:- for an empty body", text)
	}
	if file == "-" {
		return Answer{Answer: loops.Answer{Status: status}}, nil
	}
	f, err := os.Open(file) //nolint:gosec // the file that the command's user named
	if err != nil {
		return Answer{}, fmt.Errorf("reading the answer: %w", err)
	}
	defer func() { _ = f.Close() }()
	body, err := io.ReadAll(io.LimitReader(f, int64(limits.Answer)+1))
	if err != nil {
		return Answer{}, fmt.Errorf("reading the answer: %w", err)
	}
	return Answer{Answer: loops.Answer{Status: status, Body: string(body)}}, nil
}

// Run runs a driver once. The error is for what isn't the driver's or the provider's doing: the context, a wrong input.
func Run(ctx context.Context, o Options) (Outcome, error) {
	o = o.withDefaults()
	if !o.Entry.Valid() {
		return Outcome{}, fmt.Errorf("there is no entry %q", o.Entry)
	}
	requests := o.Live
	if requests == nil {
		requests = newScript(o.Answers, o)
	}
	return run(ctx, o, requests)
}

func (o Options) withDefaults() Options {
	if o.Entry == "" {
		o.Entry = loops.EntryStart
	}
	if o.Limits == (loops.Limits{}) {
		o.Limits = loops.DefaultLimits()
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}

func run(ctx context.Context, o Options, requests host.Exchanger) (Outcome, error) {
	kept, err := o.tokens(ctx)
	if err != nil {
		return Outcome{}, err
	}
	steps, turns := o.steps(), (*recorder)(nil)
	if o.Turns {
		turns = &recorder{Stepper: steps, now: o.Now}
		steps = turns
	}
	h := host.New(host.Options{
		Steps: steps, Requests: requests, Tokens: kept, Limits: o.Limits, Trace: true, Now: o.Now, Rand: rand.Reader,
	})
	began := o.Now()
	result, err := h.Run(ctx, loops.Job{Driver: o.Driver, Entry: o.Entry, Input: o.Input, Secrets: o.Secrets})
	out, err := outcomeOf(result, err, o.Now().Sub(began), o.hidden(result), o.Trace)
	out.Problem = o.problem(out, result, requests)
	if turns != nil {
		out.Turns = turns.told(o.hidden(result))
	}
	return out, err
}

// clock shows scripts a time of its own, so that a signature over the time can be compared.
type clock struct {
	host.Stepper
	at time.Time
}

// Step asks with the clock's time.
func (c clock) Step(ctx context.Context, q loops.Question) (*loops.Action, error) {
	q.Now = c.at
	return c.Stepper.Step(ctx, q)
}

func (o Options) steps() host.Stepper {
	if o.At.IsZero() {
		return o.Workers
	}
	return clock{o.Workers, o.At}
}

// tokens are the trial's own, gone with it.
func (o Options) tokens(ctx context.Context) (*tokens.Cache, error) {
	kept := &tokens.Memory{}
	cache := tokens.New(tokens.Options{Store: kept, Lease: o.Limits.Run, Now: o.Now})
	if o.Token == "" {
		return cache, nil
	}
	_, err := cache.Get(ctx, host.TokenKey(o.Driver, o.Secrets), func(context.Context) (tokens.Granted, error) {
		return tokens.Granted{Token: o.Token, For: time.Hour}, nil
	})
	return cache, err
}

// hidden are the secrets that an outcome must not show; the token that a login gave is one.
func (o Options) hidden(result *loops.Result) map[string]string {
	out := maps.Clone(o.Secrets)
	if o.Entry != loops.EntryLogin || result == nil {
		return out
	}
	if out == nil {
		out = map[string]string{}
	}
	out["the login's token"], _ = result.Value[loops.ValueToken].(string)
	return out
}

// script is an Exchanger that gives answers written beforehand. A request is checked as a real one would be, except that
// nothing is resolved.
type script struct {
	answers []Answer
	check   *egress.Client
	limits  loops.Limits
	seen    []loops.Request // as the driver made them
}

func newScript(answers []Answer, o Options) *script {
	check := o.Check
	if check == nil {
		check = egress.New(egress.Options{Limits: o.Limits})
	}
	return &script{answers: answers, check: check, limits: o.Limits}
}

var errNoAnswer = errors.New("no answer was given for this request: add --answer STATUS:FILE, or --live")

// Exchange gives the next answer.
func (s *script) Exchange(_ context.Context, d *loops.Driver, r loops.Request) (*loops.Answer, error) {
	s.seen = append(s.seen, r)
	if err := s.check.Check(withHostOf(d, r), r); err != nil {
		return nil, err
	}
	if len(s.answers) == 0 {
		return nil, &loops.Failure{Key: loops.Unavailable, Cause: errNoAnswer}
	}
	next := s.answers[0]
	s.answers = s.answers[1:]
	if next.Fault != "" {
		return nil, &loops.Failure{Key: next.Fault, Cause: errors.New("the fault that was written beforehand")}
	}
	if len(next.Body) > s.limits.Answer {
		return nil, &loops.Failure{Key: loops.BadAnswer, Cause: fmt.Errorf("the answer is longer than %d bytes", s.limits.Answer)}
	}
	return &next.Answer, nil
}

// withHostOf lets a script without a manifest name any host: nothing is sent anyway. All else is checked.
func withHostOf(d *loops.Driver, r loops.Request) *loops.Driver {
	u, err := url.Parse(r.URL)
	if !d.Bare || err != nil {
		return d
	}
	open := *d
	open.Manifest.Hosts = []string{strings.TrimSuffix(strings.ToLower(u.Hostname()), ".") + ":*"}
	return &open
}
