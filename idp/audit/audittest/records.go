package audittest

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/ringtail-id/ringtail/idp/audit"
)

// Records keeps a trail in memory, for tests without a database. The zero value is
// empty and ready; it is safe for concurrent use.
type Records struct {
	mu    sync.Mutex
	rows  []audit.Row
	tail  audit.Tail
	fault error
	held  chan struct{}
}

var _ audit.Records = (*Records)(nil)

// Break makes writes fail from now on; nil mends it.
func (r *Records) Break(fault error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.fault = fault
}

// Hold makes writes wait until release is called.
func (r *Records) Hold() (release func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	held := make(chan struct{})
	r.held = held
	return sync.OnceFunc(func() {
		r.mu.Lock()
		r.held = nil
		r.mu.Unlock()
		close(held)
	})
}

// ExtendAudit implements audit.Records.
func (r *Records) ExtendAudit(_ context.Context, extend func(audit.Tail) ([]audit.Row, audit.Mark)) error {
	r.mu.Lock()
	held := r.held
	r.mu.Unlock()
	if held != nil {
		<-held
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.fault != nil {
		return r.fault
	}
	rows, head := extend(r.tail)
	r.rows = append(r.rows, rows...)
	r.tail.Head = head
	if n := len(r.rows); n > 0 {
		r.tail.Last = r.rows[n-1].Seq
	}
	return nil
}

// AuditTail implements audit.Reading.
func (r *Records) AuditTail(context.Context) (audit.Tail, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.tail, nil
}

// AuditChain implements audit.Reading.
func (r *Records) AuditChain(_ context.Context, after int64, limit int) ([]audit.Row, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []audit.Row
	for _, row := range r.rows {
		if row.Seq > after && len(out) < limit {
			out = append(out, row)
		}
	}
	return out, nil
}

// FindAudit implements audit.Reading.
func (r *Records) FindAudit(_ context.Context, q audit.Query, before int64, limit int) ([]audit.Row, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []audit.Row
	for _, row := range slices.Backward(r.rows) {
		if (before == 0 || row.Seq < before) && q.Wants(row.Index) && len(out) < limit {
			out = append(out, row)
		}
	}
	return out, nil
}

// SweepAudit implements audit.Records.
func (r *Records) SweepAudit(_ context.Context, before time.Time, limit int, anchor func(audit.Row) audit.Mark) (int, audit.Mark, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := 0
	for n < len(r.rows)-1 && n < limit && r.rows[n].At.Before(before) {
		n++
	}
	if n == 0 {
		return 0, audit.Mark{}, nil
	}
	r.tail.Anchor = anchor(r.rows[n-1])
	r.rows = slices.Clone(r.rows[n:])
	return n, r.tail.Anchor, nil
}

// Change changes the row of that Seq, as whoever has the database could.
func (r *Records) Change(seq int64, change func(*audit.Row)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range r.rows {
		if r.rows[i].Seq == seq {
			change(&r.rows[i])
		}
	}
}
