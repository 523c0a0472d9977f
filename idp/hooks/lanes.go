package hooks

import (
	"context"
	"errors"
)

// errBusy: as many callbacks wait as may.
var errBusy = errors.New("too many callbacks at once")

// lanes bounds how many callbacks run at once and how many wait for that.
type lanes struct {
	admitted chan struct{} // those that run and those that wait
	running  chan struct{}
}

func newLanes(runs, waiting int) *lanes {
	return &lanes{admitted: make(chan struct{}, runs+waiting), running: make(chan struct{}, runs)}
}

// enter waits for a turn. errBusy where too many wait, or the context's error;
// else leave must be called once.
func (l *lanes) enter(ctx context.Context) (leave func(), err error) {
	select {
	case l.admitted <- struct{}{}:
	default:
		return nil, errBusy
	}
	select {
	case l.running <- struct{}{}:
		return func() { <-l.running; <-l.admitted }, nil
	case <-ctx.Done():
		<-l.admitted
		return nil, ctx.Err()
	}
}
