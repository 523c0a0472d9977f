package hocon

import (
	"bytes"
	"encoding/json"
	"math/big"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
)

// corpusDir is the reference corpus, which is kept beside the repository.
const corpusDir = "../../../shared/hocon"

func env(pairs ...string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		for _, p := range pairs {
			if k, v, _ := strings.Cut(p, "="); k == name {
				return v, true
			}
		}
		return "", false
	}
}

// TestReferenceCases reads every case of the corpus and compares it with what the reference implementation answers.
func TestReferenceCases(t *testing.T) {
	o := Options{LookupEnv: env("HOCON_T_FOO=envfoo", "HOCON_T_PORT=8081", "HOCON_T_EMPTY=")}
	runCorpus(t, "cases", func(name string) (*Config, error) {
		return ParseFile("cases/"+name+"/main.conf", o)
	})
}

// TestReferenceFixtures reads the reference implementation's own fixtures.
func TestReferenceFixtures(t *testing.T) {
	o := Options{LookupEnv: env("PATH=/usr/bin:/bin", "HOME=/home/ringtail", "PWD=/srv", "LANG=C.UTF-8", "SHELL=/bin/sh")}
	runCorpus(t, "lightbend", func(name string) (*Config, error) {
		return ParseFile("lightbend/"+name, o)
	})
}

func runCorpus(t *testing.T, set string, read func(name string) (*Config, error)) {
	if _, err := os.Stat(corpusDir); err != nil {
		t.Skip("the reference corpus isn't beside this repository; testdata/cases is the suite's own")
	}
	t.Chdir(corpusDir)
	table, err := os.ReadFile(filepath.Join(set, "expected.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(table)) {
		cells := strings.SplitN(strings.TrimSuffix(line, "\n"), "\t", 3)
		if len(cells) < 3 {
			t.Fatalf("expected.tsv: %q has %d cells", line, len(cells))
		}
		name, kind, want := cells[0], cells[1], cells[2]
		t.Run(name+" "+kind, func(t *testing.T) {
			c, err := read(name)
			switch getter, typed := strings.CutPrefix(kind, "T:"); {
			case typed:
				if err != nil {
					t.Fatal(err)
				}
				if got := typedText(c, getter); got != want {
					t.Errorf("%s is %s, want %s", getter, got, want)
				}
			case kind == "ERR":
				checkPlaced(t, err)
			case err != nil:
				t.Fatal(err)
			default:
				sameJSON(t, c, want)
			}
		})
	}
}

// checkPlaced says that err is there and names a place.
func checkPlaced(t *testing.T, err error) {
	t.Helper()
	if err == nil {
		t.Fatal("it is read without an error")
	}
	var all []*Error
	switch err := err.(type) {
	case *Error:
		all = []*Error{err}
	case Errors:
		all = err
	default:
		t.Fatalf("%T isn't an *Error or Errors: %v", err, err)
	}
	for _, e := range all {
		if e.Pos.Line < 1 || e.Pos.Col < 1 || e.Pos.File == "" {
			t.Errorf("the error has no place: %v", e)
		}
	}
	t.Log(err)
}

// typedText runs a getter ("dur a.b") and gives its value the way expected.tsv writes it.
func typedText(c *Config, getter string) string {
	kind, path, _ := strings.Cut(getter, " ")
	v, _ := c.Lookup(path)
	var text string
	var err error
	switch kind {
	case "dur":
		d, e := v.Duration()
		text, err = strconv.FormatInt(d.Nanoseconds(), 10), e
	case "bytes":
		n, e := v.Bytes()
		text, err = strconv.FormatInt(n, 10), e
	case "bool":
		b, e := v.Bool()
		text, err = strconv.FormatBool(b), e
	case "int":
		n, e := v.Int()
		text, err = strconv.Itoa(n), e
	case "str":
		text, err = v.Str()
	case "strlist":
		s, e := v.Strings()
		text, err = "["+strings.Join(s, ", ")+"]", e
	default:
		return "no such getter: " + kind
	}
	if err != nil {
		return "ERR"
	}
	return text
}

// sameJSON compares values; numbers as numbers, for the reference writes some of them in another form.
func sameJSON(t *testing.T, c *Config, want string) {
	t.Helper()
	got, err := c.JSON()
	if err != nil {
		t.Fatal(err)
	}
	if string(got) == want {
		return
	}
	if !reflect.DeepEqual(decodeJSON(t, got), decodeJSON(t, []byte(want))) {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func decodeJSON(t *testing.T, text []byte) any {
	t.Helper()
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return exact(v)
}

// exact makes numbers comparable.
func exact(v any) any {
	switch v := v.(type) {
	case json.Number:
		if r, ok := new(big.Rat).SetString(v.String()); ok && r.IsInt() && r.Num().IsInt64() {
			return r.Num().Int64()
		}
		f, _ := v.Float64()
		return f
	case []any:
		for i := range v {
			v[i] = exact(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = exact(v[k])
		}
	}
	return v
}
