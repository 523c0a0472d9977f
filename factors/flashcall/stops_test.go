package flashcall_test

import (
	"context"
	"testing"

	"github.com/ringtail-id/ringtail/factors"
	"github.com/ringtail-id/ringtail/factors/flashcall"
	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/loops"
)

func TestStopsCover(t *testing.T) {
	for name, c := range map[string]struct {
		stops flashcall.Stops
		want  bool
	}{
		"nothing":           {flashcall.Stops{}, false},
		"the country":       {flashcall.Stops{Countries: []string{"DE", "RU"}}, true},
		"another country":   {flashcall.Stops{Countries: []string{"DE"}}, false},
		"the driver":        {flashcall.Stops{Drivers: []string{"test"}}, true},
		"another driver":    {flashcall.Stops{Drivers: []string{"tests"}}, false},
		"the channel":       {flashcall.Stops{Channels: []loops.Channel{loops.ChannelFlashCall}}, true},
		"another channel":   {flashcall.Stops{Channels: []loops.Channel{loops.ChannelSMS}}, false},
		"one of everything": {flashcall.Stops{Countries: []string{"DE"}, Drivers: []string{"x"}, Channels: []loops.Channel{loops.ChannelFlashCall}}, true},
	} {
		if got := c.stops.Cover("test", loops.ChannelFlashCall, "RU"); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
		if got := c.stops.Any(); got != (name != "nothing") {
			t.Errorf("%s: any is %v", name, got)
		}
	}
}

// TestStoppedIsPassedOver: what is switched off is as if it weren't in the chain, and
// the person has the ways that are left.
func TestStoppedIsPassedOver(t *testing.T) {
	for name, c := range map[string]struct {
		stops   flashcall.Stops
		channel string // of the code, empty where nothing is ordered
	}{
		"nothing":      {flashcall.Stops{}, "flashCall"},
		"the calls":    {flashcall.Stops{Channels: []loops.Channel{loops.ChannelFlashCall}}, "sms"},
		"their driver": {flashcall.Stops{Drivers: []string{"test"}}, "sms"},
		"both drivers": {flashcall.Stops{Drivers: []string{"test", "sms"}}, ""},
		"the country":  {flashcall.Stops{Countries: []string{"RU"}}, ""},
	} {
		w := newWorld(t)
		w.routes = append(w.routes, w.smsRoute())
		w.routes[1].Driver = &loops.Driver{Name: "sms", Manifest: w.routes[1].Driver.Manifest}
		w.stops = c.stops
		login := w.login()
		w.answer = says(map[string]any{})
		if c.channel == "flashCall" {
			w.answer = says(map[string]any{"code": "74950000042"})
		}
		ready := factors.AsProblem(w.Ready(context.Background(), login))
		if (ready == nil) != (c.channel != "") || ready != nil && ready.ID != otp.ProblemNoRoute {
			t.Errorf("%s: ready: %v", name, ready)
		}
		begun := factors.AsProblem(w.Begin(context.Background(), login))
		if (begun == nil) != (c.channel != "") || begun != nil && begun.ID != otp.ProblemNoRoute {
			t.Errorf("%s: begun: %v", name, begun)
		}
		w.work(t)
		v := w.show(t, login)
		if c.channel == "" {
			if v.State != flashcall.StateNoPhone || v.Problem == nil || v.Problem.ID != otp.ProblemNoRoute || len(v.Actions) > 0 || len(w.jobs) > 0 {
				t.Errorf("%s: %d orders, %+v", name, len(w.jobs), v)
			}
			continue
		}
		if v.Values[flashcall.ValueChannel] != c.channel || v.State != flashcall.StateCalled {
			t.Errorf("%s: %+v", name, v)
		}
	}
}

// TestStopBetween: an order that waits is not placed any more, and goes by the next
// route that is left; one that was placed counts.
func TestStopBetween(t *testing.T) {
	w := newWorld(t)
	w.routes = append(w.routes, w.smsRoute())
	login := w.login()
	if err := w.Begin(context.Background(), login); err != nil {
		t.Fatal(err)
	}
	w.stops.Channels = []loops.Channel{loops.ChannelFlashCall}
	w.answer = says(map[string]any{})
	w.work(t)
	if v := w.show(t, login); v.Values[flashcall.ValueChannel] != "sms" || len(w.jobs) != 1 {
		t.Errorf("an order that waited: %d orders, %+v", len(w.jobs), v)
	}
	w = newWorld(t)
	login = w.called(t)
	w.stops.Countries = []string{"RU"}
	if got := w.post(t, login, factors.ActionResend, nil); got != otp.ProblemNoRoute {
		t.Errorf("the next call gives %q", got)
	}
	if got := w.post(t, login, "", code("0042")); got != "" {
		t.Errorf("the code of the one that was placed gives %q", got)
	}
}

// TestStoppedForNobodyInParticular: as a first factor a stop answers alike, whether
// somebody has the number.
func TestStoppedForNobodyInParticular(t *testing.T) {
	w := newWorld(t)
	w.stops.Countries = []string{"RU"}
	for _, number := range []string{"+79990000001", "+79990000002"} {
		login := w.login()
		login.Factor, login.Person = 1, nil
		if got := w.post(t, login, "", map[string]string{flashcall.FieldPhone: number}); got != otp.ProblemNoRoute {
			t.Errorf("%s: %q", number, got)
		}
	}
}
