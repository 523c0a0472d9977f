package password

import (
	"errors"
	"fmt"
	"time"
)

// Settings are what an administrator decides about trying passwords. All of it
// is counted per login name, whether somebody has it or not.
type Settings struct {
	// Throughput allows so many tries in a window; Limit 0 allows any number. As
	// in Blitz, 3 per 600 ms.
	Throughput Throughput
	// DelayAfter is from which failure in a row on the next try must wait for
	// Delay; 0 of either means never. The wait is told, never slept.
	DelayAfter int
	Delay      time.Duration
	// BlockAfter is how many failures in a row block the login name for Block;
	// 0 means never. Failures are forgotten after Block without a try, so nobody
	// tries more than BlockAfter passwords in Block for long.
	BlockAfter int
	Block      time.Duration
}

// Throughput is Limit tries per Window.
type Throughput struct {
	Limit  int
	Window time.Duration
}

// DefaultSettings are the defaults of the settings file: Blitz's throughput, 2 s
// of delay from the third failure on, 10 minutes of block after the tenth.
func DefaultSettings() Settings {
	return Settings{
		Throughput: Throughput{Limit: 3, Window: 600 * time.Millisecond},
		DelayAfter: 3, Delay: 2 * time.Second,
		BlockAfter: 10, Block: 10 * time.Minute,
	}
}

// Validate returns every fault of the settings, joined.
func (s Settings) Validate() error {
	var faults []error
	check := func(ok bool, format string, args ...any) {
		if !ok {
			faults = append(faults, fmt.Errorf(format, args...))
		}
	}
	check(s.Throughput.Limit >= 0, "the throughput's limit must be 0 or more, not %d", s.Throughput.Limit)
	check(s.Throughput.Limit == 0 || s.Throughput.Window > 0, "the throughput's window must be over 0")
	check(s.DelayAfter >= 0, "failures until the delay must be 0 or more, not %d", s.DelayAfter)
	check(s.Delay >= 0, "the delay must not be negative")
	check(s.BlockAfter >= 0, "failures until the block must be 0 or more, not %d", s.BlockAfter)
	check(s.BlockAfter == 0 || s.Block > 0, "the blocking time must be over 0")
	return errors.Join(faults...)
}

// memory is how long a counter may still say something after a try.
func (s Settings) memory() time.Duration {
	return max(s.Block, s.Delay, s.Throughput.Window, time.Minute)
}
