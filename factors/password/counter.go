package password

import (
	"time"

	"github.com/ringtail-id/ringtail/factors"
)

// take spends one try, before any password is compared; or says how long none
// may be. The block begins with the last try, and the right password lifts it.
func (c *Counter) take(s Settings, now time.Time) *factors.Problem {
	if !now.Before(c.ForgetAt) {
		*c = Counter{}
	}
	if now.Before(c.NotBefore) {
		return wait(c.NotBefore)
	}
	if s.BlockAfter > 0 && c.Failures >= s.BlockAfter {
		c.Failures = 0 // its block is over
	}
	if now.Sub(c.WindowStart) >= s.Throughput.Window {
		c.WindowStart, c.WindowCount = now, 0
	}
	if s.Throughput.Limit > 0 && c.WindowCount >= s.Throughput.Limit {
		return wait(c.WindowStart.Add(s.Throughput.Window))
	}
	c.WindowCount++
	c.Failures++
	c.ForgetAt = now.Add(s.memory())
	if s.BlockAfter > 0 && c.Failures >= s.BlockAfter {
		c.NotBefore = now.Add(s.Block)
	}
	return nil
}

// fail follows a try that was wrong.
func (c *Counter) fail(s Settings, now time.Time) {
	next := now.Add(s.Delay)
	if s.DelayAfter > 0 && c.Failures >= s.DelayAfter && next.After(c.NotBefore) {
		c.NotBefore = next
	}
}

// succeed follows a try that was right. The throughput goes on counting.
func (c *Counter) succeed() {
	c.Failures, c.NotBefore = 0, time.Time{}
}
