package java_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/engine"
)

// now is the time of every run, which the Java twin of Ringtail has too.
var now = time.UnixMilli(1772366400123).UTC()

// job is one run of a procedure.
type job struct {
	Class   string          `json:"class"`
	Input   json.RawMessage `json:"input"`
	Answers []loops.Answer  `json:"answers"`
	source  string
}

// jdk finds the compiler, or skips the test where there is none.
func jdk(t *testing.T) (javac, java string) {
	t.Helper()
	javac, err := exec.LookPath("javac")
	if err != nil {
		t.Skip("there is no javac on this machine, so nothing to compare with")
	}
	java, err = exec.LookPath("java")
	if err != nil {
		t.Skip("there is no java on this machine, so nothing to compare with")
	}
	return javac, java
}

// TestProceduresMeanWhatJavaMeans runs every procedure of testdata/procedures in Java and translated, and compares each
// request, and what the run ended with. A line "// run {input}" of a procedure begins a run, "// answer STATUS BODY" gives
// an answer of the provider.
func TestProceduresMeanWhatJavaMeans(t *testing.T) {
	javac, java := jdk(t)
	files, err := filepath.Glob("testdata/procedures/*.java")
	if err != nil || len(files) < 40 {
		t.Fatalf("%d procedures, %v", len(files), err)
	}
	var jobs []job
	sources := map[string]string{}
	for _, file := range files {
		read := jobsOf(t, file)
		jobs = append(jobs, read...)
		sources[file] = read[0].source
	}
	want := runInJava(t, javac, java, sources, jobs)
	for i, j := range jobs {
		t.Run(fmt.Sprint(j.Class, i), func(t *testing.T) {
			if got := runTranslated(t, j); got != want[i] {
				a, b := apart(want[i], got)
				t.Errorf("Java\n%s\nwe\n%s", a, b)
			}
		})
	}
}

var (
	packageLine = regexp.MustCompile(`(?m)^package ([\w.]+);`)
	directive   = regexp.MustCompile(`(?m)^// (run|answer) (.*)$`)
)

// jobsOf reads the runs that a procedure's file tells, or one where it tells none.
func jobsOf(t *testing.T, file string) []job {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	source := string(raw)
	class := strings.TrimSuffix(filepath.Base(file), ".java")
	if m := packageLine.FindStringSubmatch(source); m != nil {
		class = m[1] + "." + class
	}
	start := job{Class: class, Input: json.RawMessage(`{"phone_number":"79990000001","code":"1234","code_length":4}`), Answers: []loops.Answer{}, source: source}
	var jobs []job
	for _, m := range directive.FindAllStringSubmatch(source, -1) {
		if m[1] == "run" {
			next := start
			next.Input = json.RawMessage(m[2])
			jobs = append(jobs, next)
			continue
		}
		if len(jobs) == 0 {
			jobs = append(jobs, start)
		}
		var a loops.Answer
		if _, err := fmt.Sscan(m[2], &a.Status); err != nil {
			t.Fatalf("%s: %s: %v", file, m[0], err)
		}
		_, a.Body, _ = strings.Cut(m[2], " ")
		last := &jobs[len(jobs)-1]
		last.Answers = append(last.Answers, a)
	}
	if len(jobs) == 0 {
		jobs = append(jobs, start)
	}
	return jobs
}

// compileJava compiles sources, named by file, with the Java twin of the contract into a folder of the test.
func compileJava(t *testing.T, javac string, sources map[string]string) string {
	t.Helper()
	folder := t.TempDir()
	args := []string{"-J-XX:+UseSerialGC", "-J-XX:TieredStopAtLevel=1", "-encoding", "UTF-8", "-nowarn", "-Xlint:none", "-proc:none", "-d", folder}
	err := filepath.WalkDir("testdata/jdk", func(path string, _ os.DirEntry, err error) error {
		if strings.HasSuffix(path, ".java") {
			args = append(args, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for file, source := range sources {
		path := filepath.Join(folder, filepath.Base(file))
		// The twin's clock stands still, as a step's does.
		source = strings.ReplaceAll(source, "System.currentTimeMillis()", "com.ringtail.loop.Ringtail.millis()")
		source = strings.ReplaceAll(source, "Instant.now()", "Instant.ofEpochMilli(com.ringtail.loop.Ringtail.millis())")
		if err := os.WriteFile(path, []byte(source), 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, path)
	}
	if out, err := exec.Command(javac, args...).CombinedOutput(); err != nil {
		t.Fatalf("javac: %v\n%s", err, out)
	}
	return folder
}

// startJava runs a class that was compiled and gives what it wrote.
func startJava(t *testing.T, java, folder, class string, input []byte) string {
	t.Helper()
	cmd := exec.Command(java, "-Duser.language=en", "-Duser.country=US", "-Dfile.encoding=UTF-8", "-XX:-ShowCodeDetailsInExceptionMessages", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", folder, class)
	cmd.Stdin = bytes.NewReader(input)
	var out, faults bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &faults
	if err := cmd.Run(); err != nil {
		t.Fatalf("java: %v\n%s", err, &faults)
	}
	return out.String()
}

func runInJava(t *testing.T, javac, java string, sources map[string]string, jobs []job) []string {
	t.Helper()
	folder := compileJava(t, javac, sources)
	var input bytes.Buffer
	for _, j := range jobs {
		line, err := json.Marshal(j)
		if err != nil {
			t.Fatal(err)
		}
		input.Write(append(line, '\n'))
	}
	parts := strings.Split(startJava(t, java, folder, "Main", input.Bytes()), "== ")[1:]
	if len(parts) != len(jobs) {
		t.Fatalf("Java answered %d of %d jobs", len(parts), len(jobs))
	}
	var out []string
	for _, p := range parts {
		_, told, _ := strings.Cut(p, "\n")
		out = append(out, strings.TrimSuffix(told, "\n"))
	}
	return out
}

// runTranslated runs a job in the engine and writes what came of it as the Java twin does.
func runTranslated(t *testing.T, j job) string {
	t.Helper()
	limits := loops.DefaultLimits()
	limits.Step, limits.Message, limits.Code = time.Minute, 64<<20, 64<<20
	e := engine.New(engine.Options{Limits: limits})
	q := loops.Question{Driver: &loops.Driver{Name: "test", File: "driver.java", Source: j.source}, Entry: loops.EntryStart, Input: j.Input, Now: now, Secrets: map[string]string{}}
	for _, m := range regexp.MustCompile(`secret\("(\w+)"\)`).FindAllStringSubmatch(j.source, -1) {
		q.Secrets[m[1]] = "secret of " + m[1]
	}
	var lines []string
	for i := 0; ; i++ {
		action, err := e.Step(q)
		if err != nil {
			return strings.Join(append(lines, refusedAs(t, err)), "\n")
		}
		lines = append(lines, escaped(told(action)))
		if action.Request == nil || i >= len(j.Answers) {
			return strings.Join(lines, "\n")
		}
		q.Answer, q.State = &j.Answers[i], action.State
	}
}

func escaped(s string) string {
	return strings.NewReplacer("\\", "\\\\", "\n", "\\n", "\r", "\\r").Replace(s)
}

// refusedAs writes an exception that wasn't caught.
func refusedAs(t *testing.T, err error) string {
	t.Helper()
	var refused *loops.Refusal
	if !errors.As(err, &refused) {
		t.Fatal(err)
	}
	switch {
	case strings.Contains(refused.Detail, "the driver returned null"):
		return "null"
	case strings.Contains(refused.Detail, "calls are nested deeper"):
		return "exception stack"
	case refused.Reason != loops.ReasonContract:
		t.Errorf("%s: %s", refused.Reason, refused.Detail)
	}
	_, text, _ := strings.Cut(refused.Detail, ": ")
	return escaped("exception " + text)
}

func told(a *loops.Action) string {
	switch {
	case a.Failure != nil && a.Failure.Key == loops.BadAnswer && strings.Contains(a.Failure.Params["detail"], " "):
		return "error bad_answer"
	case a.Failure != nil:
		out := "error " + string(a.Failure.Key)
		for _, k := range sorted(a.Failure.Params) {
			out += " " + k + "=" + a.Failure.Params[k]
		}
		return out
	case a.Request == nil:
		return "ok " + string(a.Ok)
	}
	r := a.Request
	out := r.Method + " " + r.URL + " {" + headers(r.Header) + "} " + r.Body
	if a.State != nil {
		out += " state " + string(a.State)
	}
	return out
}

func sorted[V any](m map[string]V) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func headers(h http.Header) string {
	lower := map[string][]string{}
	for k, v := range h {
		lower[strings.ToLower(k)] = v
	}
	var out []string
	for _, k := range sorted(lower) {
		out = append(out, k+"=["+strings.Join(lower[k], ", ")+"]")
	}
	return strings.Join(out, ", ")
}

// apart cuts what two texts have in common from both, but for some characters around.
func apart(a, b string) (string, string) {
	const around = 60
	head, tail := 0, 0
	for head < min(len(a), len(b)) && a[head] == b[head] {
		head++
	}
	for tail < min(len(a), len(b))-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	cut := func(s string) string { return s[max(0, head-around):min(len(s), len(s)-tail+around)] }
	return cut(a), cut(b)
}
