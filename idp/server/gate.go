package server

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/ringtail-id/ringtail/idp/overload"
)

// gateMetrics tell how the gate stands when they are asked; nothing happens at a nil
// one.
func gateMetrics(gate *overload.Gate) []prometheus.Collector {
	all := []prometheus.Collector{
		gaugeOf("ringtail_gate_places", "Requests that may run at once; follows the load.", nil, func() float64 { return float64(gate.Stats().Places) }),
		gaugeOf("ringtail_gate_running", "Requests that run.", nil, func() float64 { return float64(gate.Stats().Running) }),
	}
	for c := range overload.Apart {
		class := prometheus.Labels{"class": c.String()}
		all = append(all,
			gaugeOf("ringtail_gate_waiting", "Requests that wait for a place, by class (signed_in, running, new).", class,
				func() float64 { return float64(gate.Stats().Waiting[c]) }),
			counterOf("ringtail_gate_admitted_total", "Requests that were served, by class.", class,
				func() float64 { return float64(gate.Stats().Admitted[c]) }),
			counterOf("ringtail_gate_refused_total", "Requests that were answered 503 because more came than can be served, by class.", class,
				func() float64 { return float64(gate.Stats().Refused[c]) }),
			counterOf("ringtail_gate_waited_seconds_total", "How long the served ones waited, by class.", class,
				func() float64 { return gate.Stats().Waited[c].Seconds() }),
		)
	}
	return all
}
