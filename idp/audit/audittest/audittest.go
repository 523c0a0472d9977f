// Package audittest is the suite that every audit.Records passes. It owns no store.
package audittest

import (
	"context"
	"fmt"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp/audit"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// Run holds Records to what its doc comments say. open gives empty ones.
func Run(t *testing.T, open func(t *testing.T) audit.Records) {
	for name, test := range map[string]func(t *testing.T, r audit.Records){
		"every member comes back":            comesBack,
		"the tail is that of the last write": extends,
		"nothing is written beside the tail": serializes,
		"rows are found by every member":     finds,
		"the newest come first, by pages":    pages,
		"old rows go from the beginning":     sweeps,
		"the last row stays":                 keepsLast,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

func row(seq int64, change func(*audit.Row)) audit.Row {
	r := audit.Row{Seq: seq, Body: fmt.Sprint("body ", seq), Hash: fmt.Sprint("hash ", seq), Index: audit.Index{
		At: noon.Add(time.Duration(seq) * time.Minute), Type: "kind",
	}}
	if change != nil {
		change(&r)
	}
	return r
}

func put(t *testing.T, r audit.Records, rows ...audit.Row) {
	t.Helper()
	err := r.ExtendAudit(context.Background(), func(audit.Tail) ([]audit.Row, audit.Mark) {
		last := rows[len(rows)-1]
		return rows, audit.Mark{Seq: last.Seq, Hash: last.Hash, Proof: "proof"}
	})
	if err != nil {
		t.Fatal(err)
	}
}

func whole() audit.Row {
	return audit.Row{Seq: 1, Body: "b", Hash: "h", Index: audit.Index{
		At: noon, Type: "t", Subject: "s", Object: "o", ClientID: "c", SessionID: "sid", IP: "192.0.2.7", Procedure: "p",
	}}
}

func comesBack(t *testing.T, r audit.Records) {
	want := whole()
	put(t, r, want)
	for i := range reflect.ValueOf(want.Index).NumField() {
		if reflect.ValueOf(want.Index).Field(i).IsZero() {
			t.Errorf("member %d is zero, so the test wouldn't miss it", i)
		}
	}
	if got := chain(t, r, 0, 10); len(got) != 1 || got[0] != want {
		t.Errorf("%+v", got)
	}
}

func chain(t *testing.T, r audit.Reading, after int64, limit int) []audit.Row {
	t.Helper()
	rows, err := r.AuditChain(context.Background(), after, limit)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func extends(t *testing.T, r audit.Records) {
	if tail, err := r.AuditTail(context.Background()); err != nil || tail != (audit.Tail{}) {
		t.Errorf("empty: %+v, %v", tail, err)
	}
	put(t, r, row(1, nil), row(2, nil))
	var rows []audit.Row
	for seq := int64(3); seq <= 60; seq++ { // more than fit into one statement
		rows = append(rows, row(seq, nil))
	}
	put(t, r, rows...)
	want := audit.Tail{Head: audit.Mark{Seq: 60, Hash: "hash 60", Proof: "proof"}, Last: 60}
	if tail, err := r.AuditTail(context.Background()); err != nil || tail != want {
		t.Errorf("%+v, %v", tail, err)
	}
	got := chain(t, r, 2, 5)
	if len(got) != 5 || got[0].Seq != 3 || got[4].Seq != 7 || len(chain(t, r, 0, 100)) != 60 {
		t.Errorf("%+v", got)
	}
}

func serializes(t *testing.T, r audit.Records) {
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 10 {
				err := r.ExtendAudit(context.Background(), func(tail audit.Tail) ([]audit.Row, audit.Mark) {
					next := row(tail.Head.Seq+1, nil)
					return []audit.Row{next}, audit.Mark{Seq: next.Seq, Hash: next.Hash}
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if tail, err := r.AuditTail(context.Background()); err != nil || tail.Last != 80 || tail.Head.Seq != 80 {
		t.Errorf("%+v, %v", tail, err)
	}
}

func finds(t *testing.T, r audit.Records) {
	put(t, r, whole(), row(2, func(r *audit.Row) { r.Object = "s" }), row(3, nil))
	for name, c := range map[string]struct {
		q    audit.Query
		want []int64
	}{
		"all":                  {audit.Query{}, []int64{3, 2, 1}},
		"type":                 {audit.Query{Type: "t"}, []int64{1}},
		"subject":              {audit.Query{Subject: "s"}, []int64{1}},
		"object":               {audit.Query{Object: "o"}, []int64{1}},
		"client":               {audit.Query{ClientID: "c"}, []int64{1}},
		"session":              {audit.Query{SessionID: "sid"}, []int64{1}},
		"address":              {audit.Query{IP: "192.0.2.7"}, []int64{1}},
		"login":                {audit.Query{Procedure: "p"}, []int64{1}},
		"subject or object":    {audit.Query{About: "s"}, []int64{2, 1}},
		"from":                 {audit.Query{From: noon.Add(2 * time.Minute)}, []int64{3, 2}},
		"to":                   {audit.Query{To: noon.Add(2 * time.Minute)}, []int64{1}},
		"both of two":          {audit.Query{Type: "kind", About: "s"}, []int64{2}},
		"nobody":               {audit.Query{Subject: "x"}, nil},
		"one of two isn't so":  {audit.Query{Subject: "s", Type: "kind"}, nil},
		"a quote is no syntax": {audit.Query{Subject: "' OR 1=1 --"}, nil},
	} {
		rows, err := r.FindAudit(context.Background(), c.q, 0, 10)
		var got []int64
		for _, row := range rows {
			got = append(got, row.Seq)
		}
		if err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %v, want %v; %v", name, got, c.want, err)
		}
	}
}

func pages(t *testing.T, r audit.Records) {
	put(t, r, row(1, nil), row(2, nil), row(3, nil))
	for before, want := range map[int64]int64{0: 3, 3: 2, 2: 1} {
		rows, err := r.FindAudit(context.Background(), audit.Query{}, before, 1)
		if err != nil || len(rows) != 1 || rows[0].Seq != want {
			t.Errorf("before %d: %+v, %v", before, rows, err)
		}
	}
}

func sweep(t *testing.T, r audit.Records, before time.Time, limit, want int) audit.Mark {
	t.Helper()
	n, mark, err := r.SweepAudit(context.Background(), before, limit, func(last audit.Row) audit.Mark {
		return audit.Mark{Seq: last.Seq, Hash: last.Hash, Proof: "anchor"}
	})
	if err != nil || n != want {
		t.Fatalf("%d went, want %d: %v", n, want, err)
	}
	return mark
}

func sweeps(t *testing.T, r audit.Records) {
	// The third came late: its time is before that of the second.
	put(t, r, row(1, nil), row(2, nil), row(3, func(r *audit.Row) { r.At = noon }), row(4, nil))
	if mark := sweep(t, r, noon, 10, 0); mark != (audit.Mark{}) {
		t.Errorf("nothing went, and the anchor is %+v", mark)
	}
	if mark := sweep(t, r, noon.Add(2*time.Minute), 10, 1); mark.Seq != 1 {
		t.Errorf("%+v", mark)
	}
	sweep(t, r, noon.Add(time.Hour), 1, 1)
	tail, err := r.AuditTail(context.Background())
	want := audit.Tail{Head: audit.Mark{Seq: 4, Hash: "hash 4", Proof: "proof"}, Anchor: audit.Mark{Seq: 2, Hash: "hash 2", Proof: "anchor"}, Last: 4}
	if err != nil || tail != want || len(chain(t, r, 0, 10)) != 2 {
		t.Errorf("%+v, %v", tail, err)
	}
}

func keepsLast(t *testing.T, r audit.Records) {
	put(t, r, row(1, nil), row(2, nil))
	sweep(t, r, noon.Add(time.Hour), 10, 1)
	sweep(t, r, noon.Add(time.Hour), 10, 0)
	if rows := chain(t, r, 0, 10); len(rows) != 1 || rows[0].Seq != 2 {
		t.Errorf("%+v", rows)
	}
}
