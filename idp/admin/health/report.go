package health

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/ringtail-id/ringtail/idp/oidc/signing"
	"github.com/ringtail-id/ringtail/idp/settings"
)

// Keys lists the signing keys; *signing.Ring is one.
type Keys interface {
	List(ctx context.Context) ([]signing.Info, error)
}

// Database tells how the database stands.
type Database struct {
	Answered time.Duration // that it took to answer
	Bytes    int64         // its size
	// Writes of this node since its start, the commits that they shared, and those
	// that wait now.
	Writes, Commits uint64
	Waiting         int
}

// Options for NewSection; all are required.
type Options struct {
	Nodes    Nodes
	Keys     Keys
	Database func(ctx context.Context) (Database, error)
	// Latest is the newest revision of what administrators saved.
	Latest func(ctx context.Context) (settings.Revision, error)
	// Self is the ID of this node.
	Self string
	Now  func() time.Time
}

// Report is how everything stands.
type Report struct {
	Nodes    []Node
	Keys     []signing.Info
	Database Database
	Latest   settings.Revision
	// Concerns are what a person should look at, the worst first.
	Concerns []Concern
}

// Concern is something that isn't as it should be.
type Concern struct {
	ID   string `json:"id"`             // one of the constants
	Node string `json:"node,omitempty"` // which node, by its host; empty: all
	Text string `json:"text"`
}

// What a Concern is about.
const (
	ConcernGone     = "node_gone"       // a node fell silent
	ConcernTrouble  = "settings_refuse" // a node can't serve the newest settings
	ConcernBehind   = "settings_behind" // a node doesn't serve the newest revision
	ConcernRestart  = "restart_needed"  // settings wait for a restart
	ConcernVersions = "versions_differ" // nodes run different versions
	ConcernRoute    = "route_open"      // a route of calls is passed over
	ConcernQueue    = "queue_full"      // steps of scripts are about to be refused
	ConcernKey      = "key_overdue"     // an algorithm's next key is late
)

// Report looks at everything.
func (o *Options) Report(ctx context.Context) (r Report, err error) {
	if r.Nodes, err = o.Nodes.Nodes(ctx); err != nil {
		return r, fmt.Errorf("listing the nodes: %w", err)
	}
	if r.Keys, err = o.Keys.List(ctx); err != nil {
		return r, fmt.Errorf("listing the signing keys: %w", err)
	}
	if r.Database, err = o.Database(ctx); err != nil {
		return r, fmt.Errorf("asking the database how it stands: %w", err)
	}
	if r.Latest, err = o.Latest(ctx); err != nil {
		return r, fmt.Errorf("asking for the newest revision: %w", err)
	}
	r.Concerns = r.concerns(o.Now())
	return r, nil
}

// followsIn is how long after a save a node may serve the revision before.
const followsIn = 5 * time.Second

// Gone says whether the node fell silent.
func (n Node) Gone(now time.Time) bool { return now.Sub(n.Seen) > goneAfter }

func (r *Report) concerns(now time.Time) []Concern {
	var all []Concern
	versions := map[string]bool{}
	for _, n := range r.Nodes {
		if n.Gone(now) {
			all = append(all, Concern{ConcernGone, n.Host, "was last heard of " + n.Seen.UTC().Format(time.RFC3339) + " and didn't take its leave."})
			continue
		}
		versions[n.Version] = true
		all = append(all, n.concerns(r.Latest, now)...)
	}
	if len(versions) > 1 {
		all = append(all, Concern{ID: ConcernVersions, Text: "The nodes run different versions of the program."})
	}
	return append(all, overdue(r.Keys, now)...)
}

func (n Node) concerns(latest settings.Revision, now time.Time) (all []Concern) {
	tell := func(id, format string, a ...any) { all = append(all, Concern{id, n.Host, fmt.Sprintf(format, a...)}) }
	for _, t := range n.State.Trouble {
		tell(ConcernTrouble, "can't serve the newest settings: %s", t)
	}
	if n.Revision < latest.Number && len(n.State.Trouble) == 0 && n.Seen.Sub(latest.At) > followsIn {
		tell(ConcernBehind, "serves revision %d; the newest is %d.", n.Revision, latest.Number)
	}
	for _, path := range n.State.Waiting {
		tell(ConcernRestart, "must be started again for the setting %s.", path)
	}
	for _, route := range n.State.Routes {
		if now.Before(route.Until) {
			tell(ConcernRoute, "passes over the route %s (driver %s) after failures in a row.", route.ID, route.Driver)
		}
	}
	if w := n.State.Workers; w.Queue > 0 && w.Waiting*2 > w.Queue {
		tell(ConcernQueue, "has %d steps of scripts waiting, of %d at most.", w.Waiting, w.Queue)
	}
	return all
}

// overdue finds algorithms whose key should have been followed by another one.
func overdue(keys []signing.Info, now time.Time) (all []Concern) {
	for _, k := range keys {
		follows := slices.ContainsFunc(keys, func(o signing.Info) bool { return o.Alg == k.Alg && o.ActiveFrom.After(k.ActiveFrom) })
		if k.State == signing.Active && !follows && now.After(k.ActiveUntil) {
			all = append(all, Concern{ID: ConcernKey, Text: "The key of " + k.Alg + " should have been followed by another one; see the log of the nodes."})
		}
	}
	return all
}
