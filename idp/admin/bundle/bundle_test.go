package bundle_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/ringtail-id/ringtail/idp/admin/bundle"
	"github.com/ringtail-id/ringtail/idp/settings"
)

const someSettings = `login {
  session.idle = 7h
  methods.flashCall { codeLength = 6, numbers.countries = [RU, KZ] }
}
tokens.access = "5m"
`

func TestApplyBringsTheFolderAndIsThenAtRest(t *testing.T) {
	w := newWorld(t)
	w.file("settings.conf", someSettings)
	want := `+ login.methods.flashCall.codeLength = 6
+ login.methods.flashCall.numbers.countries = ["RU","KZ"]
+ login.session.idle = "7h"
+ tokens.access = "5m"`
	if got := w.diff(); got != want {
		t.Errorf("differs:\n%s\nwant\n%s", got, want)
	}
	told, err := w.apply()
	if err != nil || told != want+"\nsaved as revision 1" {
		t.Errorf("told %s, %v", told, err)
	}
	served, _ := w.settings.Served()
	rev, _ := w.settings.Current(t.Context())
	if served.Login.Methods.FlashCall.CodeLength != 6 || rev.Comment != "deployed" {
		t.Errorf("served: %+v, comment %q", served.Login, rev.Comment)
	}
	if told, err := w.apply(); told != "" || err != nil || w.diff() != "" {
		t.Errorf("once more: %q, %v, %s", told, err, w.diff())
	}
	w.file("settings.conf", strings.Replace(someSettings, "session.idle = 7h", "level = 2", 1))
	told, err = w.apply()
	if err != nil || !strings.Contains(told, "- login.session.idle = \"7h\"") || !strings.Contains(told, "+ login.level = 2") {
		t.Errorf("told %s, %v", told, err)
	}
}

func TestExportIsWhatApplyReads(t *testing.T) {
	w := newWorld(t)
	w.file("settings.conf", someSettings+`registration.statements.issuers."a: b".issuer = "x, \"y\": z"`+"\nregistration.statements.issuers.\"a: b\".jwksUri = \"https://a.example/\"\n")
	if _, err := w.apply(); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "new")
	if gone, err := w.state().Write(dir); err != nil || len(gone) != 0 {
		t.Fatal(gone, err)
	}
	w.dir = dir
	if got := w.diff(); got != "" {
		text, _ := os.ReadFile(filepath.Join(dir, "settings.conf"))
		t.Errorf("what was exported differs: %s\n%s", got, text)
	}
}

const (
	source   = "function run(obj, result) {\n  return HttpLoop.Ok({code: obj.asString(\"code\")});\n}\n"
	manifest = "title = Ours\nhosts = [api.example]\ncode { origin = we, leadingZero = true }\n"
)

func TestDriversArePublishedAndWithdrawn(t *testing.T) {
	w := newWorld(t)
	w.file("settings.conf", "")
	w.file("drivers/ours/driver.js", source)
	w.file("drivers/ours/driver.conf", manifest)
	if got := w.diff(); !strings.HasPrefix(got, "+ drivers.ours = driver.js of 3 lines, driver.conf of 3, cases: 0, sha256 ") {
		t.Errorf("differs: %s", got)
	}
	told, err := w.apply()
	if err != nil || told != "driver ours published as version 1, revision 1" {
		t.Fatalf("told %s, %v", told, err)
	}
	if told, err = w.apply(); told != "" || err != nil {
		t.Errorf("once more: %s, %v", told, err)
	}
	w.file("drivers/ours/driver.js", strings.Replace(source, "Ok", "Ok ", 1))
	if before, after, _ := strings.Cut(w.diff(), " -> "); !strings.Contains(before, "sha256") || strings.HasSuffix(before, after) {
		t.Errorf("a change within a line: %s, then %s", before, after)
	}
	w.file("drivers/ours/driver.js", strings.Replace(source, "return", "// better\n  return", 1))
	if told, err = w.apply(); err != nil || told != "driver ours published as version 2, revision 2" {
		t.Errorf("changed: %s, %v", told, err)
	}
	out := t.TempDir()
	if _, err := w.state().Write(out); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(filepath.Join(out, "drivers", "ours", "driver.js")); err != nil || !strings.Contains(string(text), "// better") {
		t.Errorf("exported: %s, %v", text, err)
	}
	if err := os.RemoveAll(filepath.Join(w.dir, "drivers", "ours")); err != nil {
		t.Fatal(err)
	}
	if told, err = w.apply(); err != nil || told != "driver ours withdrawn" {
		t.Errorf("taken out: %s, %v", told, err)
	}
	if gone, err := w.state().Write(out); err != nil || len(gone) != 1 || gone[0] != "ours" {
		t.Errorf("left over: %v, %v", gone, err)
	}
}

func TestWithoutAFolderOfDriversNoneIsTouched(t *testing.T) {
	w := newWorld(t)
	w.file("settings.conf", "")
	w.file("drivers/ours/driver.js", source)
	w.file("drivers/ours/driver.conf", manifest)
	if _, err := w.apply(); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(w.dir, "drivers")); err != nil {
		t.Fatal(err)
	}
	if told, err := w.apply(); told != "" || err != nil {
		t.Errorf("%s, %v", told, err)
	}
}

func TestApplyRefusesWhatCantBe(t *testing.T) {
	for name, tt := range map[string]struct{ file, text, want string }{
		"a wrong value":         {"settings.conf", "login.level = 9", "login.level: is 9"},
		"a setting of the file": {"settings.conf", "issuer = \"https://evil.example\"", "issuer: can't be saved in the console"},
		"a broken script":       {"drivers/ours/driver.js", "function run( {", "publishing the driver ours"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.file("settings.conf", "")
			if strings.HasPrefix(tt.file, "drivers") {
				w.file("drivers/ours/driver.conf", manifest)
			}
			w.file(tt.file, tt.text)
			if _, err := w.apply(); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
			if rev, _ := w.settings.Current(t.Context()); rev.Number != 0 {
				t.Error("something was saved")
			}
		})
	}
}

// A draft that somebody works on isn't thrown away by a deployment.
func TestADraftOfSomebodyIsLeftAlone(t *testing.T) {
	w := newWorld(t)
	w.file("settings.conf", "")
	w.file("drivers/ours/driver.conf", manifest)
	w.file("drivers/ours/driver.js", "function run( {")
	if _, err := w.apply(); err == nil {
		t.Fatal("a broken driver was published")
	}
	w.file("drivers/ours/driver.js", source)
	if _, err := w.apply(); err == nil || !strings.Contains(err.Error(), "there is a draft of client deploy") {
		t.Errorf("got %v", err)
	}
}

func TestSomebodyWhoSavedMeanwhileIsNotOverwritten(t *testing.T) {
	w := newWorld(t)
	w.file("settings.conf", "login.methods.flashCall.codeLength = 6")
	seen := w.state()
	wants, err := bundle.Read(os.DirFS(w.dir), seen.Whole)
	w.must(err)
	w.file("settings.conf", "login.methods.flashCall.codeLength = 5")
	if _, err := w.apply(); err != nil {
		t.Fatal(err)
	}
	err = w.client.Apply(t.Context(), seen, wants, "", func(string) {})
	if err == nil || !strings.Contains(err.Error(), "edit_conflict") {
		t.Errorf("got %v", err)
	}
}

func TestEachRequestHasTheRightsItNeedsAlone(t *testing.T) {
	w := newWorld(t)
	w.file("settings.conf", "lang.languages = [ru, en]")
	if _, err := w.apply(); err != nil {
		t.Fatal(err)
	}
	want := "GET blitz_admin_settings, PATCH blitz_admin_settings_chg blitz_admin_pages_chg"
	if got := strings.Join(w.asked, ", "); got != want {
		t.Errorf("asked with %s, want %s", got, want)
	}
}

func TestReadRefuses(t *testing.T) {
	settingsAnd := func(name, text string) fstest.MapFS {
		return fstest.MapFS{"settings.conf": {}, name: {Data: []byte(text)}}
	}
	for name, tt := range map[string]struct {
		folder fstest.MapFS
		want   string
	}{
		"no settings":        {fstest.MapFS{}, "settings.conf"},
		"no HOCON":           {settingsAnd("settings.conf", "a = ["), "settings.conf:1"},
		"the environment":    {settingsAnd("settings.conf", "login.level = ${HOME}"), "HOME"},
		"an include":         {settingsAnd("settings.conf", `include required(file("/etc/passwd"))`), "includes nothing"},
		"a driver by number": {settingsAnd("settings.conf", "drivers.ours = 3"), "drivers have folders of their own"},
		"no driver's name":   {settingsAnd("drivers/Ours/driver.js", ""), "is no driver's name"},
		"no script":          {settingsAnd("drivers/ours/driver.conf", ""), "has no driver.js"},
		"no manifest":        {settingsAnd("drivers/ours/driver.js", ""), "driver.conf"},
		"two scripts":        {fstest.MapFS{"settings.conf": {}, "drivers/a/driver.js": {}, "drivers/a/driver.java": {}}, "has both"},
		"too large":          {settingsAnd("settings.conf", strings.Repeat("#\n", 1<<20)), "larger than 1 MiB"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := bundle.Read(tt.folder, func(string) bool { return false })
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

// An object that somebody saved as one value stays one.
func TestAnObjectSavedAsOneValueStaysOne(t *testing.T) {
	w := newWorld(t)
	text := `{"idle": "3h", "absolute": "9h"}`
	_, err := w.settings.Save(t.Context(), root(), 0, []settings.Change{{Path: "login.session", New: &text}}, "")
	w.must(err)
	w.file("settings.conf", "login.session { idle = 3h, absolute = 9h }")
	if got := w.diff(); got != "" {
		t.Errorf("differs: %s", got)
	}
}
