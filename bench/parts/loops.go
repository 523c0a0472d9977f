package parts

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"time"

	"github.com/ringtail-id/ringtail/bench/proc"
	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/drivers"
	"github.com/ringtail-id/ringtail/loops/host"
	"github.com/ringtail-id/ringtail/loops/tokens"
)

// provider answers every request of the driver at once, without a network, so
// that a run costs what the script and its worker cost.
type provider struct{}

func (provider) Exchange(context.Context, *loops.Driver, loops.Request) (*loops.Answer, error) {
	return &loops.Answer{Status: 200, Body: `{"SenderID":"74951230042"}`}, nil
}

// measureLoops runs the example driver: two steps a run.
func measureLoops(ctx context.Context, binary string) ([]figure, error) {
	pool, err := newPool(binary, 0)
	if err != nil {
		return nil, err
	}
	defer pool.Close()
	driver, err := exampleDriver()
	if err != nil {
		return nil, err
	}
	runner := host.New(host.Options{Steps: pool, Requests: provider{}, Tokens: tokens.New(tokens.Options{Store: &tokens.Memory{}}), Limits: pool.Limits(), Now: time.Now, Rand: rand.Reader})
	job := loops.Job{
		Driver: driver, Entry: loops.EntryStart,
		Input: map[string]any{loops.InputPhone: number, loops.InputCodeLength: 4}, Secrets: map[string]string{"token": "bench"},
	}
	runs := func(n int) error {
		for range n {
			if _, err := runner.Run(ctx, job); err != nil {
				return fmt.Errorf("running the example driver: %w", err)
			}
		}
		return nil
	}
	if err := runs(20); err != nil { // warms up
		return nil, err
	}
	before, err := proc.Used(os.Getpid())
	if err != nil {
		return nil, err
	}
	began := time.Now()
	if err := runs(loopRuns); err != nil {
		return nil, err
	}
	wall := time.Since(began) / loopRuns
	after, err := proc.Used(os.Getpid())
	return []figure{{"loop run (example driver, 2 warm steps)", (after - before) / loopRuns, fmt.Sprintf("%.2f ms of wall time", float64(wall)/1e6)}}, err
}

func exampleDriver() (*loops.Driver, error) {
	shipped, err := drivers.Shipped()
	if err != nil {
		return nil, err
	}
	for _, d := range shipped {
		if d.Name == "example" {
			return d, nil
		}
	}
	return nil, fmt.Errorf("the example driver does not ship")
}
