package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/cmd/ringtail/processtest"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/settings"
	"github.com/ringtail-id/ringtail/idp/store/pgtest"
)

// servedNode is one serving process on a settings file.
type servedNode struct {
	*provider
	issuer, ops string
	log         *processtest.Lines
}

// serveNode serves until the test ends.
func serveNode(t *testing.T, file string, set ...string) *servedNode {
	t.Helper()
	ports := processtest.FreePorts(t, 3)
	s := &servedNode{log: &processtest.Lines{}, issuer: fmt.Sprintf("http://localhost:%d/blitz", ports), ops: fmt.Sprintf("http://localhost:%d", ports+1)}
	f := settingsFlags{file: file, set: append([]string{
		fmt.Sprintf("server.listen=localhost:%d", ports), fmt.Sprintf("ops.listen=localhost:%d", ports+1), "issuer=" + s.issuer, "login.level=1",
		"login.factors=[[{method=password,enabled=true}],[]]",
	}, set...)}
	ctx, stop := context.WithCancel(context.Background())
	ready, ended := make(chan *provider, 1), make(chan error, 1)
	go func() {
		ended <- f.with(ctx, s.log, func(in *installation) error {
			return in.serve(ctx, func(p *provider) error { ready <- p; return nil })
		})
	}()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("%v\n%s", err, s.log)
		}
	})
	select {
	case s.provider = <-ready:
	case err := <-ended:
		ended <- nil
		t.Fatalf("%v\n%s", err, s.log)
	}
	return s
}

func get(t *testing.T, address string) string {
	t.Helper()
	res, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// locales are the languages that the provider announces.
func locales(t *testing.T, issuer string) (list []string) {
	t.Helper()
	var document struct {
		Locales []string `json:"ui_locales_supported"`
	}
	if err := json.Unmarshal([]byte(get(t, issuer+"/.well-known/openid-configuration")), &document); err != nil {
		t.Fatal(err)
	}
	return document.Locales
}

// follows asks until the provider speaks these languages; nodes look once a second.
func follows(t *testing.T, issuer string, log *processtest.Lines, want ...string) time.Duration {
	t.Helper()
	began := time.Now()
	eventually(t, func() bool { return slices.Equal(locales(t, issuer), want) }, func() string {
		return fmt.Sprintf("it speaks %v, want %v:\n%s", locales(t, issuer), want, log)
	})
	return time.Since(began)
}

func (s *servedNode) save(t *testing.T, base int, path, value string) error {
	t.Helper()
	anna := &admin.Actor{UserID: "u", Login: "anna", Roles: []admin.Role{admin.RoleRoot}}
	_, err := s.node.service.Save(t.Context(), anna, base, []settings.Change{{Path: path, New: &value}}, "")
	return err
}

// answered is how often the discovery document was given, by the metrics.
func (s *servedNode) answered(t *testing.T) int {
	t.Helper()
	found := regexp.MustCompile(`ringtail_requests_total\{method="GET",route="/blitz/.well-known/openid-configuration",status="200"\} (\d+)`).FindStringSubmatch(get(t, s.ops+"/metrics"))
	if found == nil {
		return 0
	}
	n, err := strconv.Atoi(found[1])
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestEveryNodeServesWhatWasSaved(t *testing.T) {
	t.Run("on SQLite", func(t *testing.T) { nodesFollow(t) })
	t.Run("on PostgreSQL", func(t *testing.T) { nodesFollow(t, "store.url="+pgtest.URL(t)) })
}

// nodesFollow has two nodes serve with these settings beside the file's.
func nodesFollow(t *testing.T, set ...string) {
	file := settingsFile(t, "")
	a, b := serveNode(t, file, set...), serveNode(t, file, set...)
	if err := a.save(t, 0, "lang.languages", "[ru]"); err != nil {
		t.Fatal(err)
	}
	if got := locales(t, a.issuer); !slices.Equal(got, []string{"ru"}) {
		t.Errorf("after the save its own node speaks %v", got)
	}
	took := follows(t, b.issuer, b.log, "ru")
	t.Logf("the other node followed after %v", took)
	before := a.answered(t)
	if err := b.save(t, 1, "lang.languages", "[en]"); err != nil {
		t.Fatal(err)
	}
	follows(t, a.issuer, a.log, "en")
	if after := a.answered(t); before == 0 || after <= before {
		t.Errorf("the counter went from %d to %d", before, after)
	}
	if err := b.save(t, 2, "lang.languages", "[xx]"); err == nil {
		t.Error("languages that there aren't were saved")
	}
	a.node.host.Look(t.Context())
	if got := locales(t, a.issuer); !slices.Equal(got, []string{"en"}) {
		t.Errorf("now it speaks %v", got)
	}
}

// What administrators saved decides at the next start too, and for commands.
func TestSavedSettingsAtTheStart(t *testing.T) {
	file := settingsFile(t, "")
	a := serveNode(t, file)
	if err := a.save(t, 0, "lang.languages", "[ru]"); err != nil {
		t.Fatal(err)
	}
	if got := locales(t, serveNode(t, file).issuer); !slices.Equal(got, []string{"ru"}) {
		t.Errorf("after a start it speaks %v", got)
	}
	if got := locales(t, serveNode(t, file, "console.readonly=true").issuer); len(got) != 2 {
		t.Errorf("with the file alone in charge it speaks %v", got)
	}
	f := settingsFlags{file: file, set: []string{"login.level=1"}}
	err := f.with(t.Context(), io.Discard, func(in *installation) error {
		if got := in.settings.Lang.Languages; !slices.Equal(got, []string{"ru"}) {
			t.Errorf("commands go by %v", got)
		}
		v := settings.Value{Path: "login.level", HOCON: "7"}
		return in.store.AppendRevision(t.Context(), settings.Revision{Number: 2, Layer: settings.Layer{Values: []settings.Value{v}}})
	})
	if err != nil {
		t.Fatal(err)
	}
	code, _, errOut := ringtail(t, "", "serve", "--conf", file)
	if code != exitRefused || !strings.Contains(errOut, "console:1:") || !strings.Contains(errOut, "--set console.readonly=true") {
		t.Errorf("a start with a bad revision: %d\n%s", code, errOut)
	}
	if code, _, errOut = ringtail(t, "", "keys", "list", "--conf", file); code != exitOK || !strings.Contains(errOut, "file alone counts") {
		t.Errorf("a command with a bad revision: %d\n%s", code, errOut)
	}
}

// A revision that somebody broke in the database holds up neither commands nor a
// start that leaves the file alone in charge.
func TestARevisionThatCantBeRead(t *testing.T) {
	file := settingsFile(t, "")
	a := serveNode(t, file)
	if err := a.save(t, 0, "lang.languages", "[ru]"); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite3", filepath.Join(filepath.Dir(file), "ringtail.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if done, err := db.Exec(`UPDATE settings_revisions SET layer = '{broken'`); err != nil {
		t.Fatal(err)
	} else if n, _ := done.RowsAffected(); n != 1 {
		t.Fatalf("%d revisions were broken", n)
	}
	if code, _, errOut := ringtail(t, "", "serve", "--conf", file); code != exitRefused || !strings.Contains(errOut, "--set console.readonly=true") {
		t.Errorf("a start with it: %d\n%s", code, errOut)
	}
	if got := locales(t, serveNode(t, file, "console.readonly=true").issuer); len(got) != 2 {
		t.Errorf("with the file alone in charge it speaks %v", got)
	}
	if code, _, errOut := ringtail(t, "", "keys", "list", "--conf", file); code != exitOK || !strings.Contains(errOut, "file alone counts") {
		t.Errorf("a command: %d\n%s", code, errOut)
	}
}

// A person who is called while the settings change enters the code of that call.
func TestALoginGoesOnOverAReload(t *testing.T) {
	d := startDemo(t)
	c := newClient(t)
	before := len(d.calls(t, demoNumber))
	c.password(d).must("input[name=code]")
	code := d.ringing(t, demoNumber, before+1)
	name := filepath.Join(d.dir, "blitz.conf")
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	write := func(more string) {
		t.Helper()
		if err := os.WriteFile(name, append(slices.Clone(text), more...), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := syscall.Kill(os.Getpid(), syscall.SIGHUP); err != nil {
			t.Fatal(err)
		}
	}
	write("\nblitz.prod.local.idp.lang.langages = [ru]\n")
	told := func() bool { return strings.Contains(d.log.String(), "there is no such setting; write languages") }
	eventually(t, told, d.log.String)
	write("\nblitz.prod.local.idp { lang.languages = [ru], login.methods.flashCall.codeLength = 5 }\n")
	follows(t, d.provider+"/blitz", d.log, "ru")
	c.submit("input[name=code]", map[string]string{"code": code})
	if amr := c.claims()["amr"]; amr == nil {
		t.Errorf("after the code:\n%s\n%s", c.page.Text(), d.log)
	}
}

func TestNothingGrowsOverReloads(t *testing.T) {
	n := serveNode(t, settingsFile(t, ""))
	heap := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	reload := func(times int) {
		for range times {
			n.node.host.Reload(t.Context())
		}
	}
	reload(3)
	goroutines, before := runtime.NumGoroutine(), heap()
	reload(50)
	eventually(t, func() bool { return runtime.NumGoroutine() <= goroutines+5 }, func() string {
		return fmt.Sprintf("%d goroutines, %d before", runtime.NumGoroutine(), goroutines)
	})
	if after := heap(); after > before+20<<20 {
		t.Errorf("the heap went from %d to %d bytes", before, after)
	}
}
