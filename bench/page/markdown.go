package page

import (
	"fmt"
	"strings"

	"github.com/ringtail-id/ringtail/bench/load"
	"github.com/ringtail-id/ringtail/bench/run"
)

// Markdown is a report as the page docs/reference/performance.md.
func Markdown(r *run.Report) string {
	var b strings.Builder
	fmt.Fprintf(&b, intro, r.When.Format("2 January 2006"), at(r), machine(r), micros(r.Signature))
	writeTargets(&b, r)
	writeRest(&b, r)
	b.WriteString("\n## Every figure\n")
	for _, s := range r.Servers {
		writeServer(&b, r, s)
	}
	b.WriteString(outro)
	return b.String()
}

const intro = `# Performance

<!-- Made by "go run ./bench page" from bench/report.json. Don't edit it. -->

What Ringtail costs: the processor time that the server and its worker processes use for one operation. On a machine that others use too it is steadier than time that passes. Server and load have one processor each. ID tokens are signed with ES256, the database is written through to the disk at every commit, and the load checks every answer.

Measured on %s%s with %s. An ES256 signature took %s of processor time there: where it takes longer, everything does. Figures of one run can be compared with each other; those of another machine, or of this one while others use it, only through the floor.

- **floor**: a server that does nothing but the flow (` + "`bench/floor`" + `), measured in the same run.
- **peers**: measured once, beside each other, on a machine of the same size: the same kind of floor in memory and on SQLite, the example of zitadel/oidc, which keeps everything in memory, and Dex on SQLite with RS256.

## At 16 at once, in µs

`

const outro = `
## Run it yourself

` + "```sh" + `
make bench                                        # a minute: 1, 16 and 64 at once for a second each
go run ./bench --floor --for 5s --json bench/report.json && go run ./bench page   # this page
go run ./bench --store 'postgres://user@host/db'  # an empty database on PostgreSQL
go run ./bench --at-once 16 --only refresh --cpuprofile profiles   # a processor profile of the server
go run ./bench parts                              # signatures, hashes, budgets, loops and workers by themselves
go run ./bench --target https://id.example --client ID --secret S --redirect URI --account LOGIN:PASSWORD
` + "```" + `

The last one puts the load on any provider whose login is a form; ` + "`--pid`" + ` tells whose processor time is to be read, ` + "`--login-field`" + ` and ` + "`--password-field`" + ` how the inputs are called. ` + "`go run ./bench --help`" + ` has the rest. [speed.md](../explanation/speed.md) tells where the time goes.
`

func at(r *run.Report) string {
	if r.Commit == "" {
		return ""
	}
	return ", at " + r.Commit + ","
}

// writeTargets is the table of what was wanted and what it is.
func writeTargets(b *strings.Builder, r *run.Report) {
	ours, memory, sqlite := find(r, run.Ringtail), find(r, run.FloorMemory), find(r, run.FloorSQLite)
	b.WriteString("| operation | Ringtail | at most | goal | floor in memory | floor on SQLite | peers: floor in memory | on SQLite | zitadel's example | Dex |\n|---|---|---|---|---|---|---|---|---|---|\n")
	for _, w := range targets() {
		fmt.Fprintf(b, "| %s | %s | %.0f | %.0f | %s | %s | %s | %s | %s | %s |\n", w.operation, verdict(r, ours, w), w.most, w.goal,
			at16(r, memory, w.operation), at16(r, sqlite, w.operation), known(w.memory), known(w.sqlite), known(w.example), known(w.dex))
	}
	fmt.Fprintf(b, "\nA full login is by password and call, from the authorization request to checked tokens; it is without its password hash, which took %s in this run with the smallest parameters, and takes %s with those that count by default. The floors and the example place no call.\n",
		micros(r.Hash), micros(r.StandardHash))
}

// verdict is the cost, bold where it is more than it may be.
func verdict(r *run.Report, s *run.Server, w wanted) string {
	text := at16(r, s, w.operation)
	if s == nil || text == "-" {
		return text
	}
	if float64(Cost(r, *s, *s.Find(w.operation, atOnce)))/1e3 > w.most {
		return "**" + text + "**"
	}
	return text
}

func find(r *run.Report, name string) *run.Server {
	for i := range r.Servers {
		if r.Servers[i].Name == name {
			return &r.Servers[i]
		}
	}
	return nil
}

func at16(r *run.Report, s *run.Server, operation string) string {
	if s == nil {
		return "-"
	}
	x := s.Find(operation, atOnce)
	if x == nil {
		return "-"
	}
	return cost(r, *s, *x)
}

func known(µs float64) string {
	if µs == 0 {
		return "-"
	}
	return fmt.Sprintf("%.0f", µs)
}

// writeRest is what is no operation.
func writeRest(b *strings.Builder, r *run.Report) {
	s := find(r, run.Ringtail)
	if s == nil {
		return
	}
	b.WriteString("\n## Memory, start and loops\n\n| | measured | at most |\n|---|---|---|\n")
	fmt.Fprintf(b, "| memory of the server when the load ends | %.0f MB | %d MB |\n", megabytes(s.Memory), mostMemory)
	fmt.Fprintf(b, "| ten seconds after it, at rest | %.0f MB | %d MB |\n", megabytes(s.Rested), mostMemory)
	fmt.Fprintf(b, "| memory of its idle worker processes, shared pages counted for each | %.0f MB | |\n", megabytes(s.Workers))
	fmt.Fprintf(b, "| first answer after the start | %.0f ms | %d ms |\n", millis(s.FirstAnswer), mostStart)
	fmt.Fprintf(b, "| a step of a driver in a warm worker, time that passes | %.2f ms | %d ms |\n", millis(r.WarmStep), mostStep)
}

func writeServer(b *strings.Builder, r *run.Report, s run.Server) {
	fmt.Fprintf(b, "\n### %s\n\n| operation | at once | per second | p50 ms | p99 ms | server µs | refused |\n|---|---|---|---|---|---|---|\n", named(s))
	for _, x := range s.Results {
		fmt.Fprintf(b, "| %s | %d | %.0f | %.2f | %.2f | %s | %d |\n", x.Operation, x.Parallel, x.Rate, millis(x.P50), millis(x.P99), cost(r, s, x), x.Refused)
	}
	if s.Find(load.LoginFull, atOnce) != nil && s.Name == run.Ringtail {
		b.WriteString("\nPer second and the times are with the password hash and the call.\n")
	}
}
