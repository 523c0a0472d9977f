package emit

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ringtail-id/ringtail/idp/audit"
)

// Records is where the trail and the positions are kept; idp/store implements it.
type Records interface {
	AuditTail(ctx context.Context) (audit.Tail, error)
	AuditChain(ctx context.Context, after int64, limit int) ([]audit.Row, error)
	// TakeAuditEmitter gives the named emitter to the holder until the time given;
	// false where another has it, or it is not to be tried yet.
	TakeAuditEmitter(ctx context.Context, name, holder string, now, until time.Time) (seq int64, tries int, ok bool, err error)
	// MoveAuditEmitter notes how far the holder has come, and until when nobody else
	// may take it. idp.ErrNotFound where it isn't the holder's any more.
	MoveAuditEmitter(ctx context.Context, name, holder string, seq int64, tries int, due time.Time) error
}

// Sender sends a batch to a receiver of one kind. An error means that the whole
// batch is sent again later; so a receiver may get a record twice.
type Sender interface {
	Send(ctx context.Context, e Emitter, rows []audit.Row) error
}

// Options for New. Records and Senders are required.
type Options struct {
	Records Records
	// Senders by the kind of emitters that they serve.
	Senders map[string]Sender
	// Lines takes the lines of KindLog; nil means that of Log.
	Lines *slog.Logger
	Now   func() time.Time
	Rand  io.Reader
	Log   *slog.Logger
}

// Emitters carry records out. They are safe for concurrent use.
type Emitters struct {
	o        Options
	settings atomic.Pointer[Settings]
	used     atomic.Bool
	wake     chan struct{}

	mu       sync.Mutex
	busy     map[string]bool  // emitters that this node serves now
	reached  map[string]int64 // how far each was when this node looked last
	head     audit.Row        // the last one that this node wrote
	headTold time.Time
}

// New returns emitters that have nothing to do yet; see Use.
func New(o Options) (*Emitters, error) {
	if o.Records == nil || o.Senders == nil {
		return nil, errors.New("emit: Records and Senders are needed")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Lines == nil {
		o.Lines = o.Log
	}
	e := &Emitters{o: o, wake: make(chan struct{}, 1), busy: map[string]bool{}, reached: map[string]int64{}}
	e.settings.Store(&Settings{})
	return e, nil
}

// Use has the settings count from now on. Before it nothing goes anywhere, heads
// neither.
func (e *Emitters) Use(s Settings) {
	e.settings.Store(&s)
	e.used.Store(true)
	e.Wake()
}

// Skip says whether events of the type aren't even recorded; for audit.Options.
func (e *Emitters) Skip(kind string) bool { return !e.settings.Load().Store.Takes(kind) }

// Keep is how long records are kept; for audit.Options.
func (e *Emitters) Keep() time.Duration { return e.settings.Load().Keep }

// Wake has Run look at once.
func (e *Emitters) Wake() {
	select {
	case e.wake <- struct{}{}:
	default:
	}
}

// Committed takes rows that this node wrote: they go to the log, and receivers are
// served soon.
func (e *Emitters) Committed(rows []audit.Row) {
	for _, to := range e.settings.Load().Emitters {
		if to.Kind != KindLog {
			continue
		}
		for _, row := range rows {
			if to.Takes(row.Type) {
				e.o.Lines.Info("audit", "logger", to.Logger, "record", json.RawMessage(row.JSON()))
			}
		}
	}
	if len(rows) > 0 {
		e.noteHead(rows[len(rows)-1])
	}
	e.Wake()
}

// headEvery is how often the log is told where the chain ends.
const headEvery = 10 * time.Minute

// noteHead tells the log now and then where the chain ends: whoever keeps the log
// can show later that the whole trail was put back.
func (e *Emitters) noteHead(last audit.Row) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.head = last
	if now := e.o.Now(); e.used.Load() && now.Sub(e.headTold) >= headEvery {
		e.headTold = now
		e.tellHead()
	}
}

func (e *Emitters) tellHead() { e.o.Log.Info("audit head", "seq", e.head.Seq, "hash", e.head.Hash) }

// End tells the log where the chain ends. Call it when the journal is closed.
func (e *Emitters) End() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.used.Load() && e.head.Seq > 0 {
		e.tellHead()
	}
}
