package faults

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/cmd/ringtail/processtest"
	"github.com/ringtail-id/ringtail/idp/admin/drivers"
)

const (
	// reach is how soon every node serves what was saved on one.
	reach = 2 * time.Second
	// deploy is a client of the admin API.
	deploy = `  apps.deploy { secret = "deploy-secret-deploy", grants = [client_credentials], scopes = [blitz_admin_settings, blitz_admin_settings_chg, blitz_admin_pages_chg, blitz_admin_drivers, blitz_admin_drivers_chg, blitz_admin_drivers_publish] }
`
)

// TestChangesReachAllNodes saves settings and drivers by the admin API of one node, and
// makes signing keys on the command line; the other node serves each within two seconds.
// The typical one counts: a shared machine may stand still for a moment.
func TestChangesReachAllNodes(t *testing.T) {
	needsFaults(t)
	w := newWorld(t, setup{nodes: 2, url: newPostgres(t).URL("postgres"), settings: deploy})
	w.run(t)
	one, other := w.nodes[0], w.nodes[1]
	saves := &api{t, one, w.token(t, one, "deploy", "deploy-secret-deploy", "blitz_admin_settings blitz_admin_settings_chg blitz_admin_drivers blitz_admin_drivers_chg blitz_admin_drivers_publish").Access}
	reads := &api{t, other, saves.token}
	for _, kind := range []struct {
		name   string
		change func(round int) (served func() bool, saved time.Time)
	}{
		{"settings", func(round int) (func() bool, time.Time) {
			life := 60 * (5 + round)
			saved := saves.set("tokens.access", fmt.Sprintf(`"%ds"`, life))
			return func() bool { return w.token(t, other, clientID, clientSecret, "phone_verification").Life == life }, saved
		}},
		{"drivers", func(round int) (func() bool, time.Time) {
			revision, saved := saves.publish("virtual-phone", round)
			return func() bool { return reads.served() >= revision }, saved
		}},
		{"signing keys", func(int) (func() bool, time.Time) {
			before := reads.keys()
			key, saved := w.rotate(t)
			if slices.Contains(before, key) {
				t.Fatalf("the key %s was there before", key)
			}
			return func() bool { return slices.Contains(reads.keys(), key) }, saved
		}},
	} {
		var took []time.Duration
		for round := range 10 {
			served, saved := kind.change(round)
			processtest.EventuallyWithin(t, time.Minute, func() string { return kind.name + " never reach the other node" }, served)
			took = append(took, time.Since(saved).Round(time.Millisecond))
		}
		t.Logf("%s reach the other node after %v", kind.name, took)
		slices.Sort(took)
		if typical := took[len(took)/2]; typical > reach {
			t.Errorf("%s take %v, want %v at most", kind.name, typical, reach)
		}
	}
}

// clientToken is a client's own token.
type clientToken struct {
	Access string `json:"access_token"`
	Life   int    `json:"expires_in"`
}

func (w *world) token(t *testing.T, at *node, id, secret, scope string) (token clientToken) {
	t.Helper()
	form := url.Values{"grant_type": {"client_credentials"}, "scope": {scope}}
	req, err := http.NewRequest(http.MethodPost, "http://"+at.public+"/blitz/oauth/te", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.SetBasicAuth(id, secret)
	read(t, req, &token)
	return token
}

// read asks and reads the JSON of a success.
func read(t *testing.T, req *http.Request, into any) http.Header {
	t.Helper()
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if res.StatusCode >= http.StatusBadRequest {
		t.Fatalf("%s %s: %d %s", req.Method, req.URL, res.StatusCode, body)
	}
	if err := json.Unmarshal(body, into); err != nil {
		t.Fatalf("%s %s: %v: %s", req.Method, req.URL, err, body)
	}
	return res.Header
}

// api is the admin API of a node.
type api struct {
	t     *testing.T
	node  *node
	token string
}

func (a *api) ask(method, path string, header http.Header, body, into any) http.Header {
	a.t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		a.t.Fatal(err)
	}
	req, err := http.NewRequest(method, "http://"+a.node.public+"/blitz"+path, bytes.NewReader(text))
	if err != nil {
		a.t.Fatal(err)
	}
	for name, values := range header {
		req.Header[name] = values
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+a.token)
	return read(a.t, req, into)
}

// set saves a setting over what is saved, and says when that was acknowledged.
func (a *api) set(path, value string) time.Time {
	a.t.Helper()
	now := a.ask(http.MethodGet, "/admin/api/v3/settings/saved", nil, nil, &struct{}{})
	change := map[string]any{"comment": "a test", "set": map[string]json.RawMessage{path: json.RawMessage(value)}}
	a.ask(http.MethodPatch, "/admin/api/v3/settings/saved", http.Header{"If-Match": {now.Get("ETag")}}, change, &struct{}{})
	return time.Now()
}

// served is the number of the settings that the node serves.
func (a *api) served() int {
	a.t.Helper()
	var settings struct{ Served int }
	a.ask(http.MethodGet, "/admin/api/v3/settings", nil, nil, &settings)
	return settings.Served
}

// publish has a new version of the shipped driver serve, which is a revision of the
// settings, and says when that was acknowledged.
func (a *api) publish(name string, round int) (revision int, saved time.Time) {
	a.t.Helper()
	folder := filepath.Join("..", "..", "..", "loops", "drivers", name)
	script := drivers.Script{Language: "js", Cases: []drivers.CaseFile{}}
	for file, into := range map[string]*string{"driver.js": &script.Source, "driver.conf": &script.Manifest} {
		text, err := os.ReadFile(filepath.Join(folder, file))
		if err != nil {
			a.t.Fatal(err)
		}
		*into = string(text)
	}
	script.Source += fmt.Sprintf("// round %d\n", round)
	at := "/admin/api/v3/drivers/" + name
	var draft struct {
		Edition int
		Digest  string
	}
	a.ask(http.MethodPut, at+"/draft", nil, script, &draft)
	order := drivers.PublishOrder{Edition: draft.Edition, Digest: draft.Digest, Published: round, Comment: "a test"}
	var done struct{ Revision int }
	a.ask(http.MethodPost, at+"/publish", nil, order, &done)
	return done.Revision, time.Now()
}

// keys are the ids of the keys that the node publishes.
func (a *api) keys() (ids []string) {
	a.t.Helper()
	var set struct{ Keys []struct{ Kid string } }
	a.ask(http.MethodGet, "/oauth/keys", nil, nil, &set)
	for _, key := range set.Keys {
		ids = append(ids, key.Kid)
	}
	return ids
}

// rotate makes a key on the command line, and says when that was acknowledged.
func (w *world) rotate(t *testing.T) (id string, saved time.Time) {
	t.Helper()
	cmd := exec.Command(w.binary, "keys", "rotate", "--alg", "EdDSA", "--conf", w.conf)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, _ := bufio.NewReader(out).ReadString('\n')
	saved = time.Now()
	if err := cmd.Wait(); err != nil {
		t.Fatalf("rotating: %v %s", err, line)
	}
	id, _, _ = strings.Cut(line, " ")
	return id, saved
}
