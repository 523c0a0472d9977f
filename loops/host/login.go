package host

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/egress"
	"github.com/ringtail-id/ringtail/loops/tokens"
)

// How long a login's token is taken for good: where the driver doesn't say, and at most.
const (
	defaultTokenLife = time.Hour
	maxTokenLife     = 30 * 24 * time.Hour
)

// login gives the run the driver's token: the one that is kept, or a new one of the driver's function login.
func (r *run) login(ctx context.Context) error {
	var steps []loops.Step // of this run's own login; read only once Get has its result
	dropped := r.token.ID
	login := func(ctx context.Context) (tokens.Granted, error) {
		nested := &run{host: r.host, job: loops.Job{Driver: r.job.Driver, Entry: loops.EntryLogin, Secrets: r.job.Secrets}}
		out, err := nested.granted(ctx)
		steps = nested.steps
		if err != nil {
			steps = blind(steps)
		}
		return out, err
	}
	t, err := r.host.o.Tokens.Get(ctx, r.tokenKey(), login)
	if err == nil && t.ID == dropped { // somebody had looked before we dropped it, and we were given what they saw
		t, err = r.host.o.Tokens.Get(ctx, r.tokenKey(), login)
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	r.steps = append(r.steps, steps...)
	if err != nil {
		return err
	}
	r.token = t
	r.hidden = append(r.hidden, t.Value)
	return nil
}

// granted runs the login. One that fails has placed no call, whatever was sent for it.
func (r *run) granted(ctx context.Context) (tokens.Granted, error) {
	value, err := r.loop(ctx)
	if err == nil {
		return grantOf(r.job.Driver, value)
	}
	var failed *loops.Failure
	if errors.As(err, &failed) {
		out := *failed
		out.Sent = false
		err = &out
	}
	return tokens.Granted{}, err
}

// blind takes the bodies out of a failed login's answers: they may hold a token that nobody found, so that nothing else
// would take it out of the trace.
func blind(steps []loops.Step) []loops.Step {
	out := slices.Clone(steps)
	for i, s := range out {
		if s.Answer != nil && s.Answer.Status < http.StatusMultipleChoices {
			answer := *s.Answer
			answer.Body = egress.Mask
			out[i].Answer = &answer
		}
	}
	return out
}

func (r *run) tokenKey() string { return TokenKey(r.job.Driver, r.job.Secrets) }

// TokenKey is the key under which a driver's token is kept. It names the driver and the credentials that it logs in with, so
// that new credentials don't get the old ones' token. It is made of secrets: a Store hashes it with a key of its own.
func TokenKey(d *loops.Driver, secrets map[string]string) string {
	taken := secretsFor(d, secrets)
	sum := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(taken)) {
		text, _ := json.Marshal([]string{name, taken[name]}) // two strings can always be written
		sum.Write(text)
	}
	return d.Name + "/" + hex.EncodeToString(sum.Sum(nil))
}

// maxToken is more than any token we know of has, in bytes: the largest are JWTs with many claims.
const maxToken = 8 << 10

// usable reports whether a token could be sent in a header (RFC 9110, section 5.5). One that can't be would fail every run
// until its time is over.
func usable(token string) bool {
	return strings.TrimSpace(token) != "" && len(token) <= maxToken &&
		!strings.ContainsFunc(token, func(c rune) bool { return c < ' ' || c > '~' })
}

// grantOf reads the value of a login's Ok.
func grantOf(d *loops.Driver, value map[string]any) (tokens.Granted, error) {
	out := tokens.Granted{For: defaultTokenLife}
	text, _ := value[loops.ValueToken].(string)
	if !usable(text) {
		return out, &loops.Failure{Key: loops.BadAnswer, Cause: errors.New("the login's Ok holds no token that a header could carry")}
	}
	out.Token = text
	life, given := value[loops.ValueExpiresIn]
	if !given || life == nil {
		return out, nil
	}
	number, _ := life.(json.Number)
	seconds, err := number.Float64()
	if err != nil || seconds <= 0 {
		return out, &loops.Refusal{Reason: loops.ReasonContract, Detail: d.File + ":1:1: the login's expires_in is not a number of seconds above 0"}
	}
	out.For = time.Duration(min(seconds, maxTokenLife.Seconds()) * float64(time.Second))
	return out, nil
}
