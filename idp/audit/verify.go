package audit

import (
	"context"
	"fmt"
)

// Faults that Verify finds.
const (
	FaultChanged = "the record is not what was written, or not at its place"
	FaultMissing = "records before this one are missing"
	FaultCut     = "the last records are missing"
	FaultForged  = "the record was added by somebody without the key"
	FaultHead    = "the head was not written by this installation"
	FaultAnchor  = "the anchor was not written by this installation"
	FaultNoted   = "the record isn't the one that was noted elsewhere"
)

// Fault is one place where the trail isn't whole.
type Fault struct {
	Seq    int64
	Reason string
}

// Report is what Verify found.
type Report struct {
	Records     int64
	First, Last int64   // Seq of the records that are there; 0 without any
	Head        Mark    // where the trail ends; worth noting elsewhere
	Faults      []Fault // in order; the first maxFaults of them
}

// maxFaults bounds a report: who wants to know more has a backup to compare with.
const maxFaults = 100

// verifyBatch is how many rows are read at a time.
const verifyBatch = 500

// Verify reads the whole trail and checks every hash. noted are marks that were
// noted elsewhere, by Seq and Hash alone: a trail that was put back as a whole to
// what it was before shows by them only.
//
// Records that are written or swept meanwhile do no harm.
func (c Chain) Verify(ctx context.Context, records Reading, noted ...Mark) (Report, error) {
	v := &verifier{chain: c, records: records, noted: map[int64]string{}}
	for _, m := range noted {
		v.noted[m.Seq] = m.Hash
	}
	if err := v.run(ctx); err != nil {
		return Report{}, fmt.Errorf("checking the audit trail: %w", err)
	}
	return v.report, nil
}

type verifier struct {
	chain   Chain
	records Reading
	noted   map[int64]string
	report  Report
	seq     int64  // of the record before
	hash    string // likewise
}

func (v *verifier) run(ctx context.Context) error {
	tail, err := v.records.AuditTail(ctx)
	if err != nil {
		return err
	}
	v.begin(tail.Anchor)
	for {
		if err := v.read(ctx); err != nil {
			return err
		}
		if tail, err = v.records.AuditTail(ctx); err != nil {
			return err
		}
		if tail.Head.Seq <= v.seq || tail.Last <= v.seq {
			break // nothing was written meanwhile
		}
	}
	v.end(tail)
	return nil
}

func (v *verifier) begin(anchor Mark) {
	if anchor == (Mark{}) {
		return
	}
	if !v.chain.proved(AnchorMark, anchor) {
		v.fault(anchor.Seq, FaultAnchor)
	}
	v.seq, v.hash = anchor.Seq, anchor.Hash
}

// read checks what is there.
func (v *verifier) read(ctx context.Context) error {
	for {
		rows, err := v.records.AuditChain(ctx, v.seq, verifyBatch)
		if err != nil || len(rows) == 0 {
			return err
		}
		for _, row := range rows {
			if row.Seq != v.seq+1 {
				if err := v.gap(ctx, row.Seq); err != nil {
					return err
				}
			}
			v.check(row)
		}
	}
}

// gap looks whether the records that are missing were swept just now.
func (v *verifier) gap(ctx context.Context, seq int64) error {
	tail, err := v.records.AuditTail(ctx)
	if err != nil {
		return err
	}
	if tail.Anchor.Seq == seq-1 && v.chain.proved(AnchorMark, tail.Anchor) {
		v.seq, v.hash = tail.Anchor.Seq, tail.Anchor.Hash
		return nil
	}
	v.fault(seq, FaultMissing)
	v.seq, v.hash = seq-1, ""
	return nil
}

// check is about one record; the next is held to the hash that this one has, so
// that one fault is told once.
func (v *verifier) check(row Row) {
	missing := v.hash == "" && row.Seq > 1
	s, err := read(row.Body)
	switch {
	case !missing && !v.chain.fits(row, v.hash), err != nil, s.index() != row.Index:
		v.fault(row.Seq, FaultChanged)
	case v.noted[row.Seq] != "" && v.noted[row.Seq] != row.Hash:
		v.fault(row.Seq, FaultNoted)
	}
	delete(v.noted, row.Seq)
	if v.report.First == 0 {
		v.report.First = row.Seq
	}
	v.report.Last = row.Seq
	v.report.Records++
	v.seq, v.hash = row.Seq, row.Hash
}

// end holds the last record to the head.
func (v *verifier) end(t Tail) {
	v.report.Head = t.Head
	switch head := t.Head; {
	case head == (Mark{}) && v.seq == 0:
	case !v.chain.proved(HeadMark, head):
		v.fault(max(head.Seq, v.seq), FaultHead)
	case head.Seq > v.seq:
		v.fault(v.seq+1, FaultCut)
	case head.Seq < v.seq:
		v.fault(head.Seq+1, FaultForged)
	case head.Hash != v.hash:
		v.fault(head.Seq, FaultChanged)
	}
	for seq := range v.noted {
		if seq > v.seq {
			v.fault(seq, FaultNoted)
		}
	}
}

func (v *verifier) fault(seq int64, reason string) {
	if len(v.report.Faults) < maxFaults {
		v.report.Faults = append(v.report.Faults, Fault{Seq: seq, Reason: reason})
	}
}

// One reads a record and says whether it and its place in the chain are as they were
// written. False where there is no such record.
func (c Chain) One(ctx context.Context, records Reading, seq int64) (row Row, whole, found bool, err error) {
	rows, err := records.AuditChain(ctx, seq-2, 2)
	if err != nil {
		return Row{}, false, false, fmt.Errorf("reading a record: %w", err)
	}
	tail, err := records.AuditTail(ctx)
	if err != nil {
		return Row{}, false, false, fmt.Errorf("reading the end of the trail: %w", err)
	}
	before, known := "", seq == 1
	if tail.Anchor.Seq == seq-1 && c.proved(AnchorMark, tail.Anchor) {
		before, known = tail.Anchor.Hash, true
	}
	for _, r := range rows {
		switch r.Seq {
		case seq - 1:
			before, known = r.Hash, true
		case seq:
			row, found = r, true
		}
	}
	s, err := read(row.Body)
	whole = known && err == nil && s.index() == row.Index && c.fits(row, before) && seq <= tail.Head.Seq
	return row, found && whole, found, nil
}
