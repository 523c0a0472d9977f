package hooks

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/ringtail-id/ringtail/loops"
)

// News is what a callback told about a call. It is a provider's word and proves
// nothing about the person.
type News struct {
	Driver    string
	CallID    string // as start gave it; may be empty where Reference isn't
	Reference string // our id of the challenge; may be empty
	State     string // loops.StatePending and so on
	Failure   string // a word of loops' vocabulary, where State is loops.StateFailed
	Code      string // the code, or the whole number that calls; empty where it isn't told
}

// ErrNoCall says that no call of the driver is known by that id or reference.
var ErrNoCall = errors.New("there is no such call")

// Calls hears what became of calls.
type Calls interface {
	// News is told once per callback. ErrNoCall (errors.Is) where no call of that
	// driver has the id or the reference; with any other error the callback counts
	// as not heard, and its provider may send it again.
	News(ctx context.Context, n News) error
}

// tell passes the news on. A call that nobody knows is no reason for the provider
// to try again.
func (h *Handler) tell(ctx context.Context, d *loops.Driver, value map[string]any) error {
	n := newsOf(d, value)
	err := h.o.Calls.News(ctx, n)
	if errors.Is(err, ErrNoCall) {
		h.o.Log.Info("callback for an unknown call", "driver", d.Name, "call_id", clip(n.CallID))
		return nil
	}
	if err != nil {
		return fmt.Errorf("telling what a callback said: %w", err)
	}
	return nil
}

func newsOf(d *loops.Driver, value map[string]any) News {
	n := News{
		Driver: d.Name, CallID: text(value[loops.ValueCallID]), Reference: text(value[loops.ValueReference]),
		State: text(value[loops.ValueState]), Code: text(value[loops.ValueCode]),
	}
	if n.State == loops.StateFailed {
		n.Failure = text(value[loops.ValueError])
	}
	if n.Code == "" {
		n.Code = text(value[loops.ValueCaller])
	}
	return n
}

func text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	return ""
}

// clip bounds what a provider can put into a line of the log.
func clip(id string) string { return id[:min(len(id), 64)] }
