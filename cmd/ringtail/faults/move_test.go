package faults

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/cmd/ringtail/processtest"
)

// TestKilledMoves moves the database from SQLite to PostgreSQL and back, again and
// again, with people signing in, and kills each move several times before it may end.
func TestKilledMoves(t *testing.T) {
	needsFaults(t)
	server := newPostgres(t)
	w := newWorld(t, setup{people: 8})
	w.load(t)
	w.run(t)
	end := w.crowd(context.Background())
	for i := range runs(4) {
		to := "sqlite:" + filepath.Join(t.TempDir(), "ringtail.db")
		if i%2 == 0 {
			name := fmt.Sprintf("moved%d", i)
			w.execute(t, server.URL("postgres"), "CREATE DATABASE "+name)
			to = server.URL(name)
		}
		w.moveAway(t, to)
	}
	end()
	w.invariants(t)
}

// TestSecondMoves: beside a move that hangs a second one says what to do, and goes on
// once the first one is killed.
func TestSecondMoves(t *testing.T) {
	needsFaults(t)
	server := newPostgres(t)
	w := newWorld(t, setup{people: 1})
	w.load(t)
	for _, to := range []string{server.URL("postgres"), "sqlite:" + filepath.Join(t.TempDir(), "ringtail.db")} {
		_, long := w.tables(t)
		first := w.startMove(t, to)
		w.stopAt(t, first, long)
		_, err := w.startMove(t, to).end()
		if err == nil || strings.Contains(errorsOf(err), "\n") || !strings.Contains(err.Error(), "run this one again when that has ended") {
			w.faults.add("beside a move that hangs another one says: %v", err)
		}
		first.kill()
		if out, err := w.startMove(t, to).end(); err != nil || !strings.Contains(out, "tables are the same on both sides") {
			t.Fatalf("after the move that hung was killed: %s %v", out, err)
		}
		w.faults.count("moves beside one that hangs")
		w.url = to
	}
	w.faults.tell(t)
}

// stopAt has the move hang when so many tables are through.
func (w *world) stopAt(t *testing.T, m *moving, tables int) {
	t.Helper()
	for strings.Count(m.said.String(), " rows\n") < tables {
		if len(m.ended) > 0 {
			t.Fatalf("the move ended: %s", m.said.Tail(500))
		}
		<-time.After(time.Millisecond)
	}
	_ = m.cmd.Process.Signal(syscall.SIGSTOP)
}

// ballast is how many rows make the copying of one table take a while.
const ballast = 50000

func (w *world) load(t *testing.T) {
	t.Helper()
	w.execute(t, w.url, fmt.Sprintf(`INSERT INTO callbacks WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
		SELECT 'ballast ' || i, 9000000000000000 FROM n`, ballast))
}

func (w *world) execute(t *testing.T, url, statement string) {
	t.Helper()
	db := openDatabase(t, url, "rw") // of the test, not of a node
	defer db.Close()
	if _, err := db.Exec(statement); err != nil {
		t.Fatal(err)
	}
}

// moveAway moves the database, killing what moves it at several points of progress;
// then the nodes serve from the new one, as an operator would have it.
func (w *world) moveAway(t *testing.T, to string) {
	t.Helper()
	tables, long := w.tables(t)
	for _, p := range []movePoint{
		{"while it began", 0, 300 * time.Millisecond},
		{"in the first tables", 1, 50 * time.Millisecond},
		{"in the long table", long, 200 * time.Millisecond},
		{"in the long table", long, 200 * time.Millisecond},
		{"in some table", 1 + rand.N(tables-1), 20 * time.Millisecond},
		{"in some table", 1 + rand.N(tables-1), 20 * time.Millisecond},
		{"after the last table", tables, 50 * time.Millisecond},
		{"about the end", tables, sealed},
	} {
		m := w.startMove(t, to)
		w.killAt(t, m, p)
		w.faults.count("moves that were killed " + p.name)
		if !w.afterKill(t, to) {
			break // it had sealed the source
		}
		w.comesBack(t)
	}
	out, err := w.startMove(t, to).end()
	switch {
	case err == nil && strings.Contains(out, "tables are the same on both sides"):
		w.faults.count("moves that ended after they were killed")
	case err == nil && strings.Contains(out, "the move that was broken off has ended"):
		w.faults.count("moves that were killed after they sealed the source, and ended")
	case err != nil && strings.Contains(err.Error(), "set store.url to"):
		w.faults.count("moves that were killed when all was done")
	default:
		t.Fatalf("the move, run again: %v %s", err, out)
	}
	w.serveFrom(t, to)
}

// movePoint is when a move is killed: so many tables are through, and up to after more,
// or the source is sealed.
type movePoint struct {
	name   string
	tables int
	after  time.Duration
}

// sealed as a movePoint's time is when the source is.
const sealed time.Duration = 0

// moving is a process of db move.
type moving struct {
	cmd   *exec.Cmd
	out   bytes.Buffer
	said  *processtest.Lines
	ended chan error
}

func (w *world) startMove(t *testing.T, to string) *moving {
	t.Helper()
	m := &moving{cmd: exec.Command(w.binary, "db", "move", "--from", w.url, "--to", to), said: &processtest.Lines{}, ended: make(chan error, 1)}
	m.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	m.cmd.Stdout, m.cmd.Stderr = &m.out, m.said
	if err := m.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { m.ended <- m.cmd.Wait() }()
	return m
}

func (w *world) killAt(t *testing.T, m *moving, p movePoint) {
	t.Helper()
	wait := func(so func() bool) {
		for !so() && len(m.ended) == 0 {
			<-time.After(time.Millisecond)
		}
	}
	wait(func() bool { return strings.Count(m.said.String(), " rows\n") >= p.tables })
	if p.after == sealed {
		db := w.open(t)
		defer db.Close()
		wait(func() bool { return one(t, db, "SELECT count(*) FROM moves") > 0 })
	} else {
		<-time.After(rand.N(p.after))
	}
	m.kill()
}

func (m *moving) kill() {
	_ = m.cmd.Process.Kill()
	m.ended <- <-m.ended
}

// end waits for the move; its error is what it said.
func (m *moving) end() (string, error) {
	if err := <-m.ended; err != nil {
		return m.out.String(), errors.Join(err, errors.New(m.said.Tail(2000)))
	}
	return m.out.String(), nil
}

// afterKill looks at both databases. True: the source is to be served on, and the
// target by nobody; false: the source refuses, and says what to do.
func (w *world) afterKill(t *testing.T, to string) bool {
	t.Helper()
	source, err := w.inspect(w.url)
	if err != nil || len(source.Faults) > 0 {
		t.Fatalf("the source, after a kill: %+v %v", source, err)
	}
	if source.Refusal != "" {
		if !strings.Contains(source.Refusal, "set store.url to") {
			w.faults.add("a source that is sealed says %q", source.Refusal)
		}
		if out, err := w.command("", "user", "list"); err == nil || strings.Contains(errorsOf(err), "\n") {
			w.faults.add("a node on a source that is sealed: %s %v", out, err)
		}
		return false
	}
	if out, err := w.command("", "user", "list"); err != nil {
		w.faults.add("the source of a move that was killed doesn't open: %v %s", err, out)
	}
	target, err := w.inspect(to)
	switch {
	case err != nil && !strings.Contains(err.Error(), "there is no database"):
		w.faults.add("the target of a move that was killed: %v", err)
	case err == nil && target.Refusal == "" && target.rows() > 0:
		w.faults.add("two databases with rows can be served from")
	case err == nil && target.Refusal != "" && !strings.Contains(target.Refusal, "run it again"):
		w.faults.add("the target of a move that was killed says %q", target.Refusal)
	}
	return true
}

// errorsOf is the command's own text, without the exit status.
func errorsOf(err error) string {
	_, text, _ := strings.Cut(err.Error(), "\n")
	return strings.TrimSpace(text)
}

// inspection is what db check tells.
type inspection struct {
	Refusal string
	Faults  []struct{ Check, What string }
	Tables  []struct {
		Name string
		Rows int
	}
}

func (i inspection) rows() (n int) {
	for _, t := range i.Tables {
		n += t.Rows
	}
	return n
}

func (w *world) inspect(url string) (found inspection, err error) {
	cmd := exec.Command(w.binary, "db", "check", "--url", url, "--json")
	var fault bytes.Buffer
	cmd.Stderr = &fault
	out, err := cmd.Output()
	if len(out) == 0 {
		return found, errors.Join(err, errors.New(strings.TrimSpace(fault.String())))
	}
	return found, json.Unmarshal(out, &found)
}

// tables is their number, and how many are moved before the one that takes long.
func (w *world) tables(t *testing.T) (all, beforeLong int) {
	t.Helper()
	found, err := w.inspect(w.url)
	if err != nil {
		t.Fatal(err)
	}
	for i, table := range found.Tables {
		if table.Name == "callbacks" {
			beforeLong = i
		}
	}
	if len(found.Tables) < 40 || beforeLong == 0 {
		t.Fatalf("%d tables, %d before the long one", len(found.Tables), beforeLong)
	}
	return len(found.Tables), beforeLong
}

// serveFrom writes the database's URL into the settings and starts every node anew.
func (w *world) serveFrom(t *testing.T, url string) {
	t.Helper()
	text, err := os.ReadFile(w.conf)
	if err == nil {
		err = os.WriteFile(w.conf, bytes.ReplaceAll(text, []byte(`"`+w.url+`"`), []byte(`"`+url+`"`)), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range w.nodes {
		if status := n.readyz(); status != 503 {
			w.faults.add("a node whose database was moved away says %d at /readyz", status)
		}
		if err := errors.Join(n.terminate(time.Minute), n.start(), n.serving(time.Minute)); err != nil {
			t.Fatal(err)
		}
	}
	w.url = url
	db := w.open(t)
	defer db.Close()
	for _, finding := range w.acks.copy().missing(t, db) {
		w.faults.add("after a move: %s", finding)
	}
	if n := one(t, db, "SELECT count(*) FROM callbacks WHERE digest LIKE 'ballast %'"); n != ballast {
		w.faults.add("%d rows of %d arrived", n, ballast)
	}
	w.comesBack(t)
}
