package page_test

import (
	"flag"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/bench/load"
	"github.com/ringtail-id/ringtail/bench/page"
	"github.com/ringtail-id/ringtail/bench/run"
)

var update = flag.Bool("update", false, "write the golden files anew")

func report() *run.Report {
	at := func(op string, n int, cost time.Duration) load.Result {
		return load.Result{Operation: op, Parallel: n, Count: 100, Rate: 50, P50: 2 * time.Millisecond, P99: 30 * time.Millisecond, Cost: cost}
	}
	return &run.Report{
		When: time.Date(2026, 11, 26, 10, 0, 0, 0, time.UTC), Commit: "abc1234", Go: "go1.26", Machine: run.Machine{Processors: 2, Model: "a model", OS: "linux", Arch: "amd64"},
		Signature: 50 * time.Microsecond, Hash: 7 * time.Millisecond, StandardHash: 30 * time.Millisecond, WarmStep: 700 * time.Microsecond,
		Servers: []run.Server{
			{Name: run.Ringtail, Database: "SQLite, synchronous=FULL", Memory: 70e6, Rested: 60e6, Workers: 90e6, FirstAnswer: 200 * time.Millisecond, Results: []load.Result{
				at(load.Discovery, 1, 90*time.Microsecond), at(load.Discovery, 16, 60*time.Microsecond), at(load.LoginFull, 16, 8500*time.Microsecond), at(load.Userinfo, 16, 130*time.Microsecond),
			}},
			{Name: run.FloorMemory, Results: []load.Result{at(load.Discovery, 16, 30*time.Microsecond), at(load.LoginFull, 16, 300*time.Microsecond)}},
		},
	}
}

func TestPage(t *testing.T) {
	got := page.Markdown(report())
	const golden = "testdata/page.md"
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the page is not %s; look at it with -update", golden)
	}
}

func TestThePasswordHashIsApart(t *testing.T) {
	r := report()
	for name, want := range map[string]time.Duration{run.Ringtail: 1500 * time.Microsecond, run.FloorMemory: 300 * time.Microsecond} {
		for _, s := range r.Servers {
			if s.Name == name {
				if got := page.Cost(r, s, *s.Find(load.LoginFull, 16)); got != want {
					t.Errorf("a full login costs %v at %s, want %v", got, name, want)
				}
			}
		}
	}
}

func TestWhatIsTooMuchIsBold(t *testing.T) {
	got := page.Markdown(report())
	for _, row := range []string{"| userinfo | **130** | 120 |", "| discovery | 60 | 80 |", "| full login | 1500 | 2000 |"} {
		if !strings.Contains(got, row) {
			t.Errorf("the page has no row %s", row)
		}
	}
}
