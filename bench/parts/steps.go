package parts

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/ringtail-id/ringtail/bench/proc"
	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/drivers"
	"github.com/ringtail-id/ringtail/loops/sandbox"
)

const (
	warmSteps     = 2000
	coldWorkers   = 20
	parallelSteps = 6000
)

// stepLimit is what the median of a warm step must stay under, on a machine whose empty round trip takes at most
// usualTrip. A slower machine, or one that others use, is allowed as much more as its empty round trip takes.
const (
	stepLimit = time.Millisecond
	usualTrip = 200 * time.Microsecond
)

// measureSteps tells what one step costs beside an empty round trip to a worker, and fails where a warm step is too slow.
func measureSteps(ctx context.Context, binary string) ([]figure, error) {
	pool, err := newPool(binary, runtime.NumCPU())
	if err != nil {
		return nil, err
	}
	defer pool.Close()
	question, err := exampleQuestion()
	if err != nil {
		return nil, err
	}
	warm := func() error { return oneStep(ctx, pool, question) }
	empty := func() error { _, err := pool.Check(ctx, question.Driver.File, question.Driver.Source); return err }
	trip, tripNote, err := spread(warmSteps, empty)
	if err != nil {
		return nil, err
	}
	one, oneNote, err := spread(warmSteps, warm)
	if err != nil {
		return nil, err
	}
	procedure, err := javaQuestion(question)
	if err != nil {
		return nil, err
	}
	java, javaNote, err := spread(warmSteps/4, func() error { return oneStep(ctx, pool, procedure) })
	if err != nil {
		return nil, err
	}
	cold, coldNote, err := spread(coldWorkers, func() error { return coldStep(ctx, binary, question) })
	if err != nil {
		return nil, err
	}
	rate, err := parallel(parallelSteps, warm)
	if err != nil {
		return nil, err
	}
	limit := max(stepLimit, stepLimit*trip.median/usualTrip)
	if one.median >= limit {
		return nil, fmt.Errorf("a warm step takes %v in the median, want less than %v (an empty round trip takes %v)", one.median, limit, trip.median)
	}
	return []figure{
		{"worker: empty round trip", trip.cost, tripNote},
		{"worker: warm step", one.cost, oneNote + fmt.Sprintf(", held under %v", limit.Round(time.Microsecond))},
		{"worker: warm step of a Java procedure", java.cost, javaNote},
		{"worker: cold, with its first step", cold.cost, coldNote},
		{"worker: warm steps on all processors", rate.cost, fmt.Sprintf("%.0f steps/s", rate.perSecond)},
	}, nil
}

// WarmStep is the wall time of a step of the example driver in a warm worker, the median.
func WarmStep(ctx context.Context, binary string) (time.Duration, error) {
	pool, err := newPool(binary, 1)
	if err != nil {
		return 0, err
	}
	defer pool.Close()
	question, err := exampleQuestion()
	if err != nil {
		return 0, err
	}
	one, _, err := spread(warmSteps/4, func() error { return oneStep(ctx, pool, question) })
	return one.median, err
}

func newPool(binary string, size int) (*sandbox.Pool, error) {
	return sandbox.New(sandbox.Options{Command: []string{binary, "loop-worker"}, Size: size, Now: time.Now})
}

// exampleQuestion asks for the first step of the example driver.
func exampleQuestion() (loops.Question, error) {
	driver, err := exampleDriver()
	if err != nil {
		return loops.Question{}, err
	}
	q := loops.Question{
		Driver: driver, Entry: loops.EntryStart, Input: []byte(`{"phone_number":"` + number + `","code_length":4}`),
		Secrets: map[string]string{"token": "bench"}, Now: time.Now(),
	}
	_, err = rand.Read(q.Seed[:])
	return q, err
}

// javaQuestion asks the same of the example in Java.
func javaQuestion(q loops.Question) (loops.Question, error) {
	driver, err := drivers.ReadFolder(filepath.Join("examples", "drivers", "blitz-flashcall"))
	q.Driver = driver
	return q, err
}

func oneStep(ctx context.Context, pool *sandbox.Pool, q loops.Question) error {
	action, err := pool.Step(ctx, q)
	if err == nil && action.Request == nil {
		return fmt.Errorf("the example driver wanted no request")
	}
	return err
}

// coldStep starts a worker, confined as always, and has it do one step.
func coldStep(ctx context.Context, binary string, q loops.Question) error {
	pool, err := newPool(binary, 1)
	if err != nil {
		return err
	}
	defer pool.Close()
	return oneStep(ctx, pool, q)
}

// timed is one operation's processor time, workers included, and the median of its wall times.
type timed struct{ cost, median time.Duration }

func spread(n int, operation func() error) (timed, string, error) {
	for range min(n, 50) { // warms up
		if err := operation(); err != nil {
			return timed{}, "", err
		}
	}
	before, err := proc.Used(os.Getpid())
	if err != nil {
		return timed{}, "", err
	}
	walls := make([]time.Duration, n)
	for i := range walls {
		began := time.Now()
		if err := operation(); err != nil {
			return timed{}, "", err
		}
		walls[i] = time.Since(began)
	}
	after, err := proc.Used(os.Getpid())
	if err != nil {
		return timed{}, "", err
	}
	slices.Sort(walls)
	out := timed{cost: (after - before) / time.Duration(n), median: walls[n/2]}
	return out, fmt.Sprintf("wall p50 %.3f ms, p99 %.3f ms", millis(out.median), millis(walls[n*99/100])), nil
}

type throughput struct {
	cost      time.Duration
	perSecond float64
}

// parallel keeps every worker busy.
func parallel(n int, operation func() error) (throughput, error) {
	before, err := proc.Used(os.Getpid())
	if err != nil {
		return throughput{}, err
	}
	began := time.Now()
	var group errgroup.Group
	group.SetLimit(2 * runtime.NumCPU())
	for range n {
		group.Go(operation)
	}
	if err := group.Wait(); err != nil {
		return throughput{}, err
	}
	wall := time.Since(began)
	after, err := proc.Used(os.Getpid())
	return throughput{cost: (after - before) / time.Duration(n), perSecond: float64(n) / wall.Seconds()}, err
}

func millis(d time.Duration) float64 { return float64(d) / 1e6 }
