package main

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"net"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	_ "github.com/mattn/go-sqlite3"

	"github.com/ringtail-id/ringtail/cmd/ringtail/processtest"
	"github.com/ringtail-id/ringtail/loops/standin"
)

// ringtail runs one command line to its end.
func ringtail(t *testing.T, stdin string, arguments ...string) (code int, out, errOut string) {
	t.Helper()
	var o, e bytes.Buffer
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	code = run(ctx, arguments, stdio{strings.NewReader(stdin), &o, &e})
	return code, o.String(), e.String()
}

// settingsFile writes a settings file that serves on a free port, and more.
func settingsFile(t *testing.T, more string) string {
	t.Helper()
	dir := t.TempDir()
	name := filepath.Join(dir, "blitz.conf")
	port := processtest.FreePorts(t, 3)
	text := fmt.Sprintf(`blitz.prod.local.idp {
  issuer = "http://localhost:%[1]d/blitz"
  server.listen = "localhost:%[1]d"
  ops.listen = null
  store.url = "sqlite:ringtail.db"
  keys.master = "%[2]s"
  login.methods.flashCall.driver = example
  loops { folder = drivers, secrets.example.token = "of the example" }
%[3]s
}
`, port, strings.Repeat("ab", 32), more)
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "drivers"), 0o700); err != nil {
		t.Fatal(err)
	}
	return name
}

// writeDriver puts a driver into the folder drivers beside the settings file.
func writeDriver(t *testing.T, dir, name, script string) {
	t.Helper()
	folder := filepath.Join(dir, name)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	manifest := "title = \"Test\"\nhosts = [\"localhost:*\"]\ncode { origin = provider }\n"
	for file, text := range map[string]string{"driver.js": script, "driver.conf": manifest} {
		if err := os.WriteFile(filepath.Join(folder, file), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestSettingsThatDontValidate(t *testing.T) {
	for name, c := range map[string]struct{ more, want string }{
		"unknown key":     {"  login.levle = 2", "login.levle"},
		"out of range":    {"  login.methods.flashCall.codeLength = 60", "codeLength"},
		"wrong type":      {"  login.level = high", "login.level"},
		"syntax":          {"  login { level = 2", "blitz.conf:"},
		"unknown driver":  {"  login.methods.flashCall.driver = nobody", "there is no driver nobody"},
		"missing secret":  {"  login.methods.flashCall.driver = virtual-phone", "wants a secret; set loops.secrets.virtual-phone.TOKEN"},
		"no such include": {"  include required(file(\"none.conf\"))", "none.conf"},
	} {
		t.Run(name, func(t *testing.T) {
			file := settingsFile(t, c.more)
			for _, command := range []string{"check", "serve"} {
				code, _, errOut := ringtail(t, "", command, "--conf", file)
				if code != exitRefused || !strings.Contains(errOut, c.want) {
					t.Errorf("%s: exit code %d, standard error:\n%s", command, code, errOut)
				}
			}
		})
	}
	t.Run("errors have a place", func(t *testing.T) {
		file := settingsFile(t, "  login.level = 7")
		_, _, errOut := ringtail(t, "", "check", "--conf", file)
		if want := file + ":9:17: blitz.prod.local.idp.login.level: "; !strings.HasPrefix(errOut, want) {
			t.Errorf("standard error begins %q, want %q", errOut, want)
		}
	})
	t.Run("errors beyond the file have one too", func(t *testing.T) {
		file := settingsFile(t, "  login.methods.flashCall.driver = nobody")
		_, _, errOut := ringtail(t, "", "check", "--conf", file)
		if want := file + ":9:36: blitz.prod.local.idp.login.methods.flashCall.driver: "; !strings.HasPrefix(errOut, want) {
			t.Errorf("standard error begins %q, want %q", errOut, want)
		}
	})
	t.Run("a good file", func(t *testing.T) {
		if code, _, errOut := ringtail(t, "", "check", "--conf", settingsFile(t, "")); code != exitOK {
			t.Errorf("exit code %d:\n%s", code, errOut)
		}
	})
}

func TestPortInUse(t *testing.T) {
	taken, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	file := settingsFile(t, "")
	code, _, errOut := ringtail(t, "", "serve", "--conf", file, "--set", "server.listen="+taken.Addr().String())
	if code != exitRefused || !strings.Contains(errOut, "is in use by another program") || !strings.Contains(errOut, "server.listen") {
		t.Errorf("exit code %d: %s", code, errOut)
	}
}

func TestTwoDemosOnOneFolder(t *testing.T) {
	d := startDemo(t)
	code, _, errOut := ringtail(t, "", "demo", "--port", strconv.Itoa(processtest.FreePorts(t, 3)), "--data", d.dir)
	if code != exitRefused || !strings.Contains(errOut, "another demo is running") {
		t.Errorf("exit code %d: %s", code, errOut)
	}
}

func TestDatabaseOfANewerVersion(t *testing.T) {
	file := settingsFile(t, "")
	if code, _, errOut := ringtail(t, "", "user", "list", "--conf", file); code != exitOK {
		t.Fatal(errOut)
	}
	db, err := sql.Open("sqlite3", filepath.Join(filepath.Dir(file), "ringtail.db"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, 1)`); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	code, _, errOut := ringtail(t, "", "serve", "--conf", file)
	if code != exitRefused || !strings.Contains(errOut, "newer") {
		t.Errorf("exit code %d: %s", code, errOut)
	}
}

func TestAnotherMasterKey(t *testing.T) {
	file := settingsFile(t, "")
	if code, _, errOut := ringtail(t, "", "keys", "rotate", "--conf", file); code != exitOK {
		t.Fatal(errOut)
	}
	code, _, errOut := ringtail(t, "", "serve", "--conf", file, "--set", "keys.master="+strings.Repeat("cd", 32))
	if code != exitRefused || !strings.Contains(errOut, "keys.master is not the master key") {
		t.Errorf("exit code %d: %s", code, errOut)
	}
}

func TestDriverThatDoesNotParse(t *testing.T) {
	file := settingsFile(t, "  login.methods.flashCall.driver = broken")
	script := filepath.Join(filepath.Dir(file), "drivers", "broken", "driver.js")
	writeDriver(t, filepath.Join(filepath.Dir(file), "drivers"), "broken", "function run(obj, result) {\n  return HttpLoop.\n}\n")
	for _, command := range []string{"check", "serve"} {
		code, _, errOut := ringtail(t, "", command, "--conf", file)
		if code != exitRefused || !strings.Contains(errOut, script+":3:") {
			t.Errorf("%s: exit code %d: %s", command, code, errOut)
		}
	}
}

// A driver that misbehaves in somebody's login is a failed call, never a lost
// login, a hanging page or a dead server.
func TestDriverThatMisbehaves(t *testing.T) {
	drivers := t.TempDir()
	for name, script := range map[string]string{
		"endless":   "function run() { for (;;) {} }",
		"native":    "function run() { return /^(?=a)(a+)+$/.test('a'.repeat(28) + '!') }",
		"bomb":      "function run() { const a = []; for (;;) a.push('x'.repeat(1 << 20) + a.length) }",
		"elsewhere": "function run() { return HttpLoop.callBuilder('GET', 'http://169.254.169.254/latest').build() }",
	} {
		writeDriver(t, drivers, name, script)
	}
	for _, name := range []string{"endless", "native", "bomb", "elsewhere"} {
		t.Run(name, func(t *testing.T) {
			d := startDemo(t, "--set", "loops.folder="+drivers, "--set", "login.methods.flashCall.driver="+name)
			c := newClient(t).password(d)
			c.untilProblem("call_unavailable")
			c.must("[value=resend]").must("[value=cancel]")
			if n := len(d.calls(t, demoNumber)); n != 0 {
				t.Errorf("%d calls were placed", n)
			}
			newClient(t).get(d.shop + "/login").must("input[name=password]") // the server is well
		})
	}
}

func TestProviderThatMisbehaves(t *testing.T) {
	phone, err := standin.NewPhone(standin.PhoneOptions{Token: "a-token-of-the-test"})
	if err != nil {
		t.Fatal(err)
	}
	provider := httptest.NewServer(phone)
	defer provider.Close()
	d := startDemo(t, "--set", "loops.secrets.virtual-phone.URL="+strings.Replace(provider.URL, "127.0.0.1", "localhost", 1),
		"--set", "loops.secrets.virtual-phone.TOKEN=a-token-of-the-test", "--set", "loops.limits.connect=1s", "--set", "loops.limits.reply=2s",
		"--set", "login.methods.flashCall.totalAttempts=100")
	for _, fault := range standin.Faults() {
		t.Run(string(fault), func(t *testing.T) {
			if err := phone.Play(fault, 1); err != nil {
				t.Fatal(err)
			}
			want := "call_unavailable"
			if fault == standin.FaultRateLimit {
				want = "call_limited"
			}
			c := newClient(t).password(d)
			c.untilProblem(want)
			if fault == standin.FaultRateLimit {
				return // the provider wants to be left alone, and is
			}
			// The provider is well again, and nothing was lost.
			before := len(phone.Calls(demoNumber))
			c.submit("[value=resend]", map[string]string{"action": "resend"})
			eventually(t, func() bool { return len(phone.Calls(demoNumber)) > before }, func() string { return "the phone did not ring again" })
			calls := phone.Calls(demoNumber)
			if len(calls) != before+1 {
				t.Fatalf("%d calls after %d", len(calls), before)
			}
			from := calls[0].From
			c.get(c.at.String()).submit("input[name=code]", map[string]string{"code": from[len(from)-4:]}).must("#signed-in")
		})
	}
}

// untilProblem looks at the page until it tells of the problem.
func (c *client) untilProblem(id string) {
	c.t.Helper()
	if strings.Contains(c.problems(), id) {
		return // a page that was posted to says so once
	}
	eventually(c.t, func() bool { return strings.Contains(c.get(c.at.String()).problems(), id) },
		func() string {
			return fmt.Sprintf("%s never tells of %s but of %q:\n%s", c.at, id, c.problems(), c.page.Text())
		})
}

// problems are the ids of the problems that the page tells of.
func (c *client) problems() string {
	return c.page.Find("[data-problem]").AttrOr("data-problem", "")
}

func TestUsersWhoCantBeCalled(t *testing.T) {
	d := startDemo(t)
	file := filepath.Join(d.dir, "blitz.conf")
	for name, c := range map[string]struct{ arguments, problem string }{
		"no phone":         {"", "no_phone"},
		"a landline":       {"--phone=+74951234567", "phone_unfit"},
		"malformed number": {"--attr=phone_number=12345", "phone_malformed"},
		"another country":  {"--phone=+12025550123", "phone_country"},
	} {
		t.Run(name, func(t *testing.T) {
			login := strings.ReplaceAll(name, " ", "-")
			arguments := []string{"user", "add", login, "--conf", file, "--password", "-"}
			if c.arguments != "" {
				arguments = append(arguments, c.arguments)
			}
			if code, _, errOut := ringtail(t, "a good password", arguments...); code != exitOK || !strings.Contains(errOut, "warning: "+login+" can't be called: ") {
				t.Fatalf("exit code %d: %s", code, errOut)
			}
			browser := newClient(t).get(d.shop + "/login")
			browser.submit("input[name=password]", map[string]string{"login": login, "password": "a good password"})
			if browser.problems() != c.problem {
				t.Errorf("the page tells of %q, want %q:\n%s", browser.problems(), c.problem, browser.page.Text())
			}
			browser.submit("[value=cancel]", map[string]string{"action": "cancel"}).must("#problem") // back at the shop
		})
	}
	if code, _, errOut := ringtail(t, "", "user", "add", "typo", "--conf", file, "--phone", "12"); code != exitRefused || !strings.Contains(errOut, "country code") {
		t.Errorf("a malformed --phone: exit code %d: %s", code, errOut)
	}
}

func TestCodesThatAreNone(t *testing.T) {
	d := startDemo(t)
	c := newClient(t).password(d)
	code := d.ring(t, 1)
	for name, typed := range map[string]string{"too short": "12", "too long": "1234567", "letters": "12ab", "nothing": "", "other digits": "٣٣٣٣"} {
		c.submit("input[name=code]", map[string]string{"code": typed})
		if c.has("#signed-in") || !c.has("[aria-invalid=true]") {
			t.Errorf("%s: the field is not marked:\n%s", name, c.page.Text())
		}
	}
	// None of them cost an attempt: three are allowed, five were made.
	c.submit("input[name=code]", map[string]string{"code": code[:2] + " - " + code[2:]}).must("#signed-in")
}
