package store

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp/audit"
)

// Of several conditions the rarest leads: what a search costs doesn't grow with
// the records of a client that everybody uses.
func TestTheTrailIsReadByTheRarestCondition(t *testing.T) {
	s := openInside(t)
	tests := []struct {
		name  string
		query audit.Query
		want  string
	}{
		{"everything", audit.Query{Procedure: "p", SessionID: "s", Subject: "u", Type: "t", ClientID: "c", IP: "i", About: "u"}, "audit_procedure (procedure=?)"},
		{"a session of a client", audit.Query{ClientID: "c", SessionID: "s"}, "audit_session (session_id=?)"},
		{"a user of a client", audit.Query{ClientID: "c", Subject: "u"}, "audit_subject (subject=?)"},
		{"about a user of a client", audit.Query{ClientID: "c", Type: "t", About: "u"}, "audit_subject (subject=?)"},
		{"an address and a type", audit.Query{Type: "t", IP: "i"}, "audit_ip (ip=?)"},
		{"a client and a type", audit.Query{Type: "t", ClientID: "c"}, "audit_client (client_id=?)"},
		{"a type", audit.Query{Type: "t"}, "audit_type (type=?)"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := ofAudit(test.query)
			steps := strings.Join(stepsOfPlan(t, s, strings.TrimSpace(selectAudit)+c.where()+` ORDER BY seq DESC LIMIT ?`, append(c.args, 50)...), "\n")
			if !strings.Contains(steps, "USING INDEX "+test.want) {
				t.Errorf("the plan is\n%s\nwant one with %s", steps, test.want)
			}
			if test.query.About == "" && strings.Contains(steps, "B-TREE") {
				t.Errorf("it is sorted after it was read:\n%s", steps)
			}
		})
	}
}

// Records aren't in the order of their times: the nodes' clocks differ.
func TestTheTrailIsReadByTime(t *testing.T) {
	s := openInside(t)
	start := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	hours := []int{1, 3, 2, 9, 4, 5, 4, 0, 6}
	err := s.ExtendAudit(t.Context(), func(audit.Tail) ([]audit.Row, audit.Mark) {
		var rows []audit.Row
		for i, h := range hours {
			rows = append(rows, audit.Row{Seq: int64(i + 1), Hash: "h", Body: "{}", Index: audit.Index{
				At: start.Add(time.Duration(h) * time.Hour), Type: fmt.Sprint("t", i%2),
			}})
		}
		return rows, audit.Mark{Seq: int64(len(rows)), Hash: "h"}
	})
	if err != nil {
		t.Fatal(err)
	}
	at := func(h int) time.Time { return start.Add(time.Duration(h) * time.Hour) }
	tests := []struct {
		name  string
		query audit.Query
		want  string
	}{
		{"from a time on", audit.Query{From: at(4)}, "[9 7 6 5 4]"},
		{"until a time", audit.Query{To: at(2)}, "[8 1]"},
		{"between two", audit.Query{From: at(2), To: at(5)}, "[7 5 3 2]"},
		{"of a type between two", audit.Query{From: at(2), To: at(5), Type: "t0"}, "[7 5 3]"},
		{"at none", audit.Query{From: at(7), To: at(8)}, "[]"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := seqs(t.Context(), t, s, test.query, 0); got != test.want {
				t.Errorf("records %s, want %s", got, test.want)
			}
		})
	}
	if got := seqs(t.Context(), t, s, audit.Query{From: at(2), To: at(5)}, 5); got != "[3 2]" {
		t.Errorf("the page before 5 has %s", got)
	}
}

func seqs(ctx context.Context, t *testing.T, s *Store, q audit.Query, before int64) string {
	t.Helper()
	rows, err := s.FindAudit(ctx, q, before, 100)
	if err != nil {
		t.Fatal(err)
	}
	all := []int64{}
	for _, r := range rows {
		all = append(all, r.Seq)
	}
	return fmt.Sprint(all)
}
