package templates

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// languages that have a message file.
func catalogs(t *testing.T) map[string]*catalog {
	t.Helper()
	files, err := fs.Glob(messageFiles, "messages/messages.*")
	if err != nil || len(files) < 2 {
		t.Fatalf("message files %v: %v", files, err)
	}
	all := map[string]*catalog{}
	for _, file := range files {
		lang := strings.TrimPrefix(filepath.Ext(file), ".")
		c, err := readCatalog(lang)
		if err != nil {
			t.Fatal(err)
		}
		all[lang] = c
	}
	return all
}

var pluralForm = regexp.MustCompile(`\.(zero|one|two|few|many|other)$`)

// stems are the catalog's keys without plural forms.
func stems(c *catalog) map[string]bool {
	keys := map[string]bool{}
	for key := range c.texts {
		keys[pluralForm.ReplaceAllString(key, "")] = true
	}
	return keys
}

func TestLanguagesHaveTheSameKeys(t *testing.T) {
	all := catalogs(t)
	english := stems(all["en"])
	for lang, c := range all {
		for key := range stems(c) {
			if !english[key] {
				t.Errorf("%s has %s, English has not", lang, key)
			}
		}
		for key := range english {
			if !stems(c)[key] {
				t.Errorf("%s lacks %s", lang, key)
			}
		}
	}
}

// A sentence that counts has every form its language needs, for any number.
func TestPluralFormsAreComplete(t *testing.T) {
	for lang, c := range catalogs(t) {
		for key := range c.texts {
			if !pluralForm.MatchString(key) {
				continue
			}
			stem := pluralForm.ReplaceAllString(key, "")
			for n := range 200 {
				if _, ok := c.text(stem, map[string]any{"n": n}); !ok {
					t.Fatalf("%s: %s has no form %s, which %d needs", lang, stem, c.form(n), n)
				}
			}
		}
	}
}

var placeholder = regexp.MustCompile(`\$\{(\w+)\}`)

// A translation names nothing that the English text doesn't. (It may leave out
// the number: "the last digit".)
func TestLanguagesHaveTheSameArguments(t *testing.T) {
	all := catalogs(t)
	names := func(c *catalog) map[string]map[string]bool {
		out := map[string]map[string]bool{}
		for key, text := range c.texts {
			stem := pluralForm.ReplaceAllString(key, "")
			if out[stem] == nil {
				out[stem] = map[string]bool{}
			}
			for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
				out[stem][m[1]] = true
			}
		}
		return out
	}
	english := names(all["en"])
	for lang, c := range all {
		for key, args := range names(c) {
			if !maps.Equal(args, english[key]) {
				t.Errorf("%s: %s uses %v, English %v", lang, key, args, english[key])
			}
		}
	}
}

// Every key that pages, code or a problem needs has a text, and no text is
// there for nothing.
func TestEveryKeyIsUsedAndNoneIsMissing(t *testing.T) {
	needed := map[string]bool{
		// Waits; see catalog.left.
		"duration.seconds": true, "duration.minutes": true, "duration.hours": true,
		"problem.internal.text": true, "problem.internal.hint": true,
		// The SMS; see package server.
		"message.code": true,
		// When a button is of use again; see view.way.
		"in": true,
		// Times; see until and Ago.
		"clock.now": true, "clock.ago": true, "clock.at": true, "clock.left": true, "clock.tomorrow": true,
	}
	for _, key := range keysOfPages(t) {
		needed[key] = true
	}
	for _, id := range problemsOfCode(t) {
		needed["problem."+id+".text"], needed["problem."+id+".hint"] = true, true
	}
	for _, key := range keysOfPhone(t) {
		needed[key] = true
	}
	for _, channel := range []string{"flashCall", "sms", "voice"} {
		needed["account.channel."+channel] = true
	}
	for _, state := range statesOfCode(t) {
		needed["account.state."+state] = true
	}
	for _, method := range []string{"password", "flashCall", "recovery"} {
		needed["method."+method+".name"], needed["method."+method+".about"] = true, true
	}
	for _, scope := range []string{"openid", "profile", "email", "phone", "address", "offline_access"} {
		needed["scope."+scope] = true
	}
	for _, key := range []string{"scope.openid.help", "scope.offline_access.help", "value.true", "value.false"} {
		needed[key] = true
	}
	for _, claim := range []string{
		"name", "given_name", "family_name", "middle_name", "nickname", "profile", "picture", "website", "gender", "birthdate",
		"zoneinfo", "locale", "preferred_username", "updated_at", "email", "email_verified", "phone_number", "phone_number_verified",
		"phone_number_verified_at", "address",
	} {
		needed["claim."+claim] = true // package idp/consent tests that there are no others
	}
	have := stems(catalogs(t)["en"])
	for key := range needed {
		if !have[key] {
			t.Errorf("no text for %s", key)
		}
	}
	for key := range have {
		if !needed[key] {
			t.Errorf("nothing uses %s", key)
		}
	}
}

// keysOfPhone are those that the page flashCall composes, for every channel and
// state, in both places that the step may have.
func keysOfPhone(t *testing.T) []string {
	t.Helper()
	r := newRenderer(t, Options{})
	keys := []string{"call.instead", "sms.instead", "voice.instead",
		"number.flashCall", "number.sms", "number.voice", "number.phone_country"}
	parts := []string{"code", "help", "start", "again", "nothing", "at", "not_mine"}
	for _, state := range constantsOfCode(t, "../factors/flashcall", "State") {
		parts = append(parts, state+".title")
		if (Step{State: state}).Open() || state == "ready" {
			parts = append(parts, state+".text")
		}
	}
	for _, channel := range []string{"flashCall", "sms", "voice"} {
		for _, first := range []bool{false, true} {
			v := r.view(&Page{Lang: "en", Data: Step{Values: map[string]any{"channel": channel, "first": first, "code_length": 4}}})
			for _, part := range parts {
				key, err := v.Words(part)
				if err != nil {
					t.Errorf("%s, first %v: %v", channel, first, err)
				}
				keys = append(keys, key)
			}
		}
	}
	return keys
}

var keyInPage = regexp.MustCompile(`\.T "([^"]+)"`)

// keysOfPages are those that stand in the pages as they are; composed ones
// ("flashCall.STATE.title") are named in the test above.
func keysOfPages(t *testing.T) []string {
	t.Helper()
	files, err := fs.Glob(pageFiles, "pages/*.html")
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, file := range files {
		content, err := fs.ReadFile(pageFiles, file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range keyInPage.FindAllStringSubmatch(string(content), -1) {
			keys = append(keys, m[1])
		}
	}
	return keys
}

var problemID = regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`)

// problemsOfCode are the problem ids of the whole program: by convention string
// constants whose names begin with Problem or problem.
func problemsOfCode(t *testing.T) []string {
	t.Helper()
	ids := append(constantsOfCode(t, "../factors", "Problem"), constantsOfCode(t, "../idp", "Problem")...)
	if len(ids) < 20 {
		t.Fatalf("found only %v: the search is broken", ids)
	}
	for i, id := range ids {
		if !problemID.MatchString(id) {
			t.Errorf("the problem id %q is not words joined by underscores", id)
		}
		if slices.Contains(ids[:i], id) {
			t.Errorf("two constants say %q: whoever shares a problem shares its constant", id)
		}
	}
	return ids
}

// constantsOfCode reads the string constants below a folder whose names begin
// with the prefix, in either case, and some more letters; one that stands twice
// comes twice.
func constantsOfCode(t *testing.T, folder, prefix string) []string {
	t.Helper()
	var values []string
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		values = append(values, constants(file, prefix)...)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(values)
	return values
}

// statesOfCode are the states that a challenge can be in: the constants of otp's
// type State.
func statesOfCode(t *testing.T) (states []string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../factors/otp/challenge.go", nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if kind, ok := spec.Type.(*ast.Ident); ok && kind.Name == "State" {
			state, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			states = append(states, state)
		}
		return true
	})
	if len(states) < 6 {
		t.Fatalf("found only %v: the search is broken", states)
	}
	return states
}

func constants(file *ast.File, prefix string) (values []string) {
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		for i, name := range spec.Names {
			named := len(name.Name) > len(prefix) && strings.EqualFold(name.Name[:len(prefix)], prefix) &&
				strings.ToUpper(name.Name[len(prefix):len(prefix)+1]) == name.Name[len(prefix):len(prefix)+1]
			if !named || i >= len(spec.Values) {
				continue
			}
			if lit, ok := spec.Values[i].(*ast.BasicLit); ok && lit.Kind == token.STRING {
				if value, err := strconv.Unquote(lit.Value); err == nil {
					values = append(values, value)
				}
			}
		}
		return true
	})
	return values
}

func TestPluralForms(t *testing.T) {
	all := catalogs(t)
	for _, test := range []struct {
		lang string
		n    int
		want string
	}{
		{"en", 1, "1 try left."}, {"en", 2, "2 tries left."}, {"en", 0, "0 tries left."},
		{"ru", 1, "Осталась 1 попытка."}, {"ru", 2, "Осталось 2 попытки."}, {"ru", 5, "Осталось 5 попыток."},
		{"ru", 11, "Осталось 11 попыток."}, {"ru", 21, "Осталась 21 попытка."}, {"ru", 22, "Осталось 22 попытки."},
	} {
		if got, _ := all[test.lang].text("flashCall.tries", map[string]any{"n": test.n}); got != test.want {
			t.Errorf("%s %d: %q, want %q", test.lang, test.n, got, test.want)
		}
	}
}

func TestLeft(t *testing.T) {
	all := catalogs(t)
	for wait, want := range map[time.Duration][2]string{
		-time.Minute:                        {"1 second", "1 секунду"},
		time.Millisecond:                    {"1 second", "1 секунду"},
		44*time.Second + 1:                  {"45 seconds", "45 секунд"},
		90 * time.Second:                    {"90 seconds", "90 секунд"},
		91 * time.Second:                    {"2 minutes", "2 минуты"},
		29*time.Minute + 59*time.Second:     {"30 minutes", "30 минут"},
		91 * time.Minute:                    {"2 hours", "2 часа"},
		5*time.Hour - 500*time.Millisecond:  {"5 hours", "5 часов"},
		21*time.Minute - 10*time.Nanosecond: {"21 minutes", "21 минуту"},
	} {
		for i, lang := range []string{"en", "ru"} {
			if got := all[lang].left(wait); got != want[i] {
				t.Errorf("%s %v: %q, want %q", lang, wait, got, want[i])
			}
		}
	}
}

func TestFill(t *testing.T) {
	args := map[string]any{"a": "${b}", "b": 2, "nil": nil}
	for text, want := range map[string]string{
		"${a} and ${b}": "${b} and 2", "${missing}.": ".", "${nil}.": ".", "${open": "${open", "$a": "$a", "": "",
	} {
		if got := fill(text, args); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestParseMessagesRefuses(t *testing.T) {
	for name, content := range map[string]string{
		"no sign": "a", "no key": "=a", "no text": "a=", "twice": "a=1\na=2",
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := parseMessages([]byte("# comment\n\n" + content)); err == nil || !strings.Contains(err.Error(), "line") {
				t.Errorf("error %v, want one with a line", err)
			}
		})
	}
	got, err := parseMessages([]byte("\n # comment\n a = b=c \r\n"))
	if err != nil || fmt.Sprint(got) != "map[a:b=c]" {
		t.Errorf("%v, %v", got, err)
	}
}
