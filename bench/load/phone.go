package load

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"
)

// How long a call may take, and how often the virtual phone is asked for it.
const (
	ringLimit = 30 * time.Second
	ringPoll  = 3 * time.Millisecond
)

// seen is the last call to a person's phone that was there before.
type seen struct{ last string }

// call is one of the virtual phone's list.
type call struct{ ID, From string }

func (p *person) lastCall(ctx context.Context) (call, error) {
	var list []call
	err := p.client.get(ctx, p.client.target.Phone+"/api/calls?to="+url.QueryEscape(p.account.Phone), "", &list)
	if err != nil || len(list) == 0 {
		return call{}, err
	}
	return list[0], nil
}

// remember notes the last call. Without a virtual phone there is none.
func (s *seen) remember(ctx context.Context, p *person) error {
	if p.client.target.Phone == "" {
		return nil
	}
	last, err := p.lastCall(ctx)
	s.last = last.ID
	return err
}

// await waits for a call that was not there before, and returns its last four digits.
func (s *seen) await(ctx context.Context, p *person) (string, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, ringLimit, errors.New("the phone did not ring"))
	defer cancel()
	for {
		last, err := p.lastCall(ctx)
		if err != nil {
			return "", fmt.Errorf("the virtual phone: %w", err)
		}
		if last.ID != s.last && len(last.From) >= 4 {
			s.last = last.ID
			return last.From[len(last.From)-4:], nil
		}
		select {
		case <-ctx.Done():
			return "", context.Cause(ctx)
		case <-time.After(ringPoll):
		}
	}
}
