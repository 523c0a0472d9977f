package audit_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp/audit"
)

// failing keeps nothing that is appended.
type failing struct{ audit.Nothing }

func (failing) Append(context.Context, audit.Event) error { return errors.New("the disk is full") }

// logged are the records of a log in JSON.
func logged(t *testing.T, log *bytes.Buffer) (records []map[string]any) {
	t.Helper()
	for line := range strings.Lines(log.String()) {
		var r map[string]any
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatal(err)
		}
		records = append(records, r)
	}
	return records
}

func TestWatchedEventsAreLoggedOnce(t *testing.T) {
	var log bytes.Buffer
	var seen []string
	w := audit.Watch(audit.Nothing{}, audit.WatchOptions{Seen: func(e audit.Event) { seen = append(seen, e.Type) }, Log: slog.New(slog.NewJSONHandler(&log, nil))})
	ctx := audit.WithOrigin(t.Context(), audit.Origin{IP: netip.MustParseAddr("192.0.2.7"), UserAgent: "Browser"})
	w.Record(ctx, audit.Event{
		Type: audit.TypeFactorFailed, Subject: "u1", ClientID: "shop", Procedure: "l1", SessionID: "s1",
		Params: map[string]any{"method": "password", "factor": 1, "used_login": "alice@example.org", "phone": "+7 ··· 01"},
	})
	if err := w.Append(ctx, audit.Event{
		Type: audit.TypeUserChanged, Object: "u2", Params: map[string]any{"login": "bob", "before": map[string]any{"name": "Bob"}, "comment": "as he asked"},
	}); err != nil {
		t.Fatal(err)
	}
	w.Record(ctx, audit.Event{Type: audit.TypeTokenReused})
	records := logged(t, &log)
	if len(records) != 3 || !slices.Equal(seen, []string{audit.TypeFactorFailed, audit.TypeUserChanged, audit.TypeTokenReused}) {
		t.Fatalf("seen %v, logged\n%s", seen, &log)
	}
	for name, want := range map[string]any{
		"event": "factor_failed", "msg": "factor_failed", "level": "INFO", "user_id": "u1", "client_id": "shop", "login_id": "l1", "session_id": "s1", "ip": "192.0.2.7",
		"user_agent": "Browser",
	} {
		if records[0][name] != want {
			t.Errorf("%s is %v, want %v", name, records[0][name], want)
		}
	}
	if records[2]["level"] != "WARN" {
		t.Errorf("a reused token is told as %v", records[2]["level"])
	}
	for _, private := range []string{"alice", "bob", "Bob", "asked"} {
		if strings.Contains(log.String(), private) {
			t.Errorf("the log has %q", private)
		}
	}
}

func TestWhatWasNotKeptIsNotTold(t *testing.T) {
	var log bytes.Buffer
	w := audit.Watch(failing{}, audit.WatchOptions{Seen: func(audit.Event) { t.Error("it was counted") }, Log: slog.New(slog.NewTextHandler(&log, nil))})
	if err := w.Append(t.Context(), audit.Event{Type: audit.TypeUserDeleted}); err == nil || log.Len() > 0 {
		t.Errorf("%v, logged %s", err, &log)
	}
}

// Strangers don't fill the log's disk, but all that they do is counted.
func TestTheLogIsBounded(t *testing.T) {
	var log bytes.Buffer
	seen, now := 0, time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)
	w := audit.Watch(audit.Nothing{}, audit.WatchOptions{
		Seen: func(audit.Event) { seen++ }, Log: slog.New(slog.NewJSONHandler(&log, nil)), Now: func() time.Time { return now },
	})
	most := audit.DefaultBounds().Failures
	for range most + 5 {
		w.Record(t.Context(), audit.Event{Type: audit.TypeClientFailed, IP: netip.MustParseAddr("192.0.2.7")})
	}
	now = now.Add(time.Minute)
	w.Record(t.Context(), audit.Event{Type: audit.TypeClientFailed, IP: netip.MustParseAddr("192.0.2.7")})
	records := logged(t, &log)
	if seen != most+6 || len(records) != most+2 {
		t.Fatalf("seen %d, logged %d", seen, len(records))
	}
	if params, _ := records[most]["params"].(map[string]any); params["suppressed"] != 5.0 {
		t.Errorf("the record of those left out has %v", records[most])
	}
}

const eventsHead = `# Events in the log

Generated from the types of events. A node writes one record for each security fact to its log, with ` + "`log.format = json`" + ` one JSON object a line. ` + "`msg` and `event`" + ` are the type; types and names never change.

| member | meaning |
|---|---|
| ` + "`time`, `level`" + ` | when; INFO, and WARN for those below that somebody may be doing to us |
| ` + "`event`" + ` | the type; [audit records](audit.md) says when there is one, with all that it has |
| ` + "`user_id`, `object`" + ` | who acted, and whom or what it was done to |
| ` + "`client_id`, `client_auth`" + ` | the relying party, and how it authenticated |
| ` + "`login_id`, `session_id`" + ` | the login, and the session |
| ` + "`ip`, `user_agent`" + ` | where the request came from |
| ` + "`request_id`" + ` | the request: the answer had it in X-Request-Id, and error pages show it. Every other record that belongs to a request has it too |
| ` + "`trace_id`, `span_id`" + ` | where the request is traced |
| ` + "`params`" + ` | of what the audit record has: %s |

No record has a code, a password, a secret, a token, a whole phone number, the login that somebody typed, or what an account holds.
Failures that strangers cause are bounded as in the audit trail; ` + "`ringtail_events_total`" + ` counts them all.

| event | level |
|---|---|
`

func TestReferencePageOfEvents(t *testing.T) {
	var b strings.Builder
	b.WriteString(strings.Replace(eventsHead, "%s", "`"+strings.Join(audit.LoggedParams(), "`, `")+"`", 1))
	for _, kind := range typesInCode(t) {
		level := "INFO"
		if slices.Contains(audit.Warnings(), kind) {
			level = "WARN"
		}
		b.WriteString("| `" + kind + "` | " + level + " |\n")
	}
	page := filepath.Join("..", "..", "docs", "reference", "events.md")
	if *update {
		if err := os.WriteFile(page, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if was, err := os.ReadFile(page); err != nil || string(was) != b.String() {
		t.Errorf("%s is not what the code says; run go test ./idp/audit -update and read the diff (%v)", page, err)
	}
}
