package password

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Standing is how a login name stands with the limits, for administrators.
type Standing struct {
	// Failures in a row, of BlockAfter that block; 0 of the latter: none do.
	Failures, BlockAfter int
	// Until is when the next password is looked at; zero where it is now.
	Until time.Time
	// Blocked says that Until is the end of a block, and not of a short wait.
	Blocked bool
}

// errLooked ends a transaction that only reads.
var errLooked = errors.New("only looked at")

// Standing tells how the login name stands, whether somebody has it or not. It
// changes nothing.
func (m *Method) Standing(ctx context.Context, login string) (Standing, error) {
	var c Counter
	err := m.options.Store.UpdateCounter(ctx, m.key(login), func(kept *Counter) error {
		c = *kept
		return errLooked
	})
	if err != nil && !errors.Is(err, errLooked) {
		return Standing{}, fmt.Errorf("reading how a login name stands: %w", err)
	}
	s, now := m.options.Settings(), m.options.Now()
	st := Standing{BlockAfter: s.BlockAfter}
	if !now.Before(c.ForgetAt) {
		return st, nil
	}
	st.Failures = c.Failures
	if now.Before(c.NotBefore) {
		st.Until, st.Blocked = c.NotBefore, s.BlockAfter > 0 && c.Failures >= s.BlockAfter
	}
	return st, nil
}

// Lift forgets the failures of the login name, with the wait or block that follows.
func (m *Method) Lift(ctx context.Context, login string) error {
	err := m.options.Store.UpdateCounter(ctx, m.key(login), func(c *Counter) error {
		c.succeed()
		return nil
	})
	if err != nil {
		return fmt.Errorf("lifting the block of a login name: %w", err)
	}
	return nil
}

// key stands for the login name in the store and in the log.
func (m *Method) key(login string) string {
	return m.options.Hash("password login", m.options.Normalize(login))
}
