package server

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/ringtail-id/ringtail/idp/admin/calls"
)

// Metrics are the counters of a process. A reload makes a new Server, and counters
// never fall: they are made once and given to each.
type Metrics struct {
	requests *requests              // the public handler's answers
	refusals *prometheus.CounterVec // codes, by budget
	limited  *prometheus.CounterVec // requests, by the rule that refused them
	calls    *calls.Metrics
}

// NewMetrics makes counters that stand at nothing.
func NewMetrics() *Metrics {
	return &Metrics{requests: newRequests(), refusals: newRefusals(), limited: newLimited(), calls: calls.NewMetrics()}
}
