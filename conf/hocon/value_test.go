package hocon

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"
)

func parse(t *testing.T, text string) *Config {
	t.Helper()
	c, err := Parse("main.conf", []byte(text), Options{LookupEnv: env("HOME=/home/user")})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestGetters(t *testing.T) {
	duration := func(v Value) (any, error) { return v.Duration() }
	size := func(v Value) (any, error) { return v.Bytes() }
	period := func(v Value) (any, error) { return v.Period() }
	whole := func(v Value) (any, error) { return v.Int64() }
	float := func(v Value) (any, error) { return v.Float() }
	boolean := func(v Value) (any, error) { return v.Bool() }
	text := func(v Value) (any, error) { return v.Str() }
	list := func(v Value) (any, error) {
		s, err := v.Strings()
		return strings.Join(s, "|"), err
	}
	const refused = "refused"
	for _, c := range []struct {
		literal string
		get     func(Value) (any, error)
		want    any
	}{
		{"10", duration, 10 * time.Millisecond}, {"-5s", duration, -5 * time.Second}, {`"1.5 h"`, duration, 90 * time.Minute},
		{"1 day", duration, 24 * time.Hour}, {"2 minute", duration, 2 * time.Minute}, {"3 micros", duration, 3 * time.Microsecond},
		{"4 millisecond", duration, 4 * time.Millisecond}, {"7ns", duration, 7 * time.Nanosecond}, {`"  8  s  "`, duration, 8 * time.Second},
		{"1e3ms", duration, time.Second}, {"10S", duration, refused}, {"2w", duration, refused}, {"s", duration, refused}, {`""`, duration, refused},
		{"true", duration, refused}, {"null", duration, refused}, {"[1s]", duration, refused}, {"106752d", duration, refused},
		{"1e300 d", duration, refused}, {"5 s s", duration, refused}, {"99999999999999999999 s", duration, refused}, {"0x10 s", duration, refused},
		{"Infinity", duration, refused}, {"1_000 s", duration, refused},

		{"10", period, Period{Days: 10}}, {"2 weeks", period, Period{Days: 14}}, {"3mo", period, Period{Months: 3}}, {"-1 year", period, Period{Years: -1}},
		{"1.5d", period, refused}, {"1h", period, refused}, {"99999999999 d", period, refused}, {"{}", period, refused},

		{"512", size, int64(512)}, {"1k", size, int64(1024)}, {"1K", size, int64(1024)}, {"1kB", size, int64(1000)}, {"1Ki", size, int64(1024)},
		{"1KiB", size, int64(1024)}, {"1.5M", size, int64(1572864)}, {"10 megabytes", size, int64(10_000_000)}, {"2 mebibyte", size, int64(2 << 20)},
		{"7E", size, int64(7 << 60)}, {"1GB", size, int64(1e9)}, {"3 bytes", size, int64(3)}, {"0.5B", size, int64(0)}, {"8E", size, refused}, {"1Y", size, refused},
		{"1KB", size, refused}, {"1mb", size, refused}, {"k", size, refused}, {"[]", size, refused}, {"1e400", size, refused}, {"1 1", size, refused},

		{"5", whole, int64(5)}, {`"5"`, whole, int64(5)}, {"5.0", whole, int64(5)}, {"1e3", whole, int64(1000)}, {"-9223372036854775808", whole, int64(math.MinInt64)},
		{"9223372036854775808", whole, refused}, {"5.5", whole, refused}, {"x", whole, refused}, {"true", whole, refused}, {"null", whole, refused},
		{"1e30", whole, refused}, {"0x10", whole, refused},

		{"1.25", float, 1.25}, {`"1e-2"`, float, 0.01}, {"NaN", float, refused}, {"1e400", float, refused}, {"{}", float, refused},
		{"yes", boolean, true}, {"off", boolean, false}, {`"true"`, boolean, true}, {"1", boolean, refused}, {"TRUE", boolean, refused}, {"null", boolean, refused},
		{"1.50", text, "1.50"}, {"true", text, "true"}, {"x y", text, "x y"}, {"null", text, refused}, {"[x]", text, refused}, {"{}", text, refused},
		{"[a, 1.0, true]", list, "a|1.0|true"}, {`{ "1" = b, "0" = a, x = c }`, list, "a|b"}, {"[]", list, ""}, {"[[a]]", list, refused}, {"{}", list, refused}, {"a", list, refused},
	} {
		v, _ := parse(t, "a = "+c.literal).Lookup("a")
		got, err := c.get(v)
		switch {
		case c.want == refused && err == nil:
			t.Errorf("%s is taken as %v", c.literal, got)
		case c.want == refused:
			var e *Error
			if !errors.As(err, &e) || e.Pos.Line != 1 || !strings.HasPrefix(e.Path, "a") {
				t.Errorf("%s: the error has no place: %v", c.literal, err)
			}
		case err != nil || got != c.want:
			t.Errorf("%s is %v, %v; want %v", c.literal, got, err, c.want)
		}
	}
}

// TestErrorsHideText: a value that is wrong may be a secret.
func TestErrorsHideText(t *testing.T) {
	v, _ := parse(t, "a = hunter2").Lookup("a")
	_, e1 := v.Int()
	_, e2 := v.Duration()
	_, e3 := v.Bytes()
	_, e4 := v.Bool()
	_, e5 := v.Strings()
	if err := errors.Join(e1, e2, e3, e4, e5); strings.Contains(err.Error(), "hunter") {
		t.Error(err)
	}
}

func TestZeroValue(t *testing.T) {
	var v Value
	if v.Kind() != Null || v.Pos() != (Pos{}) || len(v.Keys()) != 0 || len(v.Elems()) != 0 || v.String() != "null" {
		t.Errorf("%v %v", v, v.Pos())
	}
	if _, err := v.Str(); err == nil {
		t.Error("it is a string")
	}
	if _, ok := v.Get("x"); ok {
		t.Error("it has a field")
	}
}

// TestPositions: every value says where it is written, also after includes, substitutions and merges.
func TestPositions(t *testing.T) {
	files := func(name string) ([]byte, error) { return []byte("in = [\n  1, {x = 2}]"), nil }
	c, err := Load(Options{LookupEnv: env("HOME=/home/user"), ReadFile: files},
		Source{"defaults.conf", []byte("a { port = 80\n  host = \"h\" }\nb = ${a.port}\nkept = 1")},
		Source{"main.conf", []byte("a.host = new\na.port = 81\ncopy = ${a}\nlist = [1] [2,\n 3]\nжук = 1, after = 2\nhome = ${HOME}\ninclude \"in.conf\"\ntext = x ${kept}")})
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"a.host": "main.conf:1:10", "a.port": "main.conf:2:10", "b": "main.conf:2:10", "copy.host": "main.conf:1:10",
		"kept": "defaults.conf:4:8", "after": "main.conf:6:18", "home": "main.conf:7:8", "list": "main.conf:4:8", "text": "main.conf:9:8",
	} {
		v, ok := c.Lookup(path)
		if !ok || v.Pos().String() != want || v.Path() != path {
			t.Errorf("%s (%s) is at %s, want %s", path, v.Path(), v.Pos(), want)
		}
	}
	in, _ := c.Lookup("in")
	x, _ := in.Elems()[1].Get("x")
	if got := x.Pos().String() + " " + x.Path(); got != "in.conf:2:11 in[1].x" {
		t.Error(got)
	}
	a, _ := c.Lookup("a")
	if got := a.KeyPos("host").String() + " " + c.Root().KeyPos("b").String(); got != "main.conf:1:1 defaults.conf:3:1" {
		t.Error(got)
	}
	if got := strings.Join(a.Keys(), " "); got != "port host" {
		t.Errorf("keys %s", got)
	}
}

// TestLayers: substitutions see what all layers together say.
func TestLayers(t *testing.T) {
	c, err := Load(Options{},
		Source{"defaults.conf", []byte("base = /default\nlog = ${base}/log\nlist = [1]\no { a = 1, b = 2 }")},
		Source{"main.conf", []byte("base = /srv\nlist += 2\no = ${o} { b = 3 }\nold = ${log}")})
	if err != nil {
		t.Fatal(err)
	}
	sameJSON(t, c, `{"base":"/srv","list":[1,2],"log":"/srv/log","o":{"a":1,"b":3},"old":"/srv/log"}`)
}

func TestPaths(t *testing.T) {
	for _, keys := range [][]string{{"a"}, {"a", "b.c", ""}, {"x y", "\"", "é"}, {"include"}, {"10", "-1"}, {"true"}, {" a "}, {"\n", "\\"}} {
		got, err := SplitPath(JoinPath(keys...))
		if err != nil || strings.Join(got, "\x00") != strings.Join(keys, "\x00") {
			t.Errorf("%q becomes %s, then %q, %v", keys, JoinPath(keys...), got, err)
		}
	}
	for _, path := range []string{"", "a..b", ".a", "a.", "${a}", "a=b", "\"a", "a,b", "a#b", "[0]"} {
		if keys, err := SplitPath(path); err == nil {
			t.Errorf("%q is taken as %q", path, keys)
		}
	}
}
