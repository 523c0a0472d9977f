// Package parts owns the costs of single parts beside the flows: signatures and
// password hashes, requests for calls with and without limits, loop runs and
// steps of workers. It does not own the flows (bench/load).
package parts

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"text/tabwriter"
	"time"
)

// loopRuns is how often a loop runs. More only makes the figures steadier.
const loopRuns = 500

// number is the one that is called.
const number = "79990000001"

// figure is one line of the result.
type figure struct {
	name string
	cost time.Duration // processor time of one operation
	note string
}

// Run measures every part and prints a table. The binary is the provider's, which
// loop workers are run from.
func Run(ctx context.Context, binary string, out io.Writer) error {
	folder, err := os.MkdirTemp("", "ringtail-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	signatures, err := measureSignatures()
	if err != nil {
		return err
	}
	looped, err := measureLoops(ctx, binary)
	if err != nil {
		return err
	}
	stepped, err := measureSteps(ctx, binary)
	if err != nil {
		return err
	}
	budgets, err := measureBudgets(ctx, folder)
	if err != nil {
		return err
	}
	hash, err := Hash(2, 19456)
	if err != nil {
		return err
	}
	figures := slices.Concat(budgets, looped, stepped)
	figures = append(figures, figure{"password hash (argon2id, 19 MiB, 2 passes)", hash, "by default"})
	return show(out, append(figures, signatures...), signatures[1].cost)
}

// show tells each cost, and as a multiple of an ES256 signature.
func show(out io.Writer, figures []figure, unit time.Duration) error {
	fmt.Fprintf(out, "Processor time of one operation; %s, %d processors, %s\n\n", runtime.Version(), runtime.NumCPU(), runtime.GOARCH)
	t := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(t, "operation\tms\tES256 signatures\t")
	for _, f := range figures {
		fmt.Fprintf(t, "%s\t%.3f\t%.1f\t%s\n", f.name, float64(f.cost)/1e6, float64(f.cost)/float64(unit), f.note)
	}
	return t.Flush()
}
