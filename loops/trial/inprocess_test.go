package trial_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/drivers"
	"github.com/ringtail-id/ringtail/loops/egress"
	"github.com/ringtail-id/ringtail/loops/standin"
	"github.com/ringtail-id/ringtail/loops/standin/providers"
	"github.com/ringtail-id/ringtail/loops/trial"
)

// A ready driver is tried against its provider's stand-in without a port, with each of the faults that any provider may have.
func TestPlay(t *testing.T) {
	pool := patient(t)
	list, err := drivers.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	for fault, want := range map[standin.Fault]string{
		"": trial.OutcomeOk, standin.FaultError: string(loops.Unavailable), standin.FaultHang: string(loops.Unavailable), standin.FaultClose: string(loops.Unavailable),
		standin.FaultHuge: string(loops.BadAnswer), standin.FaultHTML: string(loops.BadAnswer), standin.FaultRateLimit: string(loops.RateLimited),
	} {
		t.Run(string(fault), func(t *testing.T) {
			stand, err := providers.New("new-tel", providers.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if err := stand.Play(fault, min(len(fault), 1)); err != nil {
				t.Fatal(err)
			}
			limits := loops.DefaultLimits()
			if fault == standin.FaultHang {
				limits.Reply = 200 * time.Millisecond
			}
			way := trial.Play(stand, egress.New(egress.Options{Limits: limits}), limits)
			defer func() { _ = way.Close() }()
			out, err := trial.Run(context.Background(), trial.Options{
				Driver: drivers.Find(list, "new-tel"), Workers: pool, Secrets: providers.Secrets("new-tel"), Live: way, Trace: true, Turns: true, Limits: limits,
				Input: map[string]any{"phone_number": "79990000001", "code": "1234", "code_length": 4, "reference": "r"},
			})
			if err != nil || (out.Outcome != want && string(out.Key) != want) || len(out.Turns) == 0 {
				t.Errorf("%+v, %v, want %s", out, err, want)
			}
			if fault == "" && (len(stand.Calls("79990000001")) != 1 || out.Turns[0].Memory == 0 || out.Turns[1].Returned != trial.OutcomeOk) {
				t.Errorf("calls %v, turns %+v", stand.Calls(""), out.Turns)
			}
		})
	}
}

// A closed stand-in is a provider that can't be reached.
func TestPlayIsOver(t *testing.T) {
	stand, err := providers.New("example", providers.Options{})
	if err != nil {
		t.Fatal(err)
	}
	way := trial.Play(stand, egress.New(egress.Options{}), loops.DefaultLimits())
	if err := way.Close(); err != nil {
		t.Fatal(err)
	}
	d := &loops.Driver{Name: "script", File: "driver.js", Source: example, Bare: true}
	_, err = way.Exchange(context.Background(), d, loops.Request{Method: "GET", URL: "https://provider.example/"})
	if err == nil || !strings.Contains(err.Error(), string(loops.Unavailable)) {
		t.Errorf("after Close: %v", err)
	}
}

// What a script returned is told without the secrets and the login's token, in whatever form.
func TestTurnsHideSecrets(t *testing.T) {
	source := `function login() { return HttpLoop.Ok({token: "t0ken-of-the-login"}) }
function run(obj, result) {
  if (result == null) return HttpLoop.callBuilder("GET", "https://a.example/?t=" + tokens.get()).build({kept: secrets.KEY, t: tokens.get()});
  return HttpLoop.Ok({code: "1234", plain: secrets.KEY, coded: crypto.base64(secrets.KEY), t: tokens.get()});
}`
	out, err := trial.Run(context.Background(), trial.Options{
		Driver: &loops.Driver{Name: "script", File: "driver.js", Source: source, Bare: true}, Workers: patient(t), Turns: true, Trace: true,
		Secrets: map[string]string{"KEY": "s3cret-key-of-the-account"}, Answers: []trial.Answer{{Answer: loops.Answer{Status: 200}}},
	})
	if err != nil || out.Outcome != trial.OutcomeOk {
		t.Fatalf("%+v, %v", out, err)
	}
	var said []string
	for _, turn := range out.Turns {
		said = append(said, string(turn.Entry)+" "+turn.Returned)
	}
	if got := strings.Join(said, ", "); got != "start login, login ok, start request, start ok" {
		t.Errorf("turns: %s", got)
	}
	if last := out.Turns[3]; last.Value["plain"] != "***" || last.Value["coded"] != "***A==" || last.Value["t"] != "***" || last.Value["code"] != "1234" {
		t.Errorf("value: %v", last.Value)
	}
	if asked := out.Turns[2]; asked.State["kept"] != "***" || asked.State["t"] != "***" {
		t.Errorf("state: %v", asked.State)
	}
	if out.Turns[1].Value["token"] != "***" {
		t.Errorf("login: %v", out.Turns[1].Value)
	}
}
