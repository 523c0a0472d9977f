package server_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

var (
	// series are names in a query, matched texts are values of labels.
	seriesName = regexp.MustCompile(`\b(?:ringtail|go|process)_[a-z0-9_]+\b`)
	quoted     = regexp.MustCompile(`"[^"]*"`)
	grouped    = regexp.MustCompile(`\bby \(([^)]*)\)`)
	matched    = regexp.MustCompile(`([a-z_]+)(?:=~|!~|!=|=)""`)
)

// A query that names a metric or a label that isn't there shows nothing, and no
// alert ever rings by it.
func checkQuery(t *testing.T, all []described, query string) {
	t.Helper()
	bare := quoted.ReplaceAllString(query, `""`)
	names := seriesName.FindAllString(bare, -1)
	if len(names) == 0 && !strings.HasPrefix(query, "up{") {
		t.Errorf("names no metric: %s", query)
	}
	labels := []string{"instance", "job", "le"}
	for _, name := range names {
		i := slices.IndexFunc(all, func(m described) bool { return m.name == name || m.kind == "histogram" && base(name) == m.name })
		switch {
		case i >= 0:
			labels = append(labels, all[i].labels...)
		case strings.HasPrefix(name, "ringtail_"):
			t.Errorf("there is no %s: %s", name, query)
		}
	}
	var used []string
	for _, by := range grouped.FindAllStringSubmatch(bare, -1) {
		used = append(used, strings.Split(by[1], ", ")...)
	}
	for _, m := range matched.FindAllStringSubmatch(bare, -1) {
		used = append(used, m[1])
	}
	for _, label := range used {
		if !slices.Contains(labels, label) {
			t.Errorf("no metric has the label %q: %s", label, query)
		}
	}
	if strings.Count(bare, "(") != strings.Count(bare, ")") || strings.Count(bare, "{") != strings.Count(bare, "}") {
		t.Errorf("brackets don't match: %s", query)
	}
}

// base is a histogram's name without what its series add.
func base(name string) string {
	for _, suffix := range []string{"_bucket", "_sum", "_count"} {
		if before, ok := strings.CutSuffix(name, suffix); ok {
			return before
		}
	}
	return name
}

func TestDashboardAsksForMetricsThatThereAre(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "deploy", "grafana", "ringtail.json"))
	if err != nil {
		t.Fatal(err)
	}
	var board struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal(text, &board); err != nil {
		t.Fatal(err)
	}
	all, queries := allMetrics(t), 0
	for _, p := range board.Panels {
		for _, target := range p.Targets {
			queries++
			checkQuery(t, all, target.Expr)
		}
	}
	if queries < 30 {
		t.Errorf("only %d queries were looked at", queries)
	}
}

func TestAlertsAskForMetricsThatThereAre(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "deploy", "prometheus", "ringtail.rules.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Groups []struct {
			Rules []struct {
				Alert, Expr string
				Labels      map[string]string
				Annotations map[string]string
			}
		}
	}
	if err := yaml.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	all, seen := allMetrics(t), map[string]bool{}
	for _, rule := range file.Groups[0].Rules {
		if rule.Alert == "" || seen[rule.Alert] || rule.Labels["severity"] == "" || rule.Annotations["summary"] == "" {
			t.Errorf("%q needs a name of its own, a severity and a summary", rule.Alert)
		}
		seen[rule.Alert] = true
		checkQuery(t, all, rule.Expr)
	}
	if len(seen) < 10 {
		t.Errorf("only %d alerts", len(seen))
	}
}
