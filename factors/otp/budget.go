package otp

import "time"

// renew forgets what was used up once its block is over. The wait between two
// calls goes on: it may be longer than the block.
func (b *Budget) renew(now time.Time) {
	if !b.BlockedUntil.IsZero() && !now.Before(b.BlockedUntil) {
		b.Used, b.BlockedUntil = 0, time.Time{}
	}
}

func (b *Budget) blocked(now time.Time) bool { return now.Before(b.BlockedUntil) }

// spendCall takes one attempt for a call, where at least one more is left for
// its code; otherwise the block begins and it says false.
func (b *Budget) spendCall(s Settings, now time.Time) bool {
	if b.Used+2 > s.TotalAttempts {
		b.BlockedUntil = now.Add(s.Block)
		return false
	}
	b.Used++
	b.called(s, now)
	return true
}

// called begins the wait for the next call: when one is asked for, and anew when
// it was placed, which may have taken long.
func (b *Budget) called(s Settings, now time.Time) { b.NextCall = now.Add(s.ResendAfter) }

// spendEntry takes one attempt for an entered code. The block begins with the
// last one; the right code lifts it again.
func (b *Budget) spendEntry(s Settings, now time.Time) bool {
	left := s.TotalAttempts - b.Used
	if left > 0 {
		b.Used++
	}
	if left <= 1 {
		b.BlockedUntil = now.Add(s.Block)
	}
	return left > 0
}

// success begins everything anew; only what the person agreed to stays.
func (b *Budget) success() { *b = Budget{Agreed: b.Agreed} }
