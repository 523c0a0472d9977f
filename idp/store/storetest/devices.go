package storetest

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/device"
	"github.com/ringtail-id/ringtail/idp/oidc"
)

// Devices is what a store does for devices.
type Devices interface {
	oidc.Devices
	device.Guesses
}

func someDevice(id string) *device.Device {
	return &device.Device{
		ID: id, CodeHash: "code-" + id, UserHash: "user-" + id, ClientID: "tv", Scopes: []string{"openid", "profile"},
		Resources: []string{"https://api.example/"}, State: device.Denied, Interval: 5 * time.Second, PolledAt: noon.Add(time.Second),
		Login: "l1", CreatedAt: noon, ExpiresAt: noon.Add(10 * time.Minute),
	}
}

// openDevice stores a device that waits.
func openDevice(t *testing.T, s Stores, id string) *device.Device {
	t.Helper()
	d := someDevice(id)
	d.State, d.PolledAt, d.Login = device.Pending, time.Time{}, ""
	must(t, s.Devices.CreateDevice(t.Context(), d))
	return d
}

func keepsDevice(t *testing.T, s Stores) {
	want := someDevice("d1")
	wantFull(t, *want)
	must(t, s.Devices.CreateDevice(t.Context(), want))
	for what, find := range map[string]func() (*device.Device, error){
		"ID":        func() (*device.Device, error) { return s.Devices.DeviceByID(t.Context(), "d1") },
		"user code": func() (*device.Device, error) { return s.Devices.DeviceByUserCode(t.Context(), "user-d1") },
	} {
		got, err := find()
		must(t, err)
		if !reflect.DeepEqual(got, want) {
			t.Errorf("by its %s the device is %+v, want %+v", what, got, want)
		}
	}
	_, err := s.Devices.DeviceByID(t.Context(), "user-d1")
	wantError(t, "an unknown ID", err, idp.ErrNotFound)
	_, err = s.Devices.DeviceByUserCode(t.Context(), "code-d1")
	wantError(t, "a device code for a user code", err, idp.ErrNotFound)
	for what, change := range map[string]func(*device.Device){
		"user code":   func(d *device.Device) { d.UserHash = want.UserHash },
		"device code": func(d *device.Device) { d.CodeHash = want.CodeHash },
	} {
		d := someDevice("d2")
		change(d)
		wantError(t, "a "+what+" that another has", s.Devices.CreateDevice(t.Context(), d), idp.ErrTaken)
	}
}

// The interval grows with each poll that comes too soon, and with no other.
func slowsDown(t *testing.T, s Stores) {
	openDevice(t, s, "d1")
	at := noon
	for i, poll := range []struct {
		after    time.Duration
		tooSoon  bool
		interval time.Duration
	}{
		{0, false, 5 * time.Second}, // the first may come at once
		{5 * time.Second, false, 5 * time.Second},
		{4 * time.Second, false, 5 * time.Second}, // device.Leeway
		{4*time.Second - time.Millisecond, true, 10 * time.Second},
		{8 * time.Second, true, 15 * time.Second},
		{0, true, 20 * time.Second},
		{20 * time.Second, false, 20 * time.Second},
	} {
		at = at.Add(poll.after)
		got, err := s.Devices.PollDevice(t.Context(), "code-d1", "tv", at)
		must(t, err)
		if got.TooSoon != poll.tooSoon || got.Device.Interval != poll.interval || !got.Device.PolledAt.Equal(at) || got.Device.ID != "d1" {
			t.Errorf("poll %d: %+v, want too soon %v and then %v", i, got, poll.tooSoon, poll.interval)
		}
	}
	before, err := s.Devices.DeviceByID(t.Context(), "d1")
	must(t, err)
	for _, other := range [][2]string{{"code-d1", "other"}, {"user-d1", "tv"}, {"none", "tv"}} {
		_, err := s.Devices.PollDevice(t.Context(), other[0], other[1], at.Add(time.Hour))
		wantError(t, fmt.Sprint("a poll with ", other), err, idp.ErrNotFound)
	}
	if after, err := s.Devices.DeviceByID(t.Context(), "d1"); err != nil || !reflect.DeepEqual(before, after) {
		t.Errorf("what others asked left %+v, %v; want %+v", after, err, before)
	}
}

// Of polls at once one is in time.
func pollsAtOnce(t *testing.T, s Stores) {
	openDevice(t, s, "d1")
	race(t, func(int) (bool, error) {
		poll, err := s.Devices.PollDevice(t.Context(), "code-d1", "tv", noon.Add(time.Minute))
		return err == nil && !poll.TooSoon, err
	})
}

// Nobody decides twice, whoever they are and whatever they decide.
func decidesOnce(t *testing.T, s Stores) {
	must(t, s.Users.CreateUser(t.Context(), someUser("u1", "anna")))
	openDevice(t, s, "d1")
	grant := func(i int) *oidc.Grant {
		g := someGrant(fmt.Sprint("g", i))
		g.Code.Hash, g.Code.RedeemedAt, g.RevokedAt, g.Kind = "code-d1", time.Time{}, time.Time{}, oidc.KindDevice
		return g
	}
	race(t, func(i int) (bool, error) {
		if i%2 == 0 {
			return s.Devices.DenyDevice(t.Context(), "d1", fmt.Sprint("l", i), noon)
		}
		return s.Devices.GrantDevice(t.Context(), "d1", fmt.Sprint("l", i), noon, grant(i))
	})
	d, err := s.Devices.DeviceByID(t.Context(), "d1")
	must(t, err)
	g, err := s.Grants.GrantByCode(t.Context(), "code-d1")
	switch d.State {
	case device.Approved:
		if err != nil || "g"+d.Login[1:] != g.ID {
			t.Errorf("approved by %s, and the grant is %+v, %v", d.Login, g, err)
		}
	case device.Denied:
		wantError(t, "the grant of a denied device", err, idp.ErrNotFound)
	default:
		t.Errorf("the device is %s", d.State)
	}

	openDevice(t, s, "d2")
	late := noon.Add(10 * time.Minute)
	for what, try := range map[string]func(id string, now time.Time) (bool, error){
		"approve": func(id string, now time.Time) (bool, error) {
			g := grant(99)
			g.Code.Hash = "code-" + id
			return s.Devices.GrantDevice(t.Context(), id, "l", now, g)
		},
		"deny": func(id string, now time.Time) (bool, error) { return s.Devices.DenyDevice(t.Context(), id, "l", now) },
	} {
		for _, of := range []struct {
			id  string
			now time.Time
		}{{"d1", noon}, {"d2", late}, {"none", noon}} {
			if won, err := try(of.id, of.now); won || err != nil {
				t.Errorf("%s %s at %v: %v, %v", what, of.id, of.now, won, err)
			}
		}
	}
	_, err = s.Grants.GrantByCode(t.Context(), "code-d2")
	wantError(t, "a grant that came too late", err, idp.ErrNotFound)
	nobodys := grant(7)
	nobodys.UserID, nobodys.Code.Hash = "nobody", "code-d2"
	if won, err := s.Devices.GrantDevice(t.Context(), "d2", "l", noon, nobodys); won || err == nil {
		t.Errorf("a grant of nobody: %v, %v", won, err)
	}
	if d, err := s.Devices.DeviceByID(t.Context(), "d2"); err != nil || d.State != device.Pending {
		t.Errorf("a grant that can't be stored leaves the device %+v, %v", d, err)
	}
}

func sweepsDevices(t *testing.T, s Stores) {
	d := openDevice(t, s, "d1")
	_, err := s.Sweeper.Sweep(t.Context(), d.ExpiresAt.Add(30*time.Minute), 100)
	must(t, err)
	if _, err := s.Devices.PollDevice(t.Context(), "code-d1", "tv", d.ExpiresAt.Add(30*time.Minute)); err != nil {
		t.Errorf("a device that may still ask why: %v", err)
	}
	_, err = s.Sweeper.Sweep(t.Context(), d.ExpiresAt.Add(time.Hour), 100)
	must(t, err)
	_, err = s.Devices.DeviceByID(t.Context(), "d1")
	wantError(t, "a device that is over", err, idp.ErrNotFound)
}

// Guesses at once never pass the limit, and one that is over takes nothing from
// the other counters.
func countsGuesses(t *testing.T, s Stores) {
	charges := func(amount int64) []otp.Charge {
		until := noon.Add(time.Hour)
		return []otp.Charge{
			{Budget: "a", Key: "a", Amount: amount, Limit: 10, Until: until}, {Budget: "b", Key: "b", Amount: amount, Limit: 100, Until: until},
		}
	}
	var all sync.WaitGroup
	var paid, refused atomic.Int32
	for range 32 {
		all.Go(func() {
			var over *otp.OverError
			switch err := s.Devices.Charge(context.Background(), noon, charges(1)...); {
			case err == nil:
				paid.Add(1)
			case errors.As(err, &over) && over.Charge.Budget == "a" && over.Until.Equal(noon.Add(time.Hour)):
				refused.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	all.Wait()
	if paid.Load() != 10 || refused.Load() != 22 {
		t.Errorf("%d guesses were paid for and %d refused, want 10 and 22", paid.Load(), refused.Load())
	}
	must(t, s.Devices.Charge(t.Context(), noon, charges(-1)...))
	must(t, s.Devices.Charge(t.Context(), noon, charges(1)...))
	if err := s.Devices.Charge(t.Context(), noon, charges(1)...); err == nil {
		t.Error("one given back buys two")
	}
	must(t, s.Devices.Charge(t.Context(), noon.Add(time.Hour), charges(1)...))
}
