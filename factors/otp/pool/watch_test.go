package pool_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/factors/otp/pool"
	"github.com/ringtail-id/ringtail/factors/otp/pool/pooltest"
)

func TestMemory(t *testing.T) {
	pooltest.Run(t, func(*testing.T) pool.Store { return new(pool.Memory) })
}

type world struct {
	*pool.Watch
	store pool.Store
	now   time.Time
	log   bytes.Buffer
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{store: new(pool.Memory), now: time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)}
	var err error
	w.Watch, err = pool.New(pool.Options{
		Store: w.store, Hash: func(parts ...string) string { return fmt.Sprintf("%q", parts) },
		Now: func() time.Time { return w.now }, Log: slog.New(slog.NewTextHandler(&w.log, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) observe(t *testing.T, code string) *pool.Alarm {
	t.Helper()
	alarm, err := w.Observe(t.Context(), "some", "+79990000001", code, len(code))
	if err != nil {
		t.Fatal(err)
	}
	return alarm
}

// fair gives the i-th of codes that are drawn fairly.
func fair(i int) string {
	return fmt.Sprintf("%04d", rand.New(rand.NewPCG(1, uint64(i))).IntN(10_000))
}

func (w *world) report(t *testing.T) pool.Report {
	t.Helper()
	all, err := w.Report(t.Context())
	if err != nil || len(all) != 1 {
		t.Fatalf("%v, %v", all, err)
	}
	return all[0]
}

func TestAnAlarmIsRaisedOnceAWindow(t *testing.T) {
	w := newWorld(t)
	alarms := 0
	for range pool.Codes {
		if alarm := w.observe(t, "0042"); alarm != nil {
			alarms++
			if alarm.Driver != "some" || alarm.Alarm != pool.ReasonRepeats || alarm.Codes != 4 || alarm.Pairs != 6 || alarm.EffectivePool != 1 || alarm.EffectiveBits != 0 {
				t.Errorf("alarm %+v", alarm)
			}
			if !strings.Contains(alarm.Error(), "driver some") {
				t.Error(alarm.Error())
			}
		}
	}
	line := w.log.String()
	if alarms != 1 || strings.Count(line, "\n") != 1 {
		t.Fatalf("%d alarms, log\n%s", alarms, line)
	}
	for _, want := range []string{"level=ERROR", `msg="code pool skewed"`, "driver=some", "reason=repeats", "codes=4", "pairs=6", "expected=0.0006", "effective_bits=0"} {
		if !strings.Contains(line, want) {
			t.Errorf("the log lacks %s: %s", want, line)
		}
	}
	if strings.Contains(line, "0042") || strings.Contains(line, "7999") {
		t.Errorf("the log has code or number: %s", line)
	}
	for range 4 {
		w.observe(t, "0042")
	}
	if strings.Count(w.log.String(), "\n") != 2 {
		t.Errorf("the next window's alarm isn't told: %s", w.log.String())
	}
}

func TestReports(t *testing.T) {
	w := newWorld(t)
	if all, err := w.Report(t.Context()); err != nil || len(all) != 0 {
		t.Errorf("before the first code: %v, %v", all, err)
	}
	for range 10 {
		w.observe(t, "0042")
	}
	r := w.report(t)
	if r.Driver != "some" || r.Length != 4 || r.Codes != 10 || r.Repeats != 9 || r.Pairs != 45 || math.Abs(r.Expected-0.0045) > 1e-9 || !r.Alarmed() || r.Bits() != 0 {
		t.Errorf("%+v", r)
	}
	for range pool.Codes - 10 {
		w.observe(t, "0042")
	}
	w.observe(t, fair(1))
	r = w.report(t)
	if r.Codes != 1 || r.Alarm != "" || !r.Alarmed() || r.Before == nil || r.Before.Codes != pool.Codes || r.Before.Before != nil || r.Before.Driver != "some" {
		t.Errorf("%+v, before it %+v", r, r.Before)
	}
	if r.Bits() != 0 || r.EffectiveBits < 13 { // one code says nothing yet
		t.Errorf("%v and %v bits", r.Bits(), r.EffectiveBits)
	}
	for i := range pool.Codes {
		w.observe(t, fair(i+2))
	}
	if r = w.report(t); r.Alarmed() || r.Before.Pairs == 0 || r.Before.EffectiveBits < 12 || r.Before.EffectiveBits > math.Log2(10000) {
		t.Errorf("after a fair window: %+v, before it %+v", r, r.Before)
	}
}

// What is expected follows the pool that the codes can be of: without one that begins with 0 it is a tenth smaller. No
// estimate is larger than that.
func TestEstimates(t *testing.T) {
	w := newWorld(t)
	w.observe(t, "1234")
	w.observe(t, "1235")
	if r := w.report(t); math.Abs(r.Expected-1./9000) > 1e-12 || r.EffectivePool != 9000 {
		t.Errorf("%+v", r)
	}
	w.observe(t, "0123")
	if r := w.report(t); math.Abs(r.Expected-3./10000) > 1e-12 || r.EffectivePool != 10000 {
		t.Errorf("%+v", r)
	}
	for i := range 200 {
		w.observe(t, fmt.Sprintf("%04d", (i*3331+7)%10000))
	}
	w.observe(t, "1234")
	if r := w.report(t); r.Codes != 204 || r.Pairs != 1 || r.EffectivePool != 10000 || r.EffectiveBits != math.Log2(10000) {
		t.Errorf("%+v", r)
	}
}

func TestWindowsEnd(t *testing.T) {
	for name, c := range map[string]struct {
		next string
		wait time.Duration
		ends bool
	}{
		"another length":   {"123456", 0, true},
		"after its life":   {"1234", pool.Life, true},
		"within its life":  {"1234", pool.Life - time.Second, false},
		"the next of them": {"1234", 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.observe(t, "1234")
			w.now = w.now.Add(c.wait)
			w.observe(t, c.next)
			r := w.report(t)
			if ended := r.Before != nil; ended != c.ends || r.Length != len(c.next) || ended && (r.Codes != 1 || r.Pairs != 0) || !ended && r.Pairs != 1 {
				t.Errorf("%+v", r)
			}
		})
	}
}

func TestWhatIsNoCodeIsRefused(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct {
		driver, code string
		length       int
	}{
		{"some", "", 0}, {"some", "123", 4}, {"some", "12345", 4}, {"some", "12a4", 4}, {"some", "12", 2}, {"some", "123456789", 9},
		{"", "1234", 4}, {"some", "１２", 6}, {"some", "-123", 4},
	} {
		if alarm, err := w.Observe(t.Context(), c.driver, "+7", c.code, c.length); err == nil || alarm != nil {
			t.Errorf("%+v was counted", c)
		} else if c.code != "" && strings.Contains(err.Error(), c.code) {
			t.Errorf("the error has the code: %v", err)
		}
	}
	if all, _ := w.Report(t.Context()); len(all) != 0 {
		t.Errorf("%+v", all)
	}
}

// Nothing that is stored holds a code or a number.
func TestOnlyHashesAreStored(t *testing.T) {
	s := &spy{}
	w, err := pool.New(pool.Options{Store: s, Hash: func(parts ...string) string { return parts[0] + "/" + parts[1] }})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Observe(t.Context(), "some", "+79990000001", "0042", 4); err != nil {
		t.Fatal(err)
	}
	if s.got != (pool.Draw{Driver: "some", Code: "pool code/some", Phone: "pool phone/some"}) {
		t.Errorf("stored is %+v", s.got)
	}
}

type spy struct {
	pool.Memory
	got pool.Draw
}

func (s *spy) CountCode(ctx context.Context, d pool.Draw, change func(*pool.Window, pool.Seen) error) error {
	s.got = d
	return s.Memory.CountCode(ctx, d, change)
}

type broken struct{ pool.Memory }

func (*broken) CountCode(context.Context, pool.Draw, func(*pool.Window, pool.Seen) error) error {
	return errors.New("the database is away")
}

func (*broken) CodeWindows(context.Context) ([]pool.Window, error) {
	return nil, errors.New("the database is away")
}

func TestAStoreThatFails(t *testing.T) {
	w, err := pool.New(pool.Options{Store: &broken{}, Hash: func(...string) string { return "" }})
	if err != nil {
		t.Fatal(err)
	}
	if alarm, err := w.Observe(t.Context(), "some", "+7", "0042", 4); err == nil || alarm != nil {
		t.Errorf("%v, %v", alarm, err)
	}
	if _, err := w.Report(t.Context()); err == nil {
		t.Error("no error")
	}
	if _, err := pool.New(pool.Options{Store: &broken{}}); err == nil {
		t.Error("a watch without a hash was made")
	}
}
