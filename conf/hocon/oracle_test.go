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
	oracleDocuments = 2000
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
	good, odd, differ := 0, 0, 0
	for i, doc := range docs {
		if strings.HasPrefix(answers[i], "OK") {
			good++
		}
		name := filepath.Join(dir, strconv.Itoa(i)+".conf")
		c, circles, err := readCounting(name)
		known := circles || contested(name, doc)
		if known {
			odd++
		}
		if problem := difference(t, c, err, answers[i]); problem != "" && known {
			differ++
		} else if problem != "" {
			t.Errorf("document %d:\n%s\n%s\nwant %s", i, doc, problem, answers[i])
		}
	}
	t.Logf("%d documents, %d of them good; %d in the contested corner, where %d differ", n, good, odd, differ)
	if good < n/10 || odd > n*6/10 {
		t.Error("the generator writes too few documents that are of use")
	}
	if differ > n/100 {
		t.Errorf("%d documents differ from the reference", differ)
	}
}

// difference says how our answer differs from the reference's; empty where it doesn't.
func difference(t *testing.T, c *Config, err error, answer string) string {
	want, ok := strings.CutPrefix(answer, "OK\t")
	if err != nil {
		if ok {
			return "is refused: " + err.Error()
		}
		return ""
	}
	got, err := c.JSON()
	if err != nil {
		t.Fatal(err)
	}
	if !ok || !reflect.DeepEqual(decodeJSON(t, got), decodeJSON(t, []byte(want))) {
		return "is read as " + string(got)
	}
	return ""
}

// contested says whether a document is in a corner where the reference implementation is known to leave its own specification, or
// to depend on the order of a hash table: one key gets both an object and something else, or a list and something else. There it resolves definitions that are hidden, forgets
// older ones after a substitution, and does not merge an object that has once hidden another value. Substitutions in a circle are the other corner.
func contested(name, doc string) bool {
	d, err := ParseDocument(name, []byte(doc))
	if err != nil {
		return false
	}
	const object, list, other = 1, 2, 4
	kinds := map[string]int{}
	var walk func(o *objectSyntax, at []string)
	walk = func(o *objectSyntax, at []string) {
		for _, f := range o.fields {
			if f.include != nil {
				kinds["a"] |= other // what the included files of this test set
				kinds["d"] |= other
				kinds["c"] |= other
				continue
			}
			path := append(append([]string(nil), at...), f.path...)
			for i := 1; i < len(path); i++ {
				kinds[JoinPath(path[:i]...)] |= object
			}
			for _, p := range f.value.pieces {
				switch key := JoinPath(path...); {
				case p.obj != nil:
					kinds[key] |= object
					walk(p.obj, path)
				case p.arr != nil && kinds[key]&list == 0 && f.sep.kind != tokPlusEquals:
					kinds[key] |= list
				default:
					kinds[key] |= other
				}
			}
		}
	}
	walk(d.root, nil)
	for _, k := range kinds {
		if k&(k-1) != 0 { // more than one
			return true
		}
	}
	return false
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
