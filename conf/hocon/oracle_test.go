package hocon

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
)

const (
	oracleJar       = "/usr/share/java/typesafe-config.jar" // Debian's libtypesafe-config-java
	oracleDocuments = 3000
)

// TestAgainstReference compares random documents with the reference implementation: both must give the same JSON, or both refuse.
func TestAgainstReference(t *testing.T) {
	if _, err := os.Stat(oracleJar); err != nil {
		t.Skipf("went without the comparison with the reference implementation: %v", err)
	}
	for _, tool := range []string{"java", "javac"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("went without the comparison with the reference implementation: %v", err)
		}
	}
	n := oracleDocuments
	if s := os.Getenv("HOCON_ORACLE_DOCUMENTS"); s != "" {
		n, _ = strconv.Atoi(s)
	}
	seed, _ := strconv.ParseUint(os.Getenv("HOCON_ORACLE_SEED"), 10, 64)
	dir := t.TempDir()
	writeFiles(t, dir, map[string]string{
		"inc1.conf":       "a = 5\ni { x = ${a}, y = ${?c} }\n",
		"inc2.properties": "b.c=from properties\nd=1\n",
		"inc2.json":       `{"b": {"c": 2.50, "e": [1, {"f": null}]}}`,
		"sub/inc3.conf":   "include \"deep\"\nc += 1\n",
		"sub/deep.conf":   "d = ${?a}\n",
	})
	docs := make([]string, n)
	for i := range docs {
		docs[i] = newGenerator(seed + uint64(i)).document()
		writeFiles(t, dir, map[string]string{strconv.Itoa(i) + ".conf": docs[i]})
	}
	answers := askOracle(t, dir, n)
	good, inCircles := 0, 0
	for i, doc := range docs {
		want, ok := strings.CutPrefix(answers[i], "OK\t")
		if ok {
			good++
		}
		c, circles, err := readCounting(filepath.Join(dir, strconv.Itoa(i)+".conf"))
		switch {
		case circles || strings.Contains(answers[i], "cycle"):
			inCircles++ // which of the substitutions in a circle is undefined depends on where one begins
		case ok && err != nil:
			t.Errorf("document %d:\n%s\nis refused: %v\nwant %s", i, doc, err, want)
		case !ok && err == nil:
			got, _ := c.JSON()
			t.Errorf("document %d:\n%s\nis read as %s\nwant %s", i, doc, got, answers[i])
		case ok:
			got, _ := c.JSON()
			if !reflect.DeepEqual(decodeJSON(t, got), decodeJSON(t, []byte(want))) {
				t.Errorf("document %d:\n%s\nis read as %s\nwant %s", i, doc, got, want)
			}
		}
	}
	t.Logf("%d documents, %d of them good, %d left out for substitutions in a circle", n, good, inCircles)
	if good < n/10 {
		t.Errorf("only %d of %d documents are good; the generator is of no use", good, n)
	}
}

// readCounting says as well whether substitutions led back to themselves.
func readCounting(name string) (c *Config, circles bool, err error) {
	l := newLoader(Options{LookupEnv: env("FOO=envfoo", "EMPTY=")})
	text, err := l.read(name)
	if err != nil {
		return nil, false, err
	}
	c, err = l.config(Source{Name: name, Text: text})
	return c, l.circles > 0, err
}

// askOracle gives a line for each document.
func askOracle(t *testing.T, dir string, n int) []string {
	t.Helper()
	classes := t.TempDir()
	compile := exec.Command("javac", "-cp", oracleJar, "-d", classes, "testdata/oracle/Oracle.java")
	if out, err := compile.CombinedOutput(); err != nil {
		t.Fatalf("javac: %v\n%s", err, out)
	}
	run := exec.Command("java", "-cp", oracleJar+":"+classes, "Oracle", dir, strconv.Itoa(n))
	run.Env = []string{"FOO=envfoo", "EMPTY="}
	var problems bytes.Buffer
	run.Stderr = &problems
	out, err := run.Output()
	if err != nil {
		t.Fatalf("java: %v\n%s", err, problems.String())
	}
	lines := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
	if len(lines) != n {
		t.Fatalf("the reference gives %d answers to %d documents", len(lines), n)
	}
	return lines
}

func writeFiles(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
