package page

import (
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/ringtail-id/ringtail/bench/load"
	"github.com/ringtail-id/ringtail/bench/run"
)

// atOnce is the parallelism that the targets are meant for.
const atOnce = 16

// Table is a report as text.
func Table(r *run.Report) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s; an ES256 signature took %s here, a password hash %s\n\n", machine(r), micros(r.Signature), micros(r.Hash))
	t := tabwriter.NewWriter(&b, 0, 4, 2, ' ', tabwriter.AlignRight)
	for _, s := range r.Servers {
		fmt.Fprintf(t, "%s\tat once\t/s\tp50 ms\tp99 ms\tserver µs\tat most\tgoal\t\n", named(s))
		for _, x := range s.Results {
			fmt.Fprintf(t, "%s\t%d\t%.0f\t%.2f\t%.2f\t%s\t%s\t\n", x.Operation, x.Parallel, x.Rate, millis(x.P50), millis(x.P99), cost(r, s, x), limits(s, x))
		}
		fmt.Fprintln(t, "\t\t\t\t\t\t\t\t")
	}
	t.Flush()
	for _, s := range r.Servers {
		if s.Memory > 0 {
			fmt.Fprintf(&b, "%s: %.1f MB of memory when the load ended, %.1f MB ten seconds later, worker processes %.1f MB", named(s), megabytes(s.Memory), megabytes(s.Rested), megabytes(s.Workers))
			if s.FirstAnswer > 0 {
				fmt.Fprintf(&b, "; first answer %.0f ms after the start", millis(s.FirstAnswer))
			}
			b.WriteString("\n")
		}
	}
	if r.WarmStep > 0 {
		fmt.Fprintf(&b, "warm step of a driver: %.3f ms\n", millis(r.WarmStep))
	}
	return b.String()
}

// Cost is the server's processor time of one operation. The full login's
// password hash, which Ringtail alone makes, is taken off.
func Cost(r *run.Report, s run.Server, x load.Result) time.Duration {
	if x.Operation == load.LoginFull && s.Name == run.Ringtail {
		return x.Cost - r.Hash
	}
	return x.Cost
}

func cost(r *run.Report, s run.Server, x load.Result) string {
	if x.Cost == 0 {
		return "-"
	}
	return fmt.Sprintf("%.0f", float64(Cost(r, s, x))/1e3)
}

func limits(s run.Server, x load.Result) string {
	w, ok := target(x.Operation)
	if !ok || s.Name != run.Ringtail || x.Parallel != atOnce {
		return "\t"
	}
	return fmt.Sprintf("%.0f\t%.0f", w.most, w.goal)
}

func machine(r *run.Report) string {
	return fmt.Sprintf("%s, %d processors (%s), %s/%s", r.Go, r.Machine.Processors, r.Machine.Model, r.Machine.OS, r.Machine.Arch)
}

func named(s run.Server) string {
	if s.Database == "" {
		return s.Name
	}
	return s.Name + ", " + s.Database
}

func millis(d time.Duration) float64 { return float64(d) / 1e6 }
func megabytes(n int64) float64      { return float64(n) / 1e6 }
func micros(d time.Duration) string  { return fmt.Sprintf("%.0f µs", float64(d)/1e3) }
