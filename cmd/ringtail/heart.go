package main

import (
	"os"
	"time"

	"github.com/ringtail-id/ringtail/idp/admin/health"
)

// heart tells other nodes of this one.
func (n *node) heart() *health.Heart {
	return &health.Heart{Nodes: n.store, Look: n.look, Now: time.Now, Log: n.log}
}

// look tells how this node stands.
func (n *node) look() health.Node {
	g := n.generation()
	_, revision := n.host.Served()
	workers := g.loops.pool.Stats()
	state := health.State{
		Trouble: n.host.Trouble(), Waiting: n.host.Waiting(),
		Workers: health.Workers{
			Size: g.loops.pool.Size(), Running: workers.Running, Waiting: int(workers.Waiting), Queue: g.loops.pool.Queue(), Started: int(workers.Started),
		},
	}
	for _, r := range g.RouteStates() {
		state.Routes = append(state.Routes, health.Route(r))
	}
	return health.Node{ID: n.id, Host: hostName(), Version: version, Started: n.began, Revision: revision, State: state}
}

// hostName is the machine's name, as far as it has one.
func hostName() string {
	if name, err := os.Hostname(); err == nil {
		return name
	}
	return "unnamed"
}
