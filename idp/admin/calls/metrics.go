package calls

import (
	"sync"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/ringtail-id/ringtail/factors/flashcall"
	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/idp/admin/calls/ledger"
)

// Metrics count the calls of this node; those of all nodes together are the sum over
// them. Alarms and switches are those of the whole provider, the same on every node. It
// is safe for concurrent use.
type Metrics struct {
	ordered, ended, spent *prometheus.CounterVec
	waits                 *prometheus.HistogramVec
	alarms, stopped       *prometheus.GaugeVec

	mu   sync.Mutex
	told []Alarm // those that were there last; a reload must not tell of them anew
}

var _ prometheus.Collector = (*Metrics)(nil)

// NewMetrics counts from zero.
func NewMetrics() *Metrics {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
	}
	gauge := func(name, help string, labels ...string) *prometheus.GaugeVec {
		return prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: name, Help: help}, labels)
	}
	var bounds []float64
	for _, b := range ledger.Bounds() {
		bounds = append(bounds, b.Seconds())
	}
	return &Metrics{
		ordered: counter("ringtail_calls_ordered_total", "Calls and messages that were ordered.", "driver", "channel", "country"),
		ended: counter("ringtail_calls_ended_total", "Calls and messages of which it is known how they ended, by outcome; failure says why they failed.",
			"driver", "channel", "country", "outcome", "failure"),
		spent: counter("ringtail_calls_spend_total", "What ended calls and messages cost, as the provider told, or by the route's price.", "driver", "channel", "currency"),
		waits: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "ringtail_calls_confirmation_seconds", Help: "Time from the person's request to the right code.", Buckets: bounds,
		}, []string{"driver", "channel"}),
		alarms:  gauge("ringtail_calls_alarms", "Alarms about the calls of the last hour, by kind.", "kind"),
		stopped: gauge("ringtail_calls_stopped", "1 for each country, driver and channel that is switched off.", "kind", "value"),
	}
}

// Change counts what became of a call.
func (m *Metrics) Change(c ledger.Change) {
	k := c.After
	if c.Before.ID == "" {
		m.ordered.WithLabelValues(k.Driver, k.Channel, k.Country).Inc()
	}
	if k.EndedAt.IsZero() || !c.Before.EndedAt.IsZero() {
		return
	}
	m.ended.WithLabelValues(k.Driver, k.Channel, k.Country, string(k.State), k.Failure).Inc()
	m.spent.WithLabelValues(k.Driver, k.Channel, k.Currency).Add(float64(k.Spent()) / millionth)
	if k.State == otp.Confirmed {
		m.waits.WithLabelValues(k.Driver, k.Channel).Observe(k.EndedAt.Sub(k.RequestedAt).Seconds())
	}
}

// Switched notes what is switched off now.
func (m *Metrics) Switched(s flashcall.Stops) {
	m.stopped.Reset()
	for _, one := range stopsOf(s.Countries, s.Drivers, channelNames(s.Channels)) {
		m.stopped.WithLabelValues(one.Kind, one.Value).Set(1)
	}
}

// alarm notes the alarms of now, and gives those of before.
func (m *Metrics) alarm(alarms []Alarm) (before []Alarm) {
	m.mu.Lock()
	defer m.mu.Unlock()
	before, m.told = m.told, alarms
	count := map[string]int{}
	for _, a := range alarms {
		count[a.Kind]++
	}
	for _, kind := range AlarmKinds() {
		m.alarms.WithLabelValues(kind).Set(float64(count[kind]))
	}
	return before
}

// All are the metrics one by one.
func (m *Metrics) All() []prometheus.Collector {
	return []prometheus.Collector{m.ordered, m.ended, m.spent, m.waits, m.alarms, m.stopped}
}

// Describe implements prometheus.Collector.
func (m *Metrics) Describe(out chan<- *prometheus.Desc) {
	for _, c := range m.All() {
		c.Describe(out)
	}
}

// Collect implements prometheus.Collector.
func (m *Metrics) Collect(out chan<- prometheus.Metric) {
	for _, c := range m.All() {
		c.Collect(out)
	}
}
