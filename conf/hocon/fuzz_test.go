package hocon

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// FuzzParse: reading always ends and never panics, errors have a place, and what is read can be written as JSON and edited.
func FuzzParse(f *testing.F) {
	names, err := filepath.Glob("testdata/cases/*.txt")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	for seed := range uint64(100) {
		f.Add([]byte(newGenerator(seed).document()))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		o := Options{
			LookupEnv: env("HOME=/home/user"),
			ReadFile: func(name string) ([]byte, error) {
				if filepath.Base(name) == "self.conf" || filepath.Base(name) == "self.properties" {
					return doc, nil
				}
				return nil, fs.ErrNotExist
			},
			Limits: Limits{MaxSize: 1 << 20, MaxIncludes: 20},
		}
		for _, name := range []string{"main.conf", "main.json", "main.properties"} {
			c, err := Parse(name, doc, o)
			if err != nil {
				checkPlaced(t, err)
				continue
			}
			text, err := json.Marshal(c.Root())
			if err != nil || !json.Valid(text) {
				t.Fatalf("%v: %s", err, text)
			}
			walk(c.Root())
		}
		d, err := ParseDocument("main.conf", doc)
		if err != nil {
			return
		}
		if err := d.Set("a.b", "1"); err == nil {
			if text, _, ok := d.Literal("a.b"); !ok || text != "1" {
				t.Fatalf("a.b is %q in %q", text, d.Bytes())
			}
		}
		_ = d.Remove("a")
	})
}

// walk calls every getter of every value.
func walk(v Value) {
	_, _ = v.Str()
	_, _ = v.Bool()
	_, _ = v.Int()
	_, _ = v.Float()
	_, _ = v.Duration()
	_, _ = v.Bytes()
	_, _ = v.Strings()
	for _, k := range v.Keys() {
		field, _ := v.Get(k)
		walk(field)
	}
	for _, e := range v.Elems() {
		walk(e)
	}
}
