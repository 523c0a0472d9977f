package pooltest

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/factors/otp/pool"
)

func newWatch(t *testing.T, s pool.Store) *pool.Watch {
	t.Helper()
	w, err := pool.New(pool.Options{
		Store: s, Hash: func(parts ...string) string { return strings.Join(parts, "\x00") }, Now: func() time.Time { return noon },
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// alarmsOnce has two nodes observe one number that always calls: together they raise one alarm.
func alarmsOnce(t *testing.T, s pool.Store) {
	var alarms atomic.Int64
	var both sync.WaitGroup
	for range 2 {
		w := newWatch(t, s)
		both.Go(func() {
			for range 20 {
				alarm, err := w.Observe(context.Background(), "a", "+79990000001", "0042", 4)
				if err != nil {
					t.Error(err)
				}
				if alarm != nil {
					alarms.Add(1)
				}
			}
		})
	}
	both.Wait()
	if got := window(t, s, "a"); alarms.Load() != 1 || got.Codes != 40 || got.Pairs != 40*39/2 || got.Alarm == "" {
		t.Errorf("%d alarms, window %+v", alarms.Load(), got)
	}
}

func watches(t *testing.T, s pool.Store) {
	w := newWatch(t, s)
	for i := range 30 {
		if _, err := w.Observe(context.Background(), "a", fmt.Sprint(i%5), fmt.Sprintf("%04d", i*337%10000), 4); err != nil {
			t.Fatal(err)
		}
	}
	if got := window(t, s, "a"); got.Serial != 1 || got.Codes != 30 || got.Returns != 25 || got.Pairs != 0 || got.Most != 1 || !got.Since.Equal(noon) {
		t.Errorf("window %+v", got)
	}
}
