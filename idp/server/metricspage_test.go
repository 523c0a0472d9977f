package server_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil/promlint"

	"github.com/ringtail-id/ringtail/factors/flashcall"
	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/idp/server"
	"github.com/ringtail-id/ringtail/loops"
)

var update = flag.Bool("update", false, "write docs/reference/metrics.md")

// described is a metric as its collector describes it.
type described struct {
	name, help, kind string
	labels           []string
}

// fqName, help and labels are nowhere else to be had.
var descriptor = regexp.MustCompile(`^Desc\{fqName: "([^"]+)", help: ("(?:[^"\\]|\\.)*"), unit: "[^"]*", constLabels: \{([^}]*)\}, variableLabels: \{([^}]*)\}\}$`)

// allMetrics are those of a server that has everything in use.
func allMetrics(t *testing.T) []described {
	t.Helper()
	s := newServerWith(t, func(o *server.Options) {
		o.FlashCall = &server.FlashCall{
			Codes:          otp.Settings{CodeLength: 4, Validity: time.Minute, AttemptsPerLogin: 3, TotalAttempts: 10, Block: time.Minute},
			PhoneAttribute: "phone_number", Runner: make(patient, 1), Stats: func() server.WorkerStats { return server.WorkerStats{} },
			Routes: []server.Route{{Route: flashcall.Route{
				ID: "main", Channel: loops.ChannelFlashCall, Driver: &loops.Driver{Manifest: loops.Manifest{CodeOrigin: loops.CodeFromCaller}},
			}}},
		}
	})
	var all []described
	for _, c := range s.Collectors() {
		descs := make(chan *prometheus.Desc, 100)
		c.Describe(descs)
		close(descs)
		for d := range descs {
			parts := descriptor.FindStringSubmatch(d.String())
			if parts == nil {
				t.Fatalf("can't be read: %s", d)
			}
			m := described{name: parts[1], help: strings.Trim(parts[2], `"`), kind: kindOf(t, parts[1], c)}
			for _, label := range strings.Split(parts[3]+","+parts[4], ",") {
				if name, _, _ := strings.Cut(label, "="); name != "" {
					m.labels = append(m.labels, name)
				}
			}
			if !slices.ContainsFunc(all, func(o described) bool { return o.name == m.name }) {
				all = append(all, m)
			}
		}
	}
	slices.SortFunc(all, func(a, b described) int { return strings.Compare(a.name, b.name) })
	return all
}

func kindOf(t *testing.T, name string, c prometheus.Collector) string {
	t.Helper()
	switch c := c.(type) {
	case *prometheus.HistogramVec:
		return "histogram"
	case *prometheus.CounterVec:
		return "counter"
	case *prometheus.GaugeVec:
		return "gauge"
	case prometheus.Metric:
		registry := prometheus.NewRegistry()
		registry.MustRegister(c.(prometheus.Collector))
		families, err := registry.Gather()
		if err != nil {
			t.Fatal(err)
		}
		return strings.ToLower(families[0].GetType().String())
	}
	if strings.HasSuffix(name, "_total") {
		return "counter"
	}
	return "gauge"
}

const metricsHead = `# Metrics

Generated from the metrics themselves. ` + "`/metrics`" + ` on the operations listener has them in Prometheus' format, with those of the Go runtime and the process (` + "`go_*`, `process_*`" + `).
Each node counts for itself: sum over nodes. Alarms, switches and code pools are those of the whole provider, the same on every node. How to watch them: [how-to](../how-to/observe.md).

Values of labels are words of the program, names from the settings, routes as they are registered, and countries: nothing that strangers choose makes a new series. No label names a person, a client or a number.

| metric | kind | labels | what |
|---|---|---|---|
`

// The page is made of what is served, so that it has all of it.
func TestReferencePageOfMetrics(t *testing.T) {
	var b strings.Builder
	b.WriteString(metricsHead)
	for _, m := range allMetrics(t) {
		labels := ""
		if len(m.labels) > 0 {
			labels = "`" + strings.Join(m.labels, "`, `") + "`"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", m.name, m.kind, labels, m.help)
	}
	page := filepath.Join("..", "..", "docs", "reference", "metrics.md")
	if *update {
		if err := os.WriteFile(page, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if was, err := os.ReadFile(page); err != nil || string(was) != b.String() {
		t.Errorf("%s is not what is served; run go test ./idp/server -run Metrics -update and read the diff (%v)", page, err)
	}
}

// Prometheus' own rules for names and units hold for what is served.
func TestMetricsAreNamedAsPrometheusWants(t *testing.T) {
	s := newServerWith(t, func(*server.Options) {})
	ask(s.Handler(), "GET", "/blitz/login/unknown", "")
	problems, err := promlint.New(strings.NewReader(ask(s.Ops(), "GET", "/metrics", "").Body.String())).Lint()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		if strings.HasPrefix(p.Metric, "ringtail_") {
			t.Errorf("%s: %s", p.Metric, p.Text)
		}
	}
	for _, m := range allMetrics(t) {
		if !strings.HasPrefix(m.name, "ringtail_") || m.help == "" || (m.kind == "counter") != strings.HasSuffix(m.name, "_total") {
			t.Errorf("%+v", m)
		}
	}
}
