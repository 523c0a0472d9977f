package pgo_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/pprof/profile"

	"github.com/ringtail-id/ringtail/bench/pgo"
)

// saved writes a profile of one function that took the samples.
func saved(t *testing.T, path, function string, samples int64) {
	t.Helper()
	f := &profile.Function{ID: 1, Name: function, Filename: "/home/somebody/server.go"}
	m := &profile.Mapping{ID: 1, File: "/home/somebody/ringtail", BuildID: "abc"}
	l := &profile.Location{ID: 1, Mapping: m, Address: 1, Line: []profile.Line{{Function: f, Line: 7}}}
	p := &profile.Profile{
		SampleType: []*profile.ValueType{{Type: "samples", Unit: "count"}, {Type: "cpu", Unit: "nanoseconds"}},
		PeriodType: &profile.ValueType{Type: "cpu", Unit: "nanoseconds"}, Period: 1,
		Sample:   []*profile.Sample{{Location: []*profile.Location{l}, Value: []int64{samples, samples * 10}}},
		Location: []*profile.Location{l}, Function: []*profile.Function{f}, Mapping: []*profile.Mapping{m}, TimeNanos: 5,
	}
	var b bytes.Buffer
	if err := p.Write(&b); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestMerge(t *testing.T) {
	dir := t.TempDir()
	into := filepath.Join(dir, "default.pgo")
	if err := pgo.Merge(dir, into); err == nil {
		t.Error("nothing was merged without an error")
	}
	saved(t, filepath.Join(dir, "a.pprof"), "refresh", 10)
	saved(t, filepath.Join(dir, "b.pprof"), "login", 1000)
	if err := pgo.Merge(dir, into); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(into)
	if err != nil {
		t.Fatal(err)
	}
	p, err := profile.ParseData(content)
	if err != nil {
		t.Fatal(err)
	}
	weights := map[string]int64{}
	for _, s := range p.Sample {
		weights[s.Location[0].Line[0].Function.Name] = s.Value[0]
	}
	if len(weights) != 2 || weights["refresh"] != weights["login"] {
		t.Errorf("the operations weigh %v, want them alike", weights)
	}
	plain, err := gzip.NewReader(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(plain)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), "somebody") || p.TimeNanos != 0 {
		t.Error("the profile tells where it was made, or when")
	}
}

// TestWhatShips reads the profile that cmd/ringtail is built by.
func TestWhatShips(t *testing.T) {
	file, err := os.Open("../../cmd/ringtail/default.pgo")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	p, err := profile.Parse(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range p.Mapping {
		if m.File != "" || m.BuildID != "" {
			t.Errorf("it tells where it was made: %q", m.File)
		}
	}
	known := map[string]bool{}
	for _, f := range p.Function {
		known[f.Name] = true
		if f.Filename != "" {
			t.Fatalf("it tells where the sources lay: %q", f.Filename)
		}
	}
	for _, flow := range []string{"(*Handler).post", "(*Provider).serveToken", "(*Engine).Step", "(*writer).loop"} {
		if !slices.ContainsFunc(slices.Collect(maps.Keys(known)), func(name string) bool { return strings.HasSuffix(name, flow) }) {
			t.Errorf("nothing of %s was measured: make profile", flow)
		}
	}
}
