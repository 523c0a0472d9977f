package drivertest

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/standin"
)

// noSecretShows looks for each secret, in every usual spelling, in all that a person may see of runs that went well, of runs
// that failed, and of a run in which the provider sends the secret back.
func (b *bench) noSecretShows(t *testing.T) {
	faults := []standin.Fault{"", standin.FaultError, standin.FaultHTML}
	for fault := range b.Fails {
		faults = append(faults, fault)
	}
	for _, fault := range faults {
		l := b.line(t, lineOptions{})
		if fault != "" {
			l.play(fault)
		}
		result, err := l.start(nil)
		l.hides(visible(result, err))
		if b.Login != nil && fault == "" && len(l.given) == 0 {
			t.Error("no login's token was seen, so nothing was looked for")
		}
	}
}

// visible is all that a trace, a log or a page could show of a run.
func visible(result *loops.Result, err error) string {
	var b strings.Builder
	steps := loops.StepsOf(err)
	if result != nil {
		steps = result.Steps
	}
	var f *loops.Failure
	var r *loops.Refusal
	switch {
	case errors.As(err, &f):
		for k, v := range f.Params {
			b.WriteString(k + "=" + v + "\n")
		}
		b.WriteString(f.Error())
	case errors.As(err, &r):
		b.WriteString(r.Error())
	}
	for _, s := range steps {
		b.WriteString("\n" + s.Request.URL + "\n" + s.Request.Body)
		write := func(h map[string][]string) {
			for name, values := range h {
				b.WriteString("\n" + name + ": " + strings.Join(values, ", "))
			}
		}
		write(s.Request.Header)
		if s.Answer != nil {
			write(s.Answer.Header)
			b.WriteString("\n" + s.Answer.Body)
		}
	}
	return b.String()
}

func (l *line) hides(text string) {
	l.Helper()
	all := maps.Clone(l.secrets)
	l.mu.Lock()
	for i, token := range l.given {
		all[fmt.Sprint("token ", i+1, " of the login")] = token
	}
	l.mu.Unlock()
	for name, secret := range all {
		if len(secret) < 4 { // too short to be looked for inside of other text
			continue
		}
		for _, spelling := range []string{
			secret, url.QueryEscape(secret), url.PathEscape(secret), hex.EncodeToString([]byte(secret)),
			strings.ToUpper(hex.EncodeToString([]byte(secret))), base64.StdEncoding.EncodeToString([]byte(secret)),
			base64.RawURLEncoding.EncodeToString([]byte(secret)),
		} {
			if strings.Contains(text, spelling) {
				l.Errorf("the secret %s shows as %s", name, spelling)
			}
		}
	}
}
