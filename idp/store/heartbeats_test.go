package store_test

import (
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp/admin/health"
	"github.com/ringtail-id/ringtail/idp/store/storetest"
)

func TestHeartbeats(t *testing.T) {
	s, now := open(t, filepath.Join(t.TempDir(), "ringtail.db")), storetest.Clock().UTC()
	first := health.Node{
		ID: "a", Host: "it's", Version: "1", Started: now.Add(-time.Hour), Seen: now, Revision: 4,
		State: health.State{Trouble: []string{"x"}, Waiting: []string{"log"}, Workers: health.Workers{Size: 1, Running: 2, Waiting: 3, Queue: 4, Started: 5}, Routes: []health.Route{{ID: "r", Driver: "d", Failures: 2, Until: now}}},
	}
	second := health.Node{ID: "b", Started: now.Add(-time.Minute), Seen: now.Add(-time.Second)}
	put := func(n health.Node, forget time.Time) {
		t.Helper()
		if err := s.PutNode(t.Context(), n, forget); err != nil {
			t.Fatal(err)
		}
	}
	want := func(want ...health.Node) {
		t.Helper()
		got, err := s.Nodes(t.Context())
		for i := range got {
			got[i].Started, got[i].Seen = got[i].Started.UTC(), got[i].Seen.UTC()
		}
		if err != nil || len(got) != len(want) || len(want) > 0 && !reflect.DeepEqual(got, want) {
			t.Errorf("%+v, %v, want %+v", got, err, want)
		}
	}
	want()
	put(health.Node{ID: "a", Host: "before"}, time.Time{})
	put(second, time.Time{})
	put(first, time.Time{})
	want(first, second)
	put(first, now)
	want(first)
	for range 2 {
		if err := s.RemoveNode(t.Context(), "a"); err != nil {
			t.Error(err)
		}
	}
	want()
	if n, err := s.Size(t.Context()); n < 4096 || err != nil {
		t.Errorf("%d bytes, %v", n, err)
	}
}
