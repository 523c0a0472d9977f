// Command bench measures what a provider costs: processor time of the server,
// not wall time, so that a busy machine doesn't change the result much, and
// beside it the cost of signatures and password hashes in the same run, so
// that machines can be compared by ratio.
//
// It builds the binary, runs `ringtail serve` with a virtual phone of its own,
// all on loopback, and signs in a bounded number of times.
package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"text/tabwriter"
	"time"
)

// How often each operation is done. More only makes the figures steadier.
const (
	logins    = 60
	refreshes = 300
	loopRuns  = 500
)

// figure is one line of the result.
type figure struct {
	name string
	cost time.Duration // processor time of one operation
	note string
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) (err error) {
	folder, err := os.MkdirTemp("", "ringtail-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	binary := filepath.Join(folder, "ringtail")
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", binary, "./cmd/ringtail")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return fmt.Errorf("building the binary: %w", err)
	}
	signatures, err := measureSignatures()
	if err != nil {
		return err
	}
	hash := measureHash()
	served, err := measureServer(ctx, folder, binary, hash.bench)
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
	figures := slices.Concat(served, budgets, looped, stepped)
	figures = append(figures, figure{"password hash (argon2id, 19 MiB, 2 passes)", hash.standard, "by default"})
	print(append(figures, signatures...), signatures[1].cost)
	return nil
}

// print shows each cost, and as a multiple of an ES256 signature.
func print(figures []figure, unit time.Duration) {
	fmt.Printf("Processor time of one operation; %s, %d processors, %s\n\n", runtime.Version(), runtime.NumCPU(), runtime.GOARCH)
	t := tabwriter.NewWriter(os.Stdout, 0, 4, 2, ' ', 0)
	fmt.Fprintln(t, "operation\tms\tES256 signatures\t")
	for _, f := range figures {
		fmt.Fprintf(t, "%s\t%.3f\t%.1f\t%s\n", f.name, float64(f.cost)/1e6, float64(f.cost)/float64(unit), f.note)
	}
	t.Flush()
}
