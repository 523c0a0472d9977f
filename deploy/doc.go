// Package deploy owns the examples of how Ringtail is run, one folder for each way:
// systemd, a container, Compose, Kubernetes, and nginx or HAProxy in front of several
// nodes. Its tests run what can be run: the balancers in front of three nodes, and the
// unit under a systemd of its own.
//
// It does not own what a node does when it starts and ends; the command serve does.
package deploy
