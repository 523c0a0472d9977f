// Package pooltest is the suite that every pool.Store passes. It owns no store.
package pooltest

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/factors/otp/pool"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, int(5*time.Microsecond), time.UTC)

// Run holds a Store to what its doc comments say. newStore gives an empty one.
func Run(t *testing.T, newStore func(t *testing.T) pool.Store) {
	for name, test := range map[string]func(t *testing.T, s pool.Store){
		"every field comes back":                       keeps,
		"codes and numbers are seen":                   sees,
		"drivers don't see one another":                apart,
		"a new window has seen nothing":                renews,
		"an error of change changes nothing":           refuses,
		"a window that is given out shares nothing":    copies,
		"parallel codes are all counted":               raced,
		"a cancelled context counts nothing":           cancels,
		"two nodes raise one alarm":                    alarmsOnce,
		"a watch on it counts what it is told, hashed": watches,
	} {
		t.Run(name, func(t *testing.T) { test(t, newStore(t)) })
	}
}

func draw(driver, code, phone string) pool.Draw {
	return pool.Draw{Driver: driver, Code: driver + code, Phone: driver + phone}
}

// count counts a code and gives what was seen of it.
func count(t *testing.T, s pool.Store, d pool.Draw, change func(w *pool.Window)) pool.Seen {
	t.Helper()
	var got pool.Seen
	err := s.CountCode(context.Background(), d, func(w *pool.Window, seen pool.Seen) error {
		got = seen
		if w.Serial == 0 {
			w.Serial, w.Until = 1, noon.Add(time.Hour)
		}
		if change != nil {
			change(w)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func window(t *testing.T, s pool.Store, driver string) pool.Window {
	t.Helper()
	all, err := s.CodeWindows(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range all {
		if w.Driver == driver {
			return w
		}
	}
	t.Fatalf("there is no window of %s among %v", driver, all)
	return pool.Window{}
}

func full(driver string) pool.Window {
	return pool.Window{
		Driver: driver, Serial: 7, Until: noon, Length: 4, Since: noon.Add(-time.Hour), Codes: 1, Repeats: 2, Pairs: 3, Most: 4,
		Returns: 5, SameCode: 6, Digits: [][10]int{{1, 2, 3}, {9: 4}}, Alarm: "even", Before: &pool.Window{Length: 5, Codes: 1000, Alarm: "digit"},
	}
}

func keeps(t *testing.T, s pool.Store) {
	want := full("a")
	for i, v := 0, reflect.ValueOf(want); i < v.NumField(); i++ {
		if v.Field(i).IsZero() {
			t.Errorf("%s is zero, so the test wouldn't miss it", v.Type().Field(i).Name)
		}
	}
	count(t, s, draw("a", "1", "p"), func(w *pool.Window) {
		if w.Driver != "a" || w.Codes != 0 || w.Alarm != "" {
			t.Errorf("the first window is %+v", *w)
		}
		*w = full("a")
	})
	same(t, window(t, s, "a"), want)
	count(t, s, draw("a", "1", "p"), func(w *pool.Window) { same(t, *w, want) })
}

func same(t *testing.T, got, want pool.Window) {
	t.Helper()
	if !got.Until.Equal(want.Until) || !got.Since.Equal(want.Since) {
		t.Errorf("times %v and %v, want %v and %v", got.Until, got.Since, want.Until, want.Since)
	}
	got.Until, got.Since = want.Until, want.Since
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
}

func sees(t *testing.T, s pool.Store) {
	for i, c := range []struct {
		code, phone string
		want        pool.Seen
	}{
		{"1", "p", pool.Seen{}},
		{"1", "q", pool.Seen{Count: 1}},
		{"2", "p", pool.Seen{Last: "a1"}},
		{"1", "p", pool.Seen{Count: 2, Last: "a2"}},
		{"p", "1", pool.Seen{}}, // a number that is spelled as a code
	} {
		if got := count(t, s, draw("a", c.code, c.phone), nil); got != c.want {
			t.Errorf("draw %d: %+v, want %+v", i, got, c.want)
		}
	}
}

func apart(t *testing.T, s pool.Store) {
	count(t, s, draw("a", "1", "p"), func(w *pool.Window) { w.Codes = 1 })
	if got := count(t, s, draw("b", "1", "p"), func(w *pool.Window) { w.Codes += 10 }); got != (pool.Seen{}) {
		t.Errorf("b has seen %+v", got)
	}
	if a, b := window(t, s, "a"), window(t, s, "b"); a.Codes != 1 || b.Codes != 10 {
		t.Errorf("windows %+v, %+v", a, b)
	}
	all, err := s.CodeWindows(context.Background())
	if err != nil || len(all) != 2 || all[0].Driver != "a" || all[1].Driver != "b" {
		t.Errorf("all windows: %+v, %v", all, err)
	}
}

func renews(t *testing.T, s pool.Store) {
	count(t, s, draw("a", "1", "p"), nil)
	count(t, s, draw("a", "2", "q"), nil)
	count(t, s, draw("b", "2", "q"), nil)
	next := func(w *pool.Window) { w.Serial++ }
	if got := count(t, s, draw("a", "1", "p"), next); got != (pool.Seen{Count: 1, Last: "a1"}) {
		t.Errorf("the old window had seen %+v", got)
	}
	if got := count(t, s, draw("a", "1", "p"), nil); got != (pool.Seen{Count: 1, Last: "a1"}) {
		t.Errorf("the new window has seen %+v, want its own first", got)
	}
	if got := count(t, s, draw("a", "2", "q"), nil); got != (pool.Seen{}) {
		t.Errorf("the new window has seen %+v of the old", got)
	}
	if got := count(t, s, draw("b", "2", "q"), nil); got != (pool.Seen{Count: 1, Last: "b2"}) {
		t.Errorf("the other driver has seen %+v", got)
	}
}

func refuses(t *testing.T, s pool.Store) {
	no := errors.New("no")
	count(t, s, draw("a", "1", "p"), func(w *pool.Window) { w.Codes = 1 })
	for _, serial := range []int64{1, 2} {
		err := s.CountCode(context.Background(), draw("a", "1", "p"), func(w *pool.Window, _ pool.Seen) error {
			w.Codes, w.Serial = 99, serial
			return no
		})
		if !errors.Is(err, no) {
			t.Errorf("error %v", err)
		}
	}
	if got := window(t, s, "a").Codes; got != 1 {
		t.Errorf("the window has %d codes", got)
	}
	if got := count(t, s, draw("a", "1", "p"), nil); got != (pool.Seen{Count: 1, Last: "a1"}) {
		t.Errorf("seen %+v", got)
	}
}

func copies(t *testing.T, s pool.Store) {
	count(t, s, draw("a", "1", "p"), func(w *pool.Window) { w.Digits = [][10]int{{1}} })
	window(t, s, "a").Digits[0][0] = 99
	if err := s.CountCode(context.Background(), draw("a", "1", "p"), func(w *pool.Window, _ pool.Seen) error {
		w.Digits[0][0] = 99
		return errors.New("no")
	}); err == nil {
		t.Error("the error got lost")
	}
	if got := window(t, s, "a").Digits[0][0]; got != 1 {
		t.Errorf("the window's digit is %d", got)
	}
}

func raced(t *testing.T, s pool.Store) {
	const n = 32
	counts := make(chan int, n)
	var all sync.WaitGroup
	for range n {
		all.Go(func() {
			err := s.CountCode(context.Background(), draw("a", "1", "p"), func(w *pool.Window, seen pool.Seen) error {
				w.Serial, w.Until = 1, noon
				w.Codes++
				counts <- seen.Count
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	close(counts)
	var got []int
	for c := range counts {
		got = append(got, c)
	}
	slices.Sort(got)
	for i, c := range slices.Compact(got) {
		if i != c {
			t.Fatalf("seen were %v", got)
		}
	}
	if w := window(t, s, "a"); w.Codes != n || got[len(got)-1] != n-1 {
		t.Errorf("%d codes were counted, the last had seen %d", w.Codes, got[len(got)-1])
	}
}

func cancels(t *testing.T, s pool.Store) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := s.CountCode(ctx, draw("a", "1", "p"), func(*pool.Window, pool.Seen) error { return nil }); err == nil {
		t.Error("it was counted")
	}
	if got := count(t, s, draw("a", "1", "p"), nil); got != (pool.Seen{}) {
		t.Errorf("seen %+v", got)
	}
}
