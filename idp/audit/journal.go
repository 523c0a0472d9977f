package audit

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ringtail-id/ringtail/idp/keyring"
)

// ErrClosed: the journal was closed before the event came.
var ErrClosed = errors.New("the audit trail is closed")

// Options are what a Journal needs. Records and Keyring are required.
type Options struct {
	Records Records
	Keyring *keyring.Keyring
	// Committed is told of rows that are on disk, in order; it must not block for
	// long, and may be nil.
	Committed func([]Row)
	// Skip leaves out events of Record that it is true of; nil leaves out none. What
	// is appended is always kept.
	Skip func(kind string) bool
	// Keep is how long records are kept; nil or 0 keeps them for ever.
	Keep func() time.Duration
	// Queue is how many events may wait (1024), Batch how many are written at once
	// (256).
	Queue, Batch int
	// Linger is how long the writer waits for more events before it writes those of
	// Record; what is appended is written at once. 0 waits for none. Where an answer
	// waits for a record (see Held), the writer waits at most Gather (2 ms), and only
	// while several come at a time.
	Linger, Gather time.Duration
	// Retry is the pause after a failed write; 1 s.
	Retry time.Duration
	// Bound is how many events of a kind that strangers cause are kept for one address
	// in a minute; see Bounds. Zero means DefaultBounds.
	Bounds Bounds
	Now    func() time.Time
	Log    *slog.Logger
}

func (o *Options) check() error {
	if o.Records == nil || o.Keyring == nil {
		return errors.New("audit: Records and Keyring are needed")
	}
	if o.Committed == nil {
		o.Committed = func([]Row) {}
	}
	if o.Skip == nil {
		o.Skip = func(string) bool { return false }
	}
	if o.Keep == nil {
		o.Keep = func() time.Duration { return 0 }
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Bounds == (Bounds{}) {
		o.Bounds = DefaultBounds()
	}
	o.Queue, o.Batch, o.Retry = cmp.Or(o.Queue, 1024), cmp.Or(o.Batch, 256), cmp.Or(o.Retry, time.Second)
	o.Gather = min(o.Linger, cmp.Or(o.Gather, 2*time.Millisecond))
	return nil
}

// Journal is the Trail that lasts: one goroutine writes what waits as one batch
// and one transaction. It is safe for concurrent use, also beside other journals
// on the same records. Close it, or what waits is lost.
type Journal struct {
	o       Options
	chain   Chain
	queue   chan *entry // of Record
	appends chan *entry // of Append, whose callers wait: they are told even where the queue is full
	drained bool        // the queue is closed and empty; the writer's own
	stopped chan struct{}
	giveUp  chan struct{} // closed when what can't be written is lost
	once    sync.Once     // for that
	flood   *flood

	mu     sync.RWMutex // closed, and the closing of queue
	closed bool

	last Mark // the head that this journal wrote last
	busy bool // the last batch had several entries; the writer's own
}

var _ Trail = (*Journal)(nil)

// entry waits to be written.
type entry struct {
	index Index
	body  string      // see marker
	done  chan error  // of Append; nil for Record
	kept  chan bool   // has room for whether it is written, which an answer waits for; nil where none does
	gone  atomic.Bool // of Settle: nobody waits any more
}

// marker says whether nothing is to be written: it is Settle's, and tells where it came.
func (e *entry) marker() bool { return e.body == "" }

// waited says whether somebody waits for the entry.
func (e *entry) waited() bool { return e.done != nil || e.kept != nil }

// release tells the answer that waits; it is called once.
func (e *entry) release(written bool) {
	if e.kept != nil {
		e.kept <- written
	}
}

// NewJournal starts the writer.
func NewJournal(o Options) (*Journal, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	j := &Journal{
		o: o, chain: NewChain(o.Keyring), queue: make(chan *entry, o.Queue), appends: make(chan *entry), stopped: make(chan struct{}), giveUp: make(chan struct{}),
		flood: newFlood(o.Bounds),
	}
	go j.run()
	return j, nil
}

// Record implements Recorder. Where the queue is full it waits for room, whatever
// becomes of ctx: somebody who hangs up must not be able to lose a record.
func (j *Journal) Record(ctx context.Context, e Event) {
	if j.o.Skip(e.Type) {
		return
	}
	e = j.complete(ctx, e)
	keep, told := j.flood.take(e)
	for _, t := range told {
		j.record(t)
	}
	if !keep {
		return
	}
	var kept chan bool
	if h := heldOf(ctx); h != nil && !begins(e.Type) {
		kept = make(chan bool, 1)
		h.add(kept)
	}
	j.recordHeld(e, kept)
}

func (j *Journal) record(e Event) { j.recordHeld(e, nil) }

func (j *Journal) recordHeld(e Event, kept chan bool) {
	index, body := seal(e)
	own := &entry{index: index, body: body, kept: kept}
	if err := j.send(context.Background(), j.queue, own); err != nil {
		own.release(false)
		j.lost(err, body)
	}
}

// Append implements Trail. An error of ctx leaves open whether the event is kept.
func (j *Journal) Append(ctx context.Context, e Event) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	index, body := seal(j.complete(ctx, e))
	own := &entry{index: index, body: body, done: make(chan error, 1)}
	if err := j.send(ctx, j.appends, own); err != nil {
		return err
	}
	select {
	case err := <-own.done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Settle implements Trail.
func (j *Journal) Settle(ctx context.Context) error {
	last := &entry{kept: make(chan bool, 1)}
	if err := j.send(ctx, j.queue, last); err != nil {
		return err
	}
	select {
	case written := <-last.kept:
		if !written {
			return ErrClosed
		}
		return nil
	case <-ctx.Done():
		last.gone.Store(true)
		return ctx.Err()
	}
}

// complete adds what the event doesn't say itself.
func (j *Journal) complete(ctx context.Context, e Event) Event {
	from := OriginOf(ctx)
	if e.At.IsZero() {
		e.At = j.o.Now()
	}
	if !e.IP.IsValid() {
		e.IP = from.IP
	}
	e.UserAgent = cmp.Or(e.UserAgent, from.UserAgent)
	return e
}

// send waits for room until ctx ends.
func (j *Journal) send(ctx context.Context, to chan<- *entry, own *entry) error {
	j.mu.RLock()
	defer j.mu.RUnlock()
	if j.closed {
		return ErrClosed
	}
	select {
	case to <- own:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Close writes what waits and refuses what comes then. When ctx ends before all is
// written, the rest is told to the log instead.
func (j *Journal) Close(ctx context.Context) error {
	for _, e := range j.flood.rest() {
		j.record(e)
	}
	ended := context.AfterFunc(ctx, func() { j.once.Do(func() { close(j.giveUp) }) })
	defer ended()
	j.mu.Lock()
	if !j.closed {
		j.closed = true
		close(j.queue)
	}
	j.mu.Unlock()
	<-j.stopped
	return nil
}

func (j *Journal) run() {
	defer close(j.stopped)
	for {
		first, ok := j.next(nil)
		if !ok {
			return
		}
		j.keep(j.gather(first))
	}
}

// gather takes what waits. Unless somebody waits for the outcome, it waits a
// little for more.
func (j *Journal) gather(first *entry) []*entry {
	batch, linger, waited := []*entry{first}, j.linger(first), first.waited()
	for len(batch) < j.o.Batch {
		next, ok := j.next(linger)
		if !ok {
			break
		}
		batch = append(batch, next)
		if next.done != nil || next.waited() && !waited {
			linger, waited = j.linger(next), true
		}
	}
	j.busy = len(batch) > 1
	return batch
}

// next is what waits, or what comes before linger is over; what was recorded
// before what was appended. Not ok: nothing, or the journal is closed.
func (j *Journal) next(linger <-chan time.Time) (e *entry, ok bool) {
	select {
	case e, ok = <-j.queue:
		return e, ok
	default:
	}
	select {
	case e, ok = <-j.queue:
		return e, ok
	case e = <-j.appends:
		return e, true
	case <-linger:
		return nil, false
	}
}

// linger is over at once where somebody waits for this entry alone, and soon where
// answers wait for several.
func (j *Journal) linger(e *entry) <-chan time.Time {
	switch {
	case !e.waited() && j.o.Linger > 0:
		return time.After(j.o.Linger)
	case e.done == nil && j.busy && j.o.Gather > 0:
		return time.After(j.o.Gather)
	}
	over := make(chan time.Time)
	close(over)
	return over
}

// keep writes the batch. Who waits is told of a failure; the others' events are
// tried again until they are written or the journal gives up.
func (j *Journal) keep(batch []*entry) {
	for len(batch) > 0 {
		rows, err := j.write(batch)
		if err == nil {
			j.told(batch, nil)
			j.o.Committed(rows)
			return
		}
		j.o.Log.Error("audit records can't be written", "waiting", len(batch), "error", err)
		batch = j.retry(j.told(batch, err), rows, err)
	}
}

// retry returns what is to be written after a failure, when it is time; nothing where
// the journal gives up. rows are what was tried: where the answer of a commit was lost
// they may be there, and nothing is written before that is known.
func (j *Journal) retry(batch []*entry, rows []Row, failed error) []*entry {
	tried, over := slices.Clone(batch), false
	for len(batch) > 0 {
		if batch, over = j.pause(batch); over {
			for _, e := range batch {
				e.release(false)
				if !e.marker() {
					j.lost(failed, e.body)
				}
			}
			return nil
		}
		there, err := j.written(rows)
		switch {
		case err != nil:
			batch = j.told(batch, err)
		case !there:
			return batch
		default:
			j.told(tried, nil)
			j.o.Committed(rows)
			return slices.DeleteFunc(batch, func(e *entry) bool { return slices.Contains(tried, e) })
		}
	}
	return nil
}

// written says whether the rows are there.
func (j *Journal) written(rows []Row) (bool, error) {
	if len(rows) == 0 {
		return false, nil
	}
	last := rows[len(rows)-1]
	there, err := j.o.Records.AuditChain(context.Background(), last.Seq-1, 1)
	return len(there) == 1 && there[0].Seq == last.Seq && there[0].Hash == last.Hash, err
}

// pause waits before the batch is tried again, and lets it grow meanwhile. Whoever
// appends ends the pause: the next try tells them. Over: the journal gives up.
func (j *Journal) pause(batch []*entry) (grown []*entry, over bool) {
	retry := time.After(j.o.Retry)
	for {
		queue := j.queue
		if j.drained || len(batch) >= j.o.Batch {
			queue = nil
		}
		select {
		case e, ok := <-queue:
			if j.drained = !ok; ok {
				batch = append(batch, e)
			}
		case e := <-j.appends:
			return append(batch, e), false
		case <-retry:
			return batch, false
		case <-j.giveUp:
			return batch, true
		}
	}
}

// told answers those who wait, and returns the others.
func (j *Journal) told(batch []*entry, err error) (others []*entry) {
	for _, e := range batch {
		switch {
		case e.done != nil:
			e.done <- err
		case err == nil:
			e.release(true)
		case e.gone.Load():
		default:
			others = append(others, e)
		}
	}
	return others
}

// lost leaves a record to the log at least.
func (j *Journal) lost(err error, body string) {
	j.o.Log.Error("an audit record was not kept", "record", body, "error", err)
}

// write appends the batch to the chain. A chain that is broken begins anew behind
// a record that says so. With an error the rows are those that were tried last.
func (j *Journal) write(batch []*entry) ([]Row, error) {
	if !slices.ContainsFunc(batch, func(e *entry) bool { return !e.marker() }) {
		return nil, nil
	}
	var rows []Row
	var head Mark
	err := j.o.Records.ExtendAudit(context.Background(), func(t Tail) ([]Row, Mark) {
		rows = rows[:0]
		all := batch
		seq, hash, fault := j.chain.after(t)
		if fault == "" && t.Head.Seq < j.last.Seq {
			seq, hash, fault = j.last.Seq, "", FaultCut
		}
		if fault != "" {
			index, body := seal(Event{Type: TypeAuditBroken, At: j.o.Now(), Params: map[string]any{"reason": fault}})
			all = append([]*entry{{index: index, body: body}}, batch...)
			j.o.Log.Error("the audit trail was changed by somebody else: run \"ringtail audit verify\"", "seq", seq, "reason", fault)
		}
		for _, e := range all {
			if e.marker() {
				continue
			}
			seq++
			hash = j.chain.hash(hash, seq, e.body)
			rows = append(rows, Row{Seq: seq, Index: e.index, Body: e.body, Hash: hash})
		}
		head = j.chain.mark(HeadMark, seq, hash)
		return rows, head
	})
	if err != nil {
		return rows, fmt.Errorf("writing audit records: %w", err)
	}
	j.last = head
	return rows, nil
}
