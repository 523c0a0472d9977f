package flashcall_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/factors/flashcall"
	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/loops"
)

func TestDriverGets(t *testing.T) {
	w := newWorld(t)
	login := w.called(t)
	st, err := w.engine.Status(context.Background(), login.ID, "person")
	if err != nil {
		t.Fatal(err)
	}
	job := w.jobs[0]
	want := map[string]any{
		"phone_number": "79990000001", "phone_e164": "+79990000001", "code_length": 4,
		"reference": st.Challenge.ID, "ip": "192.0.2.7",
	}
	if !reflect.DeepEqual(job.Input, want) {
		t.Errorf("the driver gets %v, want %v", job.Input, want)
	}
	if job.Entry != loops.EntryStart || job.Driver != &w.driver || job.Secrets["token"] != "s3cret" {
		t.Errorf("the job is %+v", job)
	}
}

func TestCodeOfAnswer(t *testing.T) {
	tests := map[string]struct {
		value map[string]any
		code  string // empty where the answer is bad
		mask  string
	}{
		"the code":                     {map[string]any{"code": "0042"}, "0042", ""},
		"the whole caller as code":     {map[string]any{"code": "74950000042"}, "0042", "+7 495 000-__-__"},
		"a formatted caller":           {map[string]any{"caller": "+7 (495) 000-00-42"}, "0042", "+7 495 000-__-__"},
		"both":                         {map[string]any{"code": "0042", "caller": "74950000042"}, "0042", "+7 495 000-__-__"},
		"both, at odds":                {map[string]any{"code": "0042", "caller": "74950000043"}, "0042", ""},
		"a caller of an unknown plan":  {map[string]any{"caller": "000123450042"}, "0042", "+00012345____"},
		"a number":                     {map[string]any{"code": number("1234")}, "1234", ""},
		"a number that lost its zeros": {map[string]any{"code": number("42")}, "0042", ""},
		"a caller that is a number":    {map[string]any{"caller": number("74950000042")}, "0042", "+7 495 000-__-__"},
		"text is never padded":         {map[string]any{"code": "42"}, "", ""},
		"a caller is never padded":     {map[string]any{"caller": number("42")}, "", ""},
		"a negative number":            {map[string]any{"code": number("-42")}, "", ""},
		"a fraction":                   {map[string]any{"code": number("4.2")}, "", ""},
		"an exponent":                  {map[string]any{"code": number("1e4")}, "", ""},
		"letters":                      {map[string]any{"code": "00x42"}, "", ""},
		"empty":                        {map[string]any{"code": ""}, "", ""},
		"an object":                    {map[string]any{"code": map[string]any{}}, "", ""},
		"nothing":                      {map[string]any{}, "", ""},
		"nothing, not even an object":  {nil, "", ""},
	}
	for name, test := range tests {
		w := newWorld(t)
		w.driver.Manifest.LeadingZero = true
		w.answer = says(test.value)
		login := w.called(t)
		st, err := w.engine.Status(context.Background(), login.ID, "person")
		if err != nil {
			t.Fatal(err)
		}
		if test.code == "" {
			if st.State != otp.Failed || st.Challenge.Failure != string(loops.BadAnswer) {
				t.Errorf("%s: %s, %s; want failed, bad_answer", name, st.State, st.Challenge.Failure)
			}
			continue
		}
		if st.Challenge.CallerMask != test.mask {
			t.Errorf("%s: the caller is shown as %q, want %q", name, st.Challenge.CallerMask, test.mask)
		}
		if got := w.post(t, login, "", code(test.code)); got != "" {
			t.Errorf("%s: code %s gave %s", name, test.code, got)
		}
	}
}

// TestNumberWithoutZeros: where no code begins with 0, a short number is no code.
func TestNumberWithoutZeros(t *testing.T) {
	w := newWorld(t)
	w.answer = says(map[string]any{"code": number("42")})
	if v := w.show(t, w.called(t)); v.State != flashcall.StateFailed {
		t.Errorf("a number of two digits is a code: %s", v.State)
	}
}

// TestOurCode: where we choose, the driver gets the code, may keep silent about
// it, and may not call with another.
func TestOurCode(t *testing.T) {
	tests := map[string]struct {
		value func(ours string) map[string]any
		fails bool
	}{
		"silent":  {func(string) map[string]any { return nil }, false},
		"echo":    {func(ours string) map[string]any { return map[string]any{"code": ours} }, false},
		"caller":  {func(ours string) map[string]any { return map[string]any{"caller": "7495000" + ours} }, false},
		"another": {func(string) map[string]any { return map[string]any{"code": "0000"} }, true},
	}
	for name, test := range tests {
		w := newWorld(t)
		w.driver.Manifest.CodeOrigin = loops.CodeFromUs
		ours := ""
		w.answer = func(job loops.Job) (*loops.Result, error) {
			ours = job.Input["code"].(string)
			return &loops.Result{Value: test.value(ours)}, nil
		}
		login := w.called(t)
		if len(ours) != 4 || ours[0] == '0' {
			t.Errorf("%s: the driver got code %q, want 4 digits and no leading zero", name, ours)
		}
		if got := w.post(t, login, "", code(ours)); (got != "") != test.fails {
			t.Errorf("%s: our code gave %q", name, got)
		}
	}
}

func TestCheckDriver(t *testing.T) {
	fit := loops.Driver{Name: "d", Manifest: loops.Manifest{CodeOrigin: loops.CodeFromCaller, CodeLengths: []int{4, 6}}}
	if err := flashcall.CheckDriver(&fit, loops.ChannelFlashCall, 6); err != nil {
		t.Error(err)
	}
	if flashcall.CheckDriver(&fit, loops.ChannelFlashCall, 5) == nil {
		t.Error("a driver serves codes of a length that it hasn't")
	}
	if flashcall.CheckDriver(&fit, loops.ChannelVoice, 6) == nil {
		t.Error("a driver of flash calls serves voice")
	}
	w := newWorld(t)
	w.driver.Manifest.CodeLengths = []int{6}
	if v := w.show(t, w.called(t)); v.State != flashcall.StateFailed || len(w.jobs) != 0 {
		t.Errorf("an unfit driver was run: %s", v.State)
	}
}

// TestRunnersErrors: neither refusals of the host nor what a driver throws bring
// numbers into the log.
func TestRunnersErrors(t *testing.T) {
	leak := "driver.js:12:5: bad number 79990000001, +7 (999) 000-00-01, answer {\"pin\":\"0042\"}"
	for name, err := range map[string]error{
		"refusal": &loops.Refusal{Reason: loops.ReasonContract, Detail: leak},
		"busy":    &loops.Failure{Key: loops.Unavailable, Cause: fmt.Errorf("%s: %w", leak, loops.ErrBusy)},
		"other":   errors.New(leak),
	} {
		w := newWorld(t)
		w.answer = fails(err)
		v := w.show(t, w.called(t))
		if v.State != flashcall.StateFailed || v.Problem.ID != flashcall.ProblemCallUnavailable {
			t.Errorf("%s: %s, %+v", name, v.State, v.Problem)
		}
		text := w.log.String()
		for _, secret := range []string{"79990000001", "000-00-01", "0042"} {
			if strings.Contains(text, secret) {
				t.Errorf("%s: the log holds %s:\n%s", name, secret, text)
			}
		}
		if !strings.Contains(text, "driver.js:12:5") {
			t.Errorf("%s: the log lost the place:\n%s", name, text)
		}
	}
}

// TestNoSecrets: without its secrets a driver isn't run, and what went wrong is for the log alone.
func TestNoSecrets(t *testing.T) {
	w := newWorld(t)
	w.noSecrets = errors.New("the database is away")
	if v := w.show(t, w.called(t)); v.State != flashcall.StateFailed || len(w.jobs) != 0 {
		t.Errorf("%s after %d jobs", v.State, len(w.jobs))
	}
}

// TestOtherChannels: a driver that reads codes out can't serve flash calls.
func TestOtherChannels(t *testing.T) {
	for channel, ok := range map[loops.Channel]bool{"": true, loops.ChannelFlashCall: true, loops.ChannelVoice: false, loops.ChannelSMS: false} {
		d := &loops.Driver{Name: "d", Manifest: loops.Manifest{CodeOrigin: loops.CodeFromUs, Channel: channel}}
		if err := flashcall.CheckDriver(d, loops.ChannelFlashCall, 4); (err == nil) != ok {
			t.Errorf("%q: %v", channel, err)
		}
	}
}
