package loops_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/loops"
)

func TestCodeOf(t *testing.T) {
	type codeCase struct {
		value map[string]any
		want  string // empty: bad_answer
	}
	check := func(name string, m loops.Manifest, own string, tc codeCase) {
		t.Run(name, func(t *testing.T) {
			got, err := m.CodeOf(tc.value, own, 4)
			if got != tc.want {
				t.Errorf("got %q, %v; want %q", got, err, tc.want)
			}
			var f *loops.Failure
			if (tc.want == "") != (errors.As(err, &f) && f.Key == loops.BadAnswer) {
				t.Errorf("err = %v", err)
			}
		})
	}
	for name, tc := range map[string]codeCase{
		"code":                 {map[string]any{"code": "1234"}, "1234"},
		"whole caller number":  {map[string]any{"code": "+7 (495) 000-00-42"}, "0042"},
		"caller":               {map[string]any{"caller": "74950000042"}, "0042"},
		"code before caller":   {map[string]any{"code": "1111", "caller": "74950000042"}, "1111"},
		"null code":            {map[string]any{"code": nil, "caller": "74950000042"}, "0042"},
		"number":               {map[string]any{"code": json.Number("74950001234")}, "1234"},
		"leading zeros":        {map[string]any{"code": "0007"}, "0007"},
		"too short":            {map[string]any{"code": "42"}, ""},
		"short number":         {map[string]any{"code": json.Number("42")}, ""},
		"empty":                {map[string]any{"code": ""}, ""},
		"nothing":              {map[string]any{}, ""},
		"null":                 {map[string]any{"code": nil}, ""},
		"letters":              {map[string]any{"code": "12a4"}, ""},
		"other digits":         {map[string]any{"code": "１２３４"}, ""},
		"fraction":             {map[string]any{"code": json.Number("1234.5")}, ""},
		"exponent":             {map[string]any{"code": json.Number("1e10")}, ""},
		"boolean":              {map[string]any{"code": true}, ""},
		"object":               {map[string]any{"code": map[string]any{}}, ""},
		"plus in the middle":   {map[string]any{"code": "12+34"}, ""},
		"a wrong code decides": {map[string]any{"code": "none", "caller": "74950000042"}, ""},
		"negative number":      {map[string]any{"code": json.Number("-1234")}, ""},
		"empty number":         {map[string]any{"code": json.Number("")}, ""},
	} {
		check(name, loops.Manifest{}, "", tc)
	}
	for name, tc := range map[string]codeCase{
		"lost zeros":        {map[string]any{"code": json.Number("42")}, "0042"},
		"nothing but zeros": {map[string]any{"code": json.Number("0")}, "0000"},
		"whole number":      {map[string]any{"code": json.Number("74950001234")}, "1234"},
		"text":              {map[string]any{"code": "42"}, ""},
		"caller":            {map[string]any{"caller": json.Number("42")}, ""},
		"negative":          {map[string]any{"code": json.Number("-42")}, ""},
		"fraction":          {map[string]any{"code": json.Number("4.2")}, ""},
	} {
		check("codes may begin with 0: "+name, loops.Manifest{LeadingZero: true}, "", tc)
	}
	for name, tc := range map[string]codeCase{
		"silent":  {map[string]any{}, "1234"},
		"null":    {map[string]any{"code": nil}, "1234"},
		"echoed":  {map[string]any{"code": "1234"}, "1234"},
		"caller":  {map[string]any{"caller": "74950001234"}, "1234"},
		"another": {map[string]any{"code": "4321"}, ""},
		"broken":  {map[string]any{"code": true}, ""},
	} {
		check("our own code: "+name, loops.Manifest{CodeOrigin: loops.CodeFromUs}, "1234", tc)
	}
}

func TestKindAndMovesOn(t *testing.T) {
	on := []loops.Key{loops.Unreachable, loops.Unavailable, loops.DestinationForbidden, loops.NoFunds, loops.AuthFailed}
	for _, key := range loops.Keys() {
		f := &loops.Failure{Key: key}
		if f.Kind() != key || f.MovesOn() != slices.Contains(on, key) {
			t.Errorf("%s: kind %s, moves on %v", key, f.Kind(), f.MovesOn())
		}
	}
	for status, want := range map[string]loops.Key{
		"401": loops.AuthFailed, "403": loops.AuthFailed, "402": loops.NoFunds, "429": loops.RateLimited, "500": loops.Unavailable, "599": loops.Unavailable,
		"200": loops.BadAnswer, "302": loops.BadAnswer, "404": loops.BadAnswer, "": loops.BadAnswer, "600": loops.BadAnswer, "x": loops.BadAnswer,
	} {
		if got := (&loops.Failure{Key: "wrong_http_status", Params: map[string]string{"status": status}}).Kind(); got != want {
			t.Errorf("status %q is %s, want %s", status, got, want)
		}
	}
	if f := (&loops.Failure{Key: "my_own_word"}); f.Kind() != loops.BadAnswer || f.MovesOn() {
		t.Errorf("an unknown word is %s", f.Kind())
	}
}

func TestFailureNamesNoParameters(t *testing.T) {
	f := &loops.Failure{Key: loops.NoFunds, Params: map[string]string{"number": "79990000001"}, Cause: errors.New("why")}
	if got := f.Error(); got != "loop failed: no_funds: why" {
		t.Errorf("got %q", got)
	}
}

func TestStepsOf(t *testing.T) {
	steps := []loops.Step{{Request: loops.Request{Method: "GET"}}}
	for name, c := range map[string]struct {
		err  error
		want int
	}{
		"failure": {fmt.Errorf("running: %w", &loops.Failure{Key: loops.NoFunds, Steps: steps}), 1},
		"refusal": {&loops.Refusal{Reason: loops.ReasonTime, Steps: steps}, 1},
		"another": {errors.New("gone"), 0},
		"none":    {nil, 0},
	} {
		if got := loops.StepsOf(c.err); len(got) != c.want {
			t.Errorf("%s: %d steps, want %d", name, len(got), c.want)
		}
	}
}

func TestManifestFaults(t *testing.T) {
	good := loops.Manifest{Title: "X", Hosts: []string{"a.example", "*.b.example", "c.example:8443", "localhost:*"}, Secrets: []string{"token"},
		CodeOrigin: loops.CodeFromProvider, CodeLengths: []int{3, 8}, Timeout: time.Second}
	if err := good.Validate(); err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		change func(m *loops.Manifest)
		want   string
	}{
		"no title":      {func(m *loops.Manifest) { m.Title = "" }, "title: "},
		"address":       {func(m *loops.Manifest) { m.Hosts = []string{"https://a.example"} }, "hosts: "},
		"upper case":    {func(m *loops.Manifest) { m.Hosts = []string{"A.example"} }, "hosts: "},
		"any host":      {func(m *loops.Manifest) { m.Hosts = []string{"*"} }, "hosts: "},
		"inner star":    {func(m *loops.Manifest) { m.Hosts = []string{"a.*.example"} }, "hosts: "},
		"empty label":   {func(m *loops.Manifest) { m.Hosts = []string{"a..example"} }, "hosts: "},
		"secret's name": {func(m *loops.Manifest) { m.Secrets = []string{"my-key"} }, "secrets: "},
		"origin":        {func(m *loops.Manifest) { m.CodeOrigin = "they" }, "code.origin: "},
		"short code":    {func(m *loops.Manifest) { m.CodeLengths = []int{2} }, "code.lengths: "},
		"time":          {func(m *loops.Manifest) { m.Timeout = -1 }, "timeout: "},
		"short time":    {func(m *loops.Manifest) { m.Timeout = 10 * time.Millisecond }, "timeout: "},
		"channel":       {func(m *loops.Manifest) { m.Channel = "pigeon" }, "channel: "},
		"caution":       {func(m *loops.Manifest) { m.Caution = strings.Repeat("x", 401) }, "caution: "},
		"page":          {func(m *loops.Manifest) { m.Page = "javascript:alert(1)" }, "page: "},
		"same secret":   {func(m *loops.Manifest) { m.Secrets = []string{"a", "a"} }, "secrets: "},
	} {
		t.Run(name, func(t *testing.T) {
			m := good
			tc.change(&m)
			if err := m.Validate(); err == nil || !strings.HasPrefix(err.Error(), tc.want) {
				t.Errorf("err = %v, want %s..", err, tc.want)
			}
		})
	}
}

func TestNames(t *testing.T) {
	for name, want := range map[string]bool{
		"sms-ru": true, "x": true, "a1": true, "": false, "-a": false, "a-": false, "a--b": false, "A": false, "1a": false,
		"../a": false, "a/b": false, "a.b": false, "a b": false, strings.Repeat("a", 41): false,
	} {
		if loops.ValidName(name) != want {
			t.Errorf("%q: %v", name, !want)
		}
	}
}
