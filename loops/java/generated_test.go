package java_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/loops"
)

var (
	firstSeed     = flag.Uint64("seed", 1, "the seed of the first generated class")
	generatedRuns = flag.Int("generated", 3, "how many classes are generated")
)

// TestGeneratedMethodsMeanWhatJavaMeans draws methods, calls each in Java and translated, and compares what they give or
// throw. A class that differs is kept where the environment's KEEP says.
func TestGeneratedMethodsMeanWhatJavaMeans(t *testing.T) {
	javac, java := jdk(t)
	sources := map[string]string{}
	var jobs []job
	for i := range *generatedRuns {
		class := fmt.Sprintf("Generated%d", i)
		source := generate(class, *firstSeed+uint64(i))
		sources[class+".java"] = source
		jobs = append(jobs, job{Class: "flashcall." + class, Input: json.RawMessage(`{}`), Answers: []loops.Answer{}, source: source})
	}
	want := runInJava(t, javac, java, sources, jobs)
	calls := 0
	for i, j := range jobs {
		got := runTranslated(t, j)
		a, b := strings.Split(want[i], `\\n`), strings.Split(got, `\\n`)
		calls += len(a) - 1
		if got == want[i] {
			continue
		}
		if folder := os.Getenv("KEEP"); folder != "" {
			_ = os.WriteFile(filepath.Join(folder, fmt.Sprintf("Generated%d.java", i)), []byte(j.source), 0o600)
		}
		t.Errorf("seed %d: %s", *firstSeed+uint64(i), lineApart(a, b))
	}
	t.Logf("%d methods, %d calls compared", len(jobs)*generatedMethods, calls)
}

// lineApart tells the first lines that differ.
func lineApart(want, got []string) string {
	var out strings.Builder
	shown := 0
	for i := range max(len(want), len(got)) {
		a, b := "nothing", "nothing"
		if i < len(want) {
			a = want[i]
		}
		if i < len(got) {
			b = got[i]
		}
		if a != b && shown < 5 {
			shown++
			fmt.Fprintf(&out, "\nJava %.400s\nwe   %.400s", a, b)
		}
	}
	return out.String()
}
