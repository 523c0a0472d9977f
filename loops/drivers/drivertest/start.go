package drivertest

import (
	"context"
	"fmt"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/standin"
	"github.com/ringtail-id/ringtail/loops/standin/providers"
	"github.com/ringtail-id/ringtail/loops/trial"
)

// most is how many lines a driver that ships may have.
const most = 60

var secretForm = regexp.MustCompile(`^[A-Z][A-Z0-9_]*$`)

// exampleDriver is the one that shows Blitz's procedure as it is, with the words that Blitz chose.
const exampleDriver = "example"

func (b *bench) manifest(t *testing.T) {
	m := b.driver.Manifest
	if err := m.Validate(); err != nil {
		t.Error(err)
	}
	if b.real && !strings.HasPrefix(m.Page, "http") {
		t.Errorf("page %q: say where the provider documents what the driver does", m.Page)
	}
	if b.real && m.Written.IsZero() {
		t.Error("written: say on which day the driver was written from the page")
	}
	if m.CodeOrigin == loops.CodeFromProvider && m.Caution == "" && b.Driver != exampleDriver {
		t.Error("caution: say that the provider picks the codes itself")
	}
	if b.Address == "" && (len(m.Hosts) == 0 || strings.Contains(strings.Join(m.Hosts, " "), "*")) {
		t.Errorf("hosts %v: name each", m.Hosts)
	}
	for _, name := range m.Secrets {
		if !secretForm.MatchString(name) && b.Driver != exampleDriver {
			t.Errorf("the secret %s is not UPPER_SNAKE", name)
		}
		if _, ok := b.Secrets[name]; !ok && name != b.Address {
			t.Errorf("the stand-in knows no secret %s", name)
		}
	}
	if lines := strings.Count(b.driver.Source, "\n"); lines >= most {
		t.Errorf("the script has %d lines, want fewer than %d", lines, most)
	}
	if !strings.HasPrefix(b.driver.Source, "//") {
		t.Error("the script has no comment at its head")
	}
	for _, name := range m.Secrets {
		if !strings.Contains(b.driver.Source, "// secrets."+name+" ") {
			t.Errorf("the script's head doesn't explain secrets.%s", name)
		}
	}
}

func (b *bench) cases(t *testing.T) {
	results, err := trial.Cases(context.Background(), os.DirFS(b.Driver), trial.Options{Driver: b.driver, Workers: b.pool})
	if err != nil {
		t.Fatal(err)
	}
	if len(results) < 5 {
		t.Errorf("%d cases, want at least 5", len(results))
	}
	for _, r := range results {
		for _, p := range r.Problems {
			t.Errorf("%s: %s", r.Title, p)
		}
	}
	problems, err := b.pool.Check(context.Background(), b.driver.File, b.driver.Source)
	if err != nil || len(problems) > 0 {
		t.Errorf("check: %v, %v", problems, err)
	}
}

// call holds that the code which a login takes is the one that the phone shows.
func (b *bench) call(t *testing.T) {
	l := b.line(t, lineOptions{})
	value, call := l.placed(nil)
	l.sameCode(value, call, l.ours())
	l.asWanted(loops.EntryStart, value)
	b.line(t, lineOptions{}).sentAs()
	if again := l.standin.Calls(Number); len(again) != 1 {
		t.Errorf("the phone rang %d times", len(again))
	}
	for _, fault := range b.Works {
		t.Run(string(fault), func(t *testing.T) {
			l := b.line(t, lineOptions{})
			l.play(fault)
			value, call := l.placed(nil)
			l.sameCode(value, call, l.ours())
		})
	}
	for _, fault := range b.Short {
		t.Run(string(fault), func(t *testing.T) {
			l := b.line(t, lineOptions{})
			l.play(fault)
			result, err := l.start(nil)
			l.fails(result, err, loops.BadAnswer)
		})
	}
}

// asWanted holds that an Ok carries what the contract wants of its entry.
func (l *line) asWanted(e loops.Entry, value map[string]any) {
	l.Helper()
	if fault := loops.ValueFault(e, value); fault != "" {
		l.Errorf("%s gives %v: %s", e, value, fault)
	}
}

// sameCode compares what a login takes out of Ok with what the person has: the last digits of the number that rang, or the
// code in what was written or spoken.
func (l *line) sameCode(value map[string]any, call standin.Call, own string) {
	l.Helper()
	code, err := l.took(value, own)
	if err != nil {
		l.Errorf("a login takes no code out of %v: %v", value, err)
		return
	}
	switch {
	case call.To != Number:
		l.Errorf("%s was called, want %s", call.To, Number)
	case l.driver.Manifest.Channel == loops.ChannelSMS:
		if call.Text != message(code) {
			l.Errorf("the person reads %q, want %q", call.Text, message(code))
		}
	case call.Text != "":
		if !strings.Contains(digitsOf(call.Text), code) {
			l.Errorf("the code is %s, and the person was told %q", code, call.Text)
		}
	case !strings.HasSuffix(call.From, code):
		l.Errorf("the code is %s, and %s rang", code, call.From)
	}
}

// digitsOf leaves the digits of a text, since a code may be read out one by one.
func digitsOf(text string) string {
	return strings.Map(func(c rune) rune {
		if c < '0' || c > '9' {
			return -1
		}
		return c
	}, text)
}

// sentAs holds that the number went out in the provider's form.
func (l *line) sentAs() {
	l.Helper()
	result, err := l.start(nil)
	if err != nil {
		l.Fatal(err)
	}
	form := regexp.MustCompile(`(^|[^0-9])` + regexp.QuoteMeta(l.Sent) + `([^0-9]|$)`)
	for _, s := range result.Steps {
		if form.MatchString(s.Request.URL) || form.MatchString(s.Request.Body) {
			return
		}
	}
	l.Errorf("no request holds the number as %s", l.Sent)
}

// leadingZero holds that a code which begins with zeros is the same at both ends, or that the manifest rules it out.
func (b *bench) leadingZero(t *testing.T) {
	if !b.driver.Manifest.LeadingZero {
		if b.driver.Manifest.CodeOrigin != loops.CodeFromUs && b.driver.Manifest.CodeOrigin != loops.CodeFromCheck {
			t.Error("a provider that draws codes draws some with a zero in front: code.leadingZero must be true")
		}
		return
	}
	for _, code := range []string{"00420042"[:b.Length], "00000000"[:b.Length]} {
		l := b.line(t, lineOptions{rand: zeros{}})
		own := ""
		var more map[string]any
		if b.driver.Manifest.CodeOrigin == loops.CodeFromUs {
			own, more = code, map[string]any{loops.InputCode: code}
		}
		value, call := l.placed(more)
		l.sameCode(value, call, own)
	}
}

// zeros is randomness that draws nothing but zeros.
type zeros struct{}

// Read gives zeros.
func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

func (b *bench) commonFaults(t *testing.T) {
	for fault, want := range map[standin.Fault]loops.Key{
		standin.FaultError: loops.Unavailable, standin.FaultClose: loops.Unavailable, standin.FaultHuge: loops.BadAnswer,
		standin.FaultHTML: loops.BadAnswer, standin.FaultRedirect: loops.BadAnswer, standin.FaultRateLimit: loops.RateLimited,
	} {
		t.Run(string(fault), func(t *testing.T) {
			l := b.ready(t, lineOptions{})
			l.play(fault)
			result, err := l.start(nil)
			f := l.fails(result, err, want)
			if f != nil && fault == standin.FaultRateLimit && b.Driver != exampleDriver && f.Params["retry_after"] != "30" {
				t.Errorf("parameters %v don't tell how long to wait", f.Params)
			}
		})
	}
}

func (b *bench) timeOut(t *testing.T) {
	for _, fault := range append([]standin.Fault{standin.FaultHang}, b.Slow...) {
		l := b.ready(t, lineOptions{reply: 300 * time.Millisecond})
		l.play(fault)
		result, err := l.start(nil)
		l.fails(result, err, loops.Unavailable)
	}
}

// garbage holds that no answer which the provider's page doesn't have is taken for a call, and none stops the script.
func (b *bench) garbage(t *testing.T) {
	for _, fault := range standin.Garbage() {
		if slices.Contains(b.Works, fault) { // it leaves what the driver reads as it is, or what the provider may say
			continue
		}
		t.Run(string(fault), func(t *testing.T) {
			l := b.ready(t, lineOptions{})
			l.play(fault)
			result, err := l.start(nil)
			l.fails(result, err, l.worst(fault))
		})
	}
}

// worst is the word for an answer that can't be read at all; of those that can, the driver may make what it likes, but no Ok.
func (b *bench) worst(fault standin.Fault) loops.Key {
	switch fault {
	case standin.FaultEmpty, standin.FaultTruncated, standin.FaultNull, standin.FaultList, standin.FaultBare:
		return loops.BadAnswer
	}
	return ""
}

func (b *bench) errors(t *testing.T) {
	for fault, want := range b.Fails {
		t.Run(string(fault), func(t *testing.T) {
			l := b.line(t, lineOptions{})
			l.play(fault)
			result, err := l.start(nil)
			f := l.fails(result, err, want)
			if f != nil && !f.Sent {
				t.Error("the stand-in answered, and the failure says that nothing was sent")
			}
		})
	}
	for _, fault := range b.untold() {
		t.Errorf("the stand-in can play %s, and nothing says what must come of it", fault)
	}
}

// untold are the stand-in's own faults that the subject doesn't name in any of its fields.
func (b *bench) untold() []standin.Fault {
	told := append(standin.Common(), standin.Garbage()...)
	told = append(told, named(reflect.ValueOf(b.Subject))...)
	s, err := b.Play(providers.Options{})
	if err != nil {
		return nil
	}
	var out []standin.Fault
	for _, f := range s.Faults() {
		if !slices.Contains(told, f) {
			out = append(out, f)
		}
	}
	return out
}

// named are the faults in a value, wherever in it they stand.
func named(v reflect.Value) (out []standin.Fault) {
	if v.Type() == reflect.TypeFor[standin.Fault]() {
		return []standin.Fault{standin.Fault(v.String())}
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			out = named(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			out = append(out, named(v.Field(i))...)
		}
	case reflect.Slice:
		for i := range v.Len() {
			out = append(out, named(v.Index(i))...)
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			out = append(out, named(key)...)
		}
	}
	return out
}

// wrongCredentials holds that each secret that lets the driver in is really looked at, and that a refusal is auth_failed.
func (b *bench) wrongCredentials(t *testing.T) {
	for name, value := range b.Secrets {
		if b.free(name) {
			continue
		}
		t.Run(name, func(t *testing.T) {
			l := b.line(t, lineOptions{known: map[string]string{name: changed(value)}})
			result, err := l.start(nil)
			l.fails(result, err, loops.AuthFailed)
			if calls := l.standin.Calls(""); len(calls) != 0 {
				t.Errorf("the phone rang: %v", calls)
			}
		})
	}
}

// free reports whether a secret may have any value: it is no credential, or no manifest names it.
func (b *bench) free(secret string) bool {
	return slices.Contains(b.Free, secret) || !b.driver.Takes(secret)
}

// changed is another value of the same form.
func changed(value string) string {
	last := value[len(value)-1]
	other := byte('7')
	if last == other {
		other = '8'
	}
	return value[:len(value)-1] + string(other)
}

func (b *bench) once(t *testing.T) {
	if !b.Once {
		t.Skip("the provider knows no reference of ours")
	}
	l := b.line(t, lineOptions{})
	first, _ := l.placed(nil)
	second, _ := l.placed(nil)
	if n := len(l.standin.Calls(Number)); n != 1 {
		t.Errorf("the same reference rang %d times", n)
	}
	if fmt.Sprint(first) != fmt.Sprint(second) {
		t.Errorf("%v, and then %v", first, second)
	}
	l.pass(2 * time.Minute) // a provider may want people to wait
	l.placed(map[string]any{loops.InputReference: "ref-2"})
	if n := len(l.standin.Calls(Number)); n != 2 {
		t.Errorf("two references rang %d times", n)
	}
}

func (b *bench) clockSkew(t *testing.T) {
	if b.Skew == 0 {
		t.Skip("the provider doesn't look at our clock")
	}
	for _, off := range []time.Duration{b.Skew + time.Minute, -b.Skew - time.Minute} {
		l := b.line(t, lineOptions{})
		l.theirs.add(off)
		result, err := l.start(nil)
		l.fails(result, err, loops.AuthFailed)
	}
	l := b.line(t, lineOptions{})
	l.theirs.add(b.Skew / 2)
	l.placed(nil)
}
