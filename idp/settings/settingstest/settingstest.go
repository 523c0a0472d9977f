// Package settingstest has the suite that every store of settings passes, and a
// node for tests of what saves settings. It does not own any store.
package settingstest

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/ringtail-id/ringtail/conf"
	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/settings"
)

// Node serves settings to nobody: it checks a layer as the settings file is
// checked, and follows at once.
type Node struct {
	Options conf.Options
	Store   settings.Store

	mu     sync.Mutex
	served *conf.Settings
	number int
}

var _ settings.Node = (*Node)(nil)

// NewNode makes a node that serves the newest revision.
func NewNode(o conf.Options, store settings.Store) (*Node, error) {
	n := &Node{Options: o, Store: store}
	number, err := store.LatestRevision(context.Background())
	if err != nil {
		return nil, err
	}
	return n, n.Follow(context.Background(), number)
}

// NewService is a service over a store in memory, with the trail that it records in.
// The settings need no file: o.Set is where a test gives what it starts from.
func NewService(t testing.TB, o conf.Options) (*settings.Service, *audit.Memory) {
	t.Helper()
	store, trail := &settings.Memory{}, &audit.Memory{}
	node, err := NewNode(o, store)
	if err != nil {
		t.Fatal(err)
	}
	s, err := settings.New(settings.Options{Store: store, Node: node, Trail: trail})
	if err != nil {
		t.Fatal(err)
	}
	return s, trail
}

// Check implements settings.Node.
func (n *Node) Check(_ context.Context, layer settings.Layer) (*conf.Settings, error) {
	return n.load(layer)
}

func (n *Node) load(layer settings.Layer) (*conf.Settings, error) {
	o := n.Options
	o.Saved = layer.Values
	s, _, err := conf.Load(o)
	var faults conf.Errors
	if errors.As(err, &faults) {
		return nil, &settings.Invalid{Findings: faults}
	}
	return s, err
}

// Follow implements settings.Node.
func (n *Node) Follow(ctx context.Context, number int) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.served != nil && number <= n.number {
		return nil
	}
	r := settings.Revision{}
	if number > 0 {
		var err error
		if r, err = n.Store.RevisionByNumber(ctx, number); err != nil {
			return err
		}
	}
	s, err := n.load(r.Layer)
	if err != nil {
		return err
	}
	n.served, n.number = s, r.Number
	return nil
}

// Served implements settings.Node.
func (n *Node) Served() (*conf.Settings, int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.served, n.number
}

// File implements settings.Node.
func (n *Node) File() (*conf.Settings, error) { return n.load(settings.Layer{}) }
