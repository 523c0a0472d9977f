package audit_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/audit/audittest"
	"github.com/ringtail-id/ringtail/idp/keyring"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func ring(t testing.TB) *keyring.Keyring {
	k, err := keyring.New([]byte(strings.Repeat("k", keyring.MasterKeyBytes)), nil)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// world is a journal and what it writes to.
type world struct {
	*audit.Journal
	records *audittest.Records
	log     *bytes.Buffer
}

func newWorld(t *testing.T, change func(*audit.Options)) *world {
	t.Helper()
	w := &world{records: &audittest.Records{}, log: &bytes.Buffer{}}
	o := audit.Options{
		Records: w.records, Keyring: ring(t), Now: func() time.Time { return noon }, Retry: time.Millisecond,
		Log: slog.New(slog.NewTextHandler(w.log, nil)),
	}
	if change != nil {
		change(&o)
	}
	j, err := audit.NewJournal(o)
	if err != nil {
		t.Fatal(err)
	}
	w.Journal = j
	t.Cleanup(func() { _ = j.Close(t.Context()) })
	return w
}

// end closes the journal and gives what was written.
func (w *world) end(t *testing.T) []audit.Row {
	t.Helper()
	if err := w.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	rows, err := w.records.AuditChain(t.Context(), 0, 10_000)
	if err != nil {
		t.Fatal(err)
	}
	report, err := audit.NewChain(ring(t)).Verify(t.Context(), w.records)
	if err != nil || len(report.Faults) > 0 || report.Records != int64(len(rows)) {
		t.Errorf("%+v, %v", report, err)
	}
	return rows
}

func TestRecords(t *testing.T) {
	audittest.Run(t, func(*testing.T) audit.Records { return &audittest.Records{} })
}

func TestBodyIsBlitzs(t *testing.T) {
	w := newWorld(t, nil)
	w.Record(t.Context(), audit.Event{
		Type: "login", Subject: "u1", Object: "u2", IP: netip.MustParseAddr("192.0.2.7"), UserAgent: "Lynx", ClientID: "shop", AuthMethod: "client_secret_basic",
		Procedure: "l1", SessionID: "s1", Params: map[string]any{"b": []string{"x"}, "a": 1},
	})
	w.Record(t.Context(), audit.Event{Type: "six", IP: netip.MustParseAddr("2001:db8::1%eth0")})
	w.Record(t.Context(), audit.Event{Type: "mapped", IP: netip.MustParseAddr("::ffff:192.0.2.7")})
	w.Record(audit.WithOrigin(t.Context(), audit.Origin{IP: netip.MustParseAddr("198.51.100.1"), UserAgent: "w3m"}), audit.Event{Type: "from"})
	w.Record(t.Context(), audit.Event{Type: "long", UserAgent: strings.Repeat("a", 255) + "ы", Params: map[string]any{"x": strings.Repeat("x", 40<<10)}})
	w.Record(t.Context(), audit.Event{Type: "odd", Params: map[string]any{"x": make(chan int)}})
	want := []string{
		`{"type":"login","ts":1772366400000,"sbj":"u1","obj":"u2","ip":3221225991,"ua":"Lynx","cId":"shop","cAthM":"client_secret_basic","lpId":"l1","sid":"s1","prms":{"a":1,"b":["x"]}}`,
		`{"type":"six","ts":1772366400000,"ip":"2001:db8::1"}`,
		`{"type":"mapped","ts":1772366400000,"ip":3221225991}`,
		`{"type":"from","ts":1772366400000,"ip":3325256705,"ua":"w3m"}`,
		`{"type":"long","ts":1772366400000,"ua":"` + strings.Repeat("a", 255) + `","prms":{"left_out":40968}}`,
		`{"type":"odd","ts":1772366400000,"prms":{"left_out":0}}`,
	}
	for i, row := range w.end(t) {
		if row.Body != want[i] {
			t.Errorf("got  %s\nwant %s", row.Body, want[i])
		}
		if rec, err := row.Record(); err != nil || rec.Type != row.Type || rec.UserAgent == "" != (row.Type != "login" && row.Type != "from" && row.Type != "long") {
			t.Errorf("%+v, %v", rec, err)
		}
	}
}

// A full queue makes callers wait, and loses nothing.
func TestAFullQueueWaits(t *testing.T) {
	w := newWorld(t, func(o *audit.Options) { o.Queue, o.Batch = 4, 2 })
	release := w.records.Hold()
	gone, cancel := context.WithCancel(t.Context())
	cancel() // who hangs up loses no record either
	var all sync.WaitGroup
	for i := range 50 {
		all.Go(func() { w.Record(gone, audit.Event{Type: "kind", Object: fmt.Sprint(i)}) })
	}
	release()
	all.Wait()
	if rows := w.end(t); len(rows) != 50 {
		t.Errorf("%d records", len(rows))
	}
}

// What can't be written is tried again; who appends is told at once.
func TestADatabaseThatIsOut(t *testing.T) {
	for name, batch := range map[string]int{"with room in the batch": 256, "with a full batch": 1} {
		t.Run(name, func(t *testing.T) { databaseOut(t, newWorld(t, func(o *audit.Options) { o.Batch = batch })) })
	}
}

func databaseOut(t *testing.T, w *world) {
	t.Helper()
	out := errors.New("disk full")
	w.records.Break(out)
	w.Record(t.Context(), audit.Event{Type: "recorded"})
	if err := w.Append(t.Context(), audit.Event{Type: "appended"}); !errors.Is(err, out) {
		t.Errorf("appending: %v", err)
	}
	for range 3 { // what waits to be tried again holds nobody up
		if err := w.Append(t.Context(), audit.Event{Type: "appended"}); !errors.Is(err, out) {
			t.Errorf("appending again: %v", err)
		}
	}
	w.records.Break(nil)
	if err := w.Append(t.Context(), audit.Event{Type: "appended later"}); err != nil {
		t.Error(err)
	}
	rows := w.end(t)
	if len(rows) != 2 || rows[0].Type != "recorded" || rows[1].Type != "appended later" {
		t.Errorf("%+v", rows)
	}
}

// A journal that must end leaves to the log what it can't write.
func TestGivingUp(t *testing.T) {
	w := newWorld(t, nil)
	w.records.Break(errors.New("disk full"))
	for range 3 {
		w.Record(t.Context(), audit.Event{Type: "kept in the log"})
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if err := w.Close(over); err != nil {
		t.Error(err)
	}
	w.Record(t.Context(), audit.Event{Type: "too late"})
	if err := w.Append(t.Context(), audit.Event{Type: "too late"}); !errors.Is(err, audit.ErrClosed) {
		t.Error(err)
	}
	if log := w.log.String(); strings.Count(log, "kept in the log") != 3 || strings.Count(log, "too late") != 1 {
		t.Error(log)
	}
}

func TestSkipping(t *testing.T) {
	var told []string
	w := newWorld(t, func(o *audit.Options) {
		o.Skip = func(kind string) bool { return strings.HasPrefix(kind, "token_") }
		o.Committed = func(rows []audit.Row) {
			for _, r := range rows {
				told = append(told, r.Type)
			}
		}
	})
	w.Record(t.Context(), audit.Event{Type: "token_issued"})
	w.Record(t.Context(), audit.Event{Type: "login"})
	if err := w.Append(t.Context(), audit.Event{Type: "token_changed"}); err != nil {
		t.Error(err)
	}
	w.end(t)
	if fmt.Sprint(told) != "[login token_changed]" {
		t.Error(told)
	}
}

// A stranger fills no disk: beyond the bound records are counted, and the count is kept.
func TestStrangersAreBounded(t *testing.T) {
	now := noon
	w := newWorld(t, func(o *audit.Options) {
		o.Now, o.Bounds = func() time.Time { return now }, audit.Bounds{Failures: 3, Begun: 5}
	})
	from := func(kind, ip string, times int) {
		for range times {
			w.Record(t.Context(), audit.Event{Type: kind, IP: netip.MustParseAddr(ip)})
		}
	}
	from(audit.TypeClientFailed, "192.0.2.7", 10)
	from(audit.TypeClientFailed, "192.0.2.8", 2)
	for i := range 9 { // one house, whatever address of it
		from(audit.TypeTokenRefused, fmt.Sprintf("2001:db8::%d", i+1), 1)
	}
	from(audit.TypeLogin, "192.0.2.7", 10)
	now = now.Add(time.Minute)
	from(audit.TypeClientFailed, "192.0.2.7", 1)
	counts := map[string]int{}
	for _, r := range w.end(t) {
		counts[r.Type]++
		if strings.Contains(r.Body, "suppressed") {
			counts[r.Body[strings.Index(r.Body, `"prms"`):]+r.Type]++
		}
	}
	want := map[string]int{
		audit.TypeClientFailed: 3 + 2 + 1 + 1, audit.TypeTokenRefused: 3 + 1, audit.TypeLogin: 10,
		`"prms":{"suppressed":7}}` + audit.TypeClientFailed: 1, `"prms":{"suppressed":6}}` + audit.TypeTokenRefused: 1,
	}
	if fmt.Sprint(counts) != fmt.Sprint(want) {
		t.Errorf("got %v\nwant %v", counts, want)
	}
}

// Where there is no room to wait in, whoever settles still waits no longer than they want.
func TestSettleWithAFullQueue(t *testing.T) {
	w := newWorld(t, func(o *audit.Options) { o.Queue, o.Batch = 1, 1 })
	release := w.records.Hold()
	defer release()
	for range 2 { // one is being written, one waits
		w.Record(t.Context(), audit.Event{Type: audit.TypeLogin})
	}
	soon, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := w.Settle(soon); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("settling: %v", err)
	}
}

// Whoever settles is told when what was recorded before is on disk, and adds nothing.
func TestSettle(t *testing.T) {
	w := newWorld(t, nil)
	release := w.records.Hold()
	w.Record(t.Context(), audit.Event{Type: audit.TypeLogin})
	soon, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := w.Settle(soon); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("nothing is written yet, and it settles: %v", err)
	}
	release()
	for range 2 {
		if err := w.Settle(t.Context()); err != nil {
			t.Error(err)
		}
	}
	if rows, err := w.records.AuditChain(t.Context(), 0, 10); err != nil || len(rows) != 1 {
		t.Errorf("%d records, %v", len(rows), err)
	}
	if err := w.Close(t.Context()); err != nil {
		t.Error(err)
	}
	if err := w.Settle(t.Context()); !errors.Is(err, audit.ErrClosed) {
		t.Errorf("of a closed journal: %v", err)
	}
}

// forgetful loses the answer of the first commit, and is away for a while then.
type forgetful struct {
	*audittest.Records
	writes, reads int
}

func (f *forgetful) ExtendAudit(ctx context.Context, extend func(audit.Tail) ([]audit.Row, audit.Mark)) error {
	f.writes++
	err := f.Records.ExtendAudit(ctx, extend)
	if f.writes == 1 {
		return errors.New("the answer is lost")
	}
	return err
}

func (f *forgetful) AuditChain(ctx context.Context, after int64, limit int) ([]audit.Row, error) {
	f.reads++
	if f.reads < 3 {
		return nil, errors.New("the database is away")
	}
	return f.Records.AuditChain(ctx, after, limit)
}

// What a database has written without being able to say so isn't written again.
func TestAnAnswerOfTheDatabaseIsLost(t *testing.T) {
	w := newWorld(t, func(o *audit.Options) {
		o.Records, o.Retry = &forgetful{Records: o.Records.(*audittest.Records)}, time.Millisecond
	})
	for _, kind := range []string{audit.TypeLogin, audit.TypeTokenIssued} {
		w.Record(t.Context(), audit.Event{Type: kind})
		if err := w.Settle(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	rows, err := w.records.AuditChain(t.Context(), 0, 10)
	if err != nil || len(rows) != 2 {
		t.Errorf("%d records, %v", len(rows), err)
	}
}
