package settingstest

import (
	"context"
	"errors"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/settings"
)

// noon is when everything is saved in the suite.
var noon = time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)

func revision(number int) settings.Revision {
	old, now := "1", `"two" # 2`
	return settings.Revision{
		Number: number, At: noon.Add(time.Duration(number) * time.Second), By: "anna", Comment: "it's 'quoted'; :named ?",
		Changes: []settings.Change{{Path: "login.level", Old: &old, New: &now}, {Path: "drivers.newtel", New: &old}},
		Layer: settings.Layer{
			Values:  []settings.Value{{Path: "login.level", HOCON: now, By: "boris", At: noon}},
			Drivers: map[string]int{"newtel": number},
		},
	}
}

// TestStore holds a store to what settings.Store says. open gives an empty one.
func TestStore(t *testing.T, open func(t *testing.T) settings.Store) {
	t.Run("a line of revisions", func(t *testing.T) { keepsALine(t, open(t)) })
	t.Run("one of many at once", func(t *testing.T) { oneOfMany(t, open(t)) })
}

func keepsALine(t *testing.T, s settings.Store) {
	ctx := t.Context()
	latest := func(want int) {
		t.Helper()
		if n, err := s.LatestRevision(ctx); n != want || err != nil {
			t.Errorf("the latest is %d, %v, want %d", n, err, want)
		}
	}
	latest(0)
	if line, err := s.Revisions(ctx, 5, 5); len(line) != 0 || err != nil {
		t.Errorf("%+v, %v", line, err)
	}
	for n := 1; n <= 3; n++ {
		if err := s.AppendRevision(ctx, revision(n)); err != nil {
			t.Fatal(err)
		}
		latest(n)
	}
	for number, want := range map[int]error{1: idp.ErrTaken, 3: idp.ErrTaken, 5: idp.ErrNotFound} {
		if err := s.AppendRevision(ctx, revision(number)); !errors.Is(err, want) {
			t.Errorf("appending %d again or too early: %v, want %v", number, err, want)
		}
	}
	latest(3)
	got, err := s.RevisionByNumber(ctx, 2)
	if err != nil || !reflect.DeepEqual(inUTC(got), revision(2)) {
		t.Errorf("got %+v, %v\nwant %+v", got, err, revision(2))
	}
	for _, none := range []int{-1, 0, 4} {
		if _, err := s.RevisionByNumber(ctx, none); !errors.Is(err, idp.ErrNotFound) {
			t.Errorf("the revision %d: %v", none, err)
		}
	}
	pages(t, s)
}

func pages(t *testing.T, s settings.Store) {
	for _, tt := range []struct {
		before, n int
		want      []int
	}{{9, 9, []int{3, 2, 1}}, {3, 1, []int{2}}, {3, 9, []int{2, 1}}, {1, 9, nil}, {9, 0, nil}} {
		line, err := s.Revisions(t.Context(), tt.before, tt.n)
		var numbers []int
		for _, r := range line {
			numbers = append(numbers, r.Number)
			if !reflect.DeepEqual(inUTC(r), revision(r.Number)) {
				t.Errorf("%+v", r)
			}
		}
		if err != nil || !reflect.DeepEqual(numbers, tt.want) {
			t.Errorf("%d below %d: %v, %v, want %v", tt.n, tt.before, numbers, err, tt.want)
		}
	}
}

func inUTC(r settings.Revision) settings.Revision {
	r.At = r.At.UTC()
	for i := range r.Layer.Values {
		r.Layer.Values[i].At = r.Layer.Values[i].At.UTC()
	}
	return r
}

func oneOfMany(t *testing.T, s settings.Store) {
	if err := s.AppendRevision(t.Context(), revision(1)); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	outcomes := make(chan error, 64)
	for range cap(outcomes) {
		wg.Go(func() { outcomes <- s.AppendRevision(context.Background(), revision(2)) })
	}
	wg.Wait()
	close(outcomes)
	done := 0
	for err := range outcomes {
		if err == nil {
			done++
		} else if !errors.Is(err, idp.ErrTaken) {
			t.Error(err)
		}
	}
	if n, err := s.LatestRevision(t.Context()); done != 1 || n != 2 || err != nil {
		t.Errorf("%d were appended; the latest is %d, %v", done, n, err)
	}
}
