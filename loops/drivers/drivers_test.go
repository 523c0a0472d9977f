package drivers_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/drivers"
)

func TestShipped(t *testing.T) {
	list, err := drivers.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"example", "virtual-phone"} {
		d := drivers.Find(list, name)
		if d == nil || d.File != name+"/driver.js" || d.Bare || d.Source == "" {
			t.Fatalf("%s: %+v", name, d)
		}
		if err := d.Manifest.Validate(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		cases, err := filepath.Glob(filepath.Join(name, "cases", "*.json"))
		if err != nil || len(cases) == 0 {
			t.Errorf("%s has no cases: %v", name, err)
		}
		if lines := strings.Count(d.Source, "\n"); lines > 60 {
			t.Errorf("%s has %d lines; a driver has at most 60", name, lines)
		}
	}
	phone := drivers.Find(list, "virtual-phone").Manifest
	if phone.CodeOrigin != loops.CodeFromCaller || !phone.LeadingZero || phone.Timeout != 5*time.Second || len(phone.Secrets) != 2 {
		t.Errorf("virtual-phone: %+v", phone)
	}
	if !drivers.Find(list, "virtual-phone").Takes("URL") || drivers.Find(list, "virtual-phone").Takes("token") {
		t.Error("secrets are given by the manifest's names")
	}
}

func TestLoadAndMerge(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"example/driver.js":   "function run() {}",
		"example/driver.conf": "title = Mine, hosts = [a.example], code.origin = we, code.lengths = [4, 6]",
		"broken/driver.js":    "function run() {}",
		"broken/driver.conf":  "title = X\ncode {\n  origin = they\n}\n",
		"Wrong_Name/x":        "",
		"README.md":           "",
	} {
		write(t, filepath.Join(dir, name), text)
	}
	own, err := drivers.Load(dir)
	if err == nil || !strings.Contains(err.Error(), "broken/driver.conf:3:12: code.origin: ") || !strings.Contains(err.Error(), filepath.Join(dir, "Wrong_Name")+": ") {
		t.Errorf("err = %v", err)
	}
	if len(own) != 1 || own[0].Manifest.CodeLengths[1] != 6 {
		t.Fatalf("own = %+v", own)
	}
	shipped, err := drivers.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	all := drivers.Merge(shipped, own)
	if len(all) != len(shipped) || drivers.Find(all, "example").Manifest.Title != "Mine" || drivers.Find(all, "virtual-phone") == nil {
		t.Errorf("all = %+v", all)
	}
	if _, err := drivers.Load(filepath.Join(dir, "none")); err == nil {
		t.Error("a missing folder is no error")
	}
}

func TestManifestFaultsHavePlaces(t *testing.T) {
	const rest = "title = X\ncode.origin = we\n"
	for name, tc := range map[string]struct{ conf, want string }{
		"syntax":            {"title = {\n", "driver.conf:"},
		"unknown key":       {rest + "host = [a.example]\n", "driver.conf:3:1: host: there is no such key"},
		"unknown inner key": {rest + "code.length = 4\n", "driver.conf:3:1: code.length: there is no such key"},
		"wrong type":        {rest + "hosts = 5\n", "driver.conf:3:9: "},
		"bad host":          {rest + "hosts = [\"a b\"]\n", "driver.conf:3:9: hosts: "},
		"bad time":          {rest + "timeout = soon\n", "driver.conf:3:11: "},
		"no origin":         {"title = X\n", "driver.conf:1:1: code.origin: "},
		"no unit":           {rest + "timeout = 10\n", "driver.conf:3:11: timeout: 10ms is less than 100ms; write it with its unit"},
		"page":              {rest + "page = nope\n", "driver.conf:3:8: page: "},
		"secret twice":      {rest + "secrets = [a, a]\n", "driver.conf:3:11: secrets: a stands there twice"},
		"include":           {rest + "include required(file(\"/etc/passwd\"))\n", "driver.conf:3:"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := drivers.ParseManifest("driver.conf", []byte(tc.conf))
			if err == nil || !strings.HasPrefix(err.Error(), tc.want) {
				t.Errorf("err = %v, want %s..", err, tc.want)
			}
		})
	}
}

// A folder may hold a Java procedure in place of a script in JavaScript, but not both.
func TestJavaProceduresAreDrivers(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "flow", "driver.java"), "class Flow {}")
	write(t, filepath.Join(dir, "flow", "driver.conf"), "title = X, code.origin = we")
	list, err := drivers.Load(dir)
	if err != nil || len(list) != 1 || list[0].File != filepath.Join(dir, "flow", "driver.java") || list[0].Source != "class Flow {}" {
		t.Fatalf("%+v, %v", list, err)
	}
	if d, err := drivers.ReadFolder(filepath.Join(dir, "flow")); err != nil || d.Source != "class Flow {}" || d.Bare {
		t.Errorf("%+v, %v", d, err)
	}
	write(t, filepath.Join(dir, "flow", "driver.js"), "")
	if _, err := drivers.Load(dir); err == nil || !strings.Contains(err.Error(), "keep one") {
		t.Errorf("two scripts: %v", err)
	}
}

// All faults of a manifest are told at once, those of keys that can't be read and those of what they say.
func TestManifestFaultsAreToldAtOnce(t *testing.T) {
	_, err := drivers.ParseManifest("driver.conf", []byte("hosts = 5\npage = nope\ncode.origin = they\ncode.lengths = [2]\nhostz = []\n"))
	lines := strings.Split(err.Error(), "\n")
	for _, want := range []string{"driver.conf:1:9: ", "title: ", "page: ", "code.origin: ", "code.lengths: ", "hostz: there is no such key"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not told: %v", want, err)
		}
	}
	if len(lines) != 6 {
		t.Errorf("%d faults: %v", len(lines), err)
	}
}

func TestLoadRefusesOddFiles(t *testing.T) {
	const conf = "title = X, code.origin = we"
	for name, files := range map[string]map[string]string{
		"no script":     {"driver.conf": conf},
		"no manifest":   {"driver.js": "x"},
		"huge script":   {"driver.js": strings.Repeat("x", 2<<20), "driver.conf": conf},
		"folder":        {"driver.js/x": "x", "driver.conf": conf},
		"huge manifest": {"driver.js": "x", "driver.conf": conf + strings.Repeat("#", 2<<20)},
	} {
		dir := t.TempDir()
		for file, text := range files {
			write(t, filepath.Join(dir, "a", file), text)
		}
		if _, err := drivers.Load(dir); err == nil || !strings.HasPrefix(err.Error(), filepath.Join(dir, "a", "driver.")) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// A file that is missing is named as it was asked for, folder included, without a place in it.
func TestMissingFilesAreNamed(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "empty"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := drivers.ReadScript("nowhere/driver.js"); err == nil || err.Error() != "nowhere/driver.js: there is no such file" || !errors.Is(err, drivers.ErrNoFile) {
		t.Errorf("script: %v", err)
	}
	if _, err := drivers.Load(dir); err == nil || err.Error() != filepath.Join(dir, "empty", "driver.js")+": there is no such file" {
		t.Errorf("folder: %v", err)
	}
	if _, err := drivers.ReadScript(dir); err == nil || err.Error() != dir+": not a file of at most 1048576 bytes" {
		t.Errorf("folder as script: %v", err)
	}
}

func TestReadScriptWithoutManifestIsBare(t *testing.T) {
	file := filepath.Join(t.TempDir(), "my-driver", "Some.js")
	write(t, file, "function run() {}")
	d, err := drivers.ReadScript(file)
	if err != nil || !d.Bare || d.Name != "my-driver" || d.File != file || !d.Takes("anything") {
		t.Errorf("driver = %+v, %v", d, err)
	}
}

// FuzzManifest holds that no text makes the reader crash, and that what it accepts is valid.
func FuzzManifest(f *testing.F) {
	f.Add("title = X\nhosts = [a.example]\ncode { origin = we, lengths = [4] }\ntimeout = 5s")
	f.Add("title = ${x}\ncode = 5\nhosts = {}")
	f.Fuzz(func(t *testing.T, text string) {
		m, err := drivers.ParseManifest("driver.conf", []byte(text))
		if err == nil && m.Validate() != nil {
			t.Errorf("accepted %q: %+v", text, m)
		}
	})
}
