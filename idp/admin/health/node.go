package health

import (
	"context"
	"errors"
	"log/slog"
	"time"
)

// Node is one serving process, as it last told of itself.
type Node struct {
	ID      string
	Host    string // the machine's name
	Version string // of the program
	Started time.Time
	Seen    time.Time
	// Revision of what administrators saved that it serves.
	Revision int
	State    State
}

// State is the rest of what a node tells of itself.
type State struct {
	// Trouble says why newer settings aren't served; Waiting are the settings that
	// count from the next start on.
	Trouble []string `json:"trouble,omitempty"`
	Waiting []string `json:"waiting,omitempty"`
	Workers Workers  `json:"workers"`
	Routes  []Route  `json:"routes,omitempty"`
}

// Workers run the scripts of drivers.
type Workers struct {
	Size    int `json:"size"`    // steps that can run at once
	Running int `json:"running"` // steps that do
	Waiting int `json:"waiting"` // steps in the queue
	Queue   int `json:"queue"`   // that fit into it
	Started int `json:"started"` // worker processes so far; 0: none was needed yet
}

// Route is one way of the chain of calls.
type Route struct {
	ID       string    `json:"id"`
	Driver   string    `json:"driver"`
	Failures int       `json:"failures"`            // in a row
	Until    time.Time `json:"open_until,omitzero"` // passed over until then; zero: it serves
}

// Nodes keeps what nodes tell.
type Nodes interface {
	// PutNode takes the place of what the node told before, and forgets nodes that
	// were not seen since forget.
	PutNode(ctx context.Context, n Node, forget time.Time) error
	// Nodes are all that are known, by the time of their start.
	Nodes(ctx context.Context) ([]Node, error)
	// RemoveNode forgets a node that ended; no error where nobody knows it.
	RemoveNode(ctx context.Context, id string) error
}

const (
	// BeatEvery is how often a node tells of itself.
	BeatEvery = 10 * time.Second
	// goneAfter is how long it may be silent until it counts as gone.
	goneAfter = 35 * time.Second
	// forgetAfter is how long a node that fell silent is shown.
	forgetAfter = 24 * time.Hour
	// farewell bounds the last word of a node that ends.
	farewell = 2 * time.Second
)

// Heart tells of a node as long as it serves.
type Heart struct {
	Nodes Nodes
	// Look tells how the node stands; Seen is set by the Heart.
	Look func() Node
	Now  func() time.Time
	Log  *slog.Logger
}

// Run tells at once and at each tick, until ctx ends; then the node is forgotten,
// for it ended as it should. That others can't be told is logged and no more.
func (h *Heart) Run(ctx context.Context, tick <-chan time.Time) {
	for {
		h.beat(ctx)
		select {
		case <-ctx.Done():
			h.end(context.WithoutCancel(ctx))
			return
		case <-tick:
		}
	}
}

func (h *Heart) beat(ctx context.Context) {
	n := h.Look()
	n.Seen = h.Now()
	if err := h.Nodes.PutNode(ctx, n, n.Seen.Add(-forgetAfter)); err != nil && ctx.Err() == nil {
		h.Log.Error("telling other nodes of this one", "error", err)
	}
}

func (h *Heart) end(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, farewell)
	defer cancel()
	if err := h.Nodes.RemoveNode(ctx, h.Look().ID); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		h.Log.Error("taking leave of other nodes", "error", err)
	}
}
