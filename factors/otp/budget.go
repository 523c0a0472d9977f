package otp

import "time"

// renew forgets what was used up once its block is over.
func (b *Budget) renew(now time.Time) {
	if !b.BlockedUntil.IsZero() && !now.Before(b.BlockedUntil) {
		*b = Budget{}
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
	return true
}

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
