package otp_test

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/factors/otp"
)

// counting is a store that notes what it is asked, and how many counters that takes.
type counting struct {
	otp.Store
	asked []string
}

func (c *counting) Load(ctx context.Context, key otp.Key) (otp.Record, error) {
	c.asked = append(c.asked, "load")
	return c.Store.Load(ctx, key)
}

func (c *counting) Update(ctx context.Context, key otp.Key, now time.Time, change func(*otp.Record) error) error {
	charges := 0
	err := c.Store.Update(ctx, key, now, func(rec *otp.Record) error {
		err := change(rec)
		charges = len(rec.Charges)
		return err
	})
	c.asked = append(c.asked, fmt.Sprint("update ", charges))
	return err
}

func (c *counting) Count(ctx context.Context, keys []string, now time.Time) (map[string]otp.Counter, error) {
	c.asked = append(c.asked, fmt.Sprint("count ", len(keys)))
	return c.Store.Count(ctx, keys, now)
}

// TestADecoyTakesAsMuchWork: what is asked of the database is most of the time
// that an answer takes, and where a code is refused a stranger may measure it as
// often as they like.
func TestADecoyTakesAsMuchWork(t *testing.T) {
	all := otp.Limits{NumberHour: 9, NumberDay: 9, AddressHour: 9, NetworkHour: 9, PrefixHour: 9, CountryHour: 9, SpendDay: 90}
	for name, prepare := range map[string]func(w *world, t *otp.Target){
		"all is well":    func(*world, *otp.Target) {},
		"stopped":        func(w *world, t *otp.Target) { _ = w.Stop(context.Background(), t.Phone) },
		"number used up": func(w *world, _ *otp.Target) { w.settings.Limits.NumberHour = 1 },
		"stopped and number used up": func(w *world, t *otp.Target) {
			w.settings.Limits.NumberHour = 1
			_ = w.Stop(context.Background(), t.Phone)
		},
		"money used up":   func(w *world, _ *otp.Target) { w.settings.Limits.SpendDay = 1 },
		"no such route":   func(_ *world, t *otp.Target) { t.Channel = "voice" },
		"too soon":        func(w *world, _ *otp.Target) { w.settings.ResendAfter = time.Minute },
		"no attempt left": func(w *world, _ *otp.Target) { w.settings.TotalAttempts = 2 },
	} {
		work := func(nobody bool) []string {
			w := newWorld(t, withoutWait())
			w.routes = func() []otp.Route { return []otp.Route{{ID: "main", Channel: "flashCall", Driver: "test", Price: 4}} }
			w.settings.Limits = all
			store := &counting{Store: w.store}
			engine, err := otp.New(otp.Options{
				Method: "flashCall", Store: store, Sender: w, Settings: func() otp.Settings { return w.settings },
				Hash: w.hash, Now: func() time.Time { return w.now }, Timing: otp.Timing{BlindWait: -1},
			})
			if err != nil {
				t.Fatal(err)
			}
			one := w.blindTarget(nobody)
			one.Country, one.RemoteIP = "RU", "192.0.2.7"
			prepare(w, &one)
			for range 3 {
				_ = engine.Request(context.Background(), one)
				_ = engine.Resend(context.Background(), one)
				_ = engine.Enter(context.Background(), otp.Entered{LoginID: "login", PersonID: one.PersonID, Code: "9999", Blind: true})
			}
			return store.asked
		}
		if real, decoy := work(false), work(true); !reflect.DeepEqual(real, decoy) {
			t.Errorf("%s:\nsomebody's number %v\nnobody's          %v", name, real, decoy)
		}
	}
}

// TestAHiddenBudgetIsAnAlarm: who asked learns nothing of it, but an administrator
// does, once for each code that wasn't sent.
func TestAHiddenBudgetIsAnAlarm(t *testing.T) {
	w := newWorld(t, withoutWait())
	w.settings.Limits.SpendDay = 1
	w.routes = func() []otp.Route { return []otp.Route{{ID: "main", Channel: "flashCall", Driver: "test", Price: 4}} }
	for range 3 {
		gives(t, w.Request(context.Background(), w.blindTarget(false)), "")
	}
	if n := strings.Count(w.log.String(), `level=ERROR msg="budget used up"`); n != 1 {
		t.Errorf("%d alarms:\n%s", n, w.log.String())
	}
}
