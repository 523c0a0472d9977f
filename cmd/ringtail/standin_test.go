package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/cmd/ringtail/processtest"
	"github.com/ringtail-id/ringtail/loops/standin"
	"github.com/ringtail-id/ringtail/loops/standin/providers"
	"github.com/ringtail-id/ringtail/loops/trial"
)

// playing starts a stand-in on a port of its own and gives its address and what it printed.
func playing(t *testing.T, arguments ...string) (address, printed string) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	reader, writer := io.Pipe()
	log := &processtest.Lines{}
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, append([]string{"standin", "--listen", "localhost:0"}, arguments...), stdio{strings.NewReader(""), writer, log})
		_ = writer.Close()
	}()
	var out strings.Builder
	for s := bufio.NewScanner(reader); s.Scan() && s.Text() != "ready"; {
		out.WriteString(s.Text() + "\n")
	}
	t.Cleanup(func() {
		stop()
		if code := <-ended; code != exitOK {
			t.Errorf("exit code %d:\n%s", code, log)
		}
	})
	_, rest, _ := strings.Cut(out.String(), " at ")
	address, _, _ = strings.Cut(rest, "\n")
	return address, out.String()
}

func exampleScript() string {
	return filepath.Join("..", "..", "loops", "drivers", "example", "driver.js")
}

func TestStandin(t *testing.T) {
	address, printed := playing(t, "example", "--secret", "token=mine-for-now")
	for _, want := range []string{"token = mine-for-now", "--standin " + address, "rate_limit", "--secret 'token=mine-for-now'"} {
		if !strings.Contains(printed, want) {
			t.Errorf("%q isn't in\n%s", want, printed)
		}
	}
	arguments := []string{"loop", "run", exampleScript(), "--standin", address, "--secret", "token=mine-for-now",
		"--input", `{"phone_number":"79990000001","code_length":4}`}
	code, out, errOut := ringtail(t, "", arguments...)
	var outcome trial.Outcome
	if err := json.Unmarshal([]byte(out), &outcome); err != nil || code != exitOK {
		t.Fatalf("%d %s%s", code, out, errOut)
	}
	if len(outcome.Steps) != 1 || outcome.Steps[0].Request.URL != "https://provider.example/call" || strings.Contains(out, "mine-for-now") {
		t.Errorf("outcome %s", out)
	}
	answer, err := http.Get(address + "/_standin/calls?to=79990000001")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var calls []standin.Call
	if err := json.NewDecoder(answer.Body).Decode(&calls); err != nil || len(calls) != 1 || calls[0].From != outcome.Value["code"] {
		t.Errorf("calls %v, %v", calls, err)
	}
}

// shellWords splits a command line; what stands in quotes is one word.
func shellWords(command string) []string {
	var words []string
	for i, part := range strings.Split(strings.TrimSpace(command), "'") {
		if i%2 == 1 {
			words = append(words, part)
		} else {
			words = append(words, strings.Fields(part)...)
		}
	}
	return words
}

// What every stand-in prints can be pasted: the driver that ships reaches it and places a call.
func TestPrintedCommandsWork(t *testing.T) {
	for _, name := range providers.Names() {
		t.Run(name, func(t *testing.T) {
			_, printed := playing(t, name)
			_, command, ok := strings.Cut(printed, "ringtail loop run ")
			if !ok {
				t.Fatalf("no command in\n%s", printed)
			}
			code, out, errOut := ringtail(t, "", append([]string{"loop", "run"}, shellWords(command)...)...)
			var outcome trial.Outcome
			if err := json.Unmarshal([]byte(out), &outcome); err != nil || code != exitOK || outcome.Problem != "" || errOut != "" {
				t.Errorf("exit code %d: %s%s", code, out, errOut)
			}
		})
	}
}

func TestStandinCommandLine(t *testing.T) {
	run := []string{"loop", "run", exampleScript(), "--input", "{}"}
	for name, c := range map[string]struct {
		arguments []string
		want      int
		says      string
	}{
		"list":              {[]string{"standin", "--list"}, exitOK, ""},
		"nothing":           {[]string{"standin"}, exitUsage, "standin NAME"},
		"list of one":       {[]string{"standin", "example", "--list"}, exitUsage, "standin NAME"},
		"nobody":            {[]string{"standin", "nobody"}, exitRefused, "--list"},
		"secret of nobody":  {[]string{"standin", "example", "--secret", "x=y"}, exitRefused, "no secret x; it has token\n"},
		"secret, no value":  {[]string{"standin", "example", "--secret", "token"}, exitUsage, "NAME=VALUE"},
		"port alone":        {[]string{"standin", "example", "--listen", "8410"}, exitUsage, "write HOST:PORT, like localhost:8410"},
		"no port":           {[]string{"standin", "example", "--listen", "localhost:none"}, exitRefused, "localhost:none"},
		"standin and live":  {append(run, "--standin", "http://localhost:1", "--live"), exitUsage, "--live"},
		"and answers":       {append(run, "--standin", "http://localhost:1", "--answer", "200:-"), exitUsage, "--answer"},
		"no address":        {append(run, "--standin", "localhost:1"), exitUsage, "http://localhost:8410"},
		"live and answers":  {append(run, "--live", "--answer", "200:-"), exitUsage, "leave --answer out"},
		"address with path": {append(run, "--standin", "http://localhost:1/x"), exitUsage, "http://localhost:8410"},
	} {
		t.Run(name, func(t *testing.T) {
			code, out, errOut := ringtail(t, "", c.arguments...)
			if code != c.want || !strings.Contains(errOut, c.says) {
				t.Errorf("exit code %d, want %d: %s", code, c.want, errOut)
			}
			if name == "list" && !strings.Contains(out, "example\n") {
				t.Errorf("list is %q", out)
			}
		})
	}
}

// A driver's caution is told where the settings are checked, and is no fault.
func TestCheckTellsCautions(t *testing.T) {
	file := settingsFile(t, "  login.methods.flashCall.driver = smsc\n  loops.secrets.smsc { LOGIN = l, PASSWORD = p }")
	code, out, errOut := ringtail(t, "", "check", "--conf", file)
	if code != exitOK || !strings.Contains(out, "is fine") || !strings.Contains(errOut, "caution: the driver smsc: SMSC picks the codes itself") {
		t.Errorf("exit code %d: %s%s", code, out, errOut)
	}
}

// A driver of another channel needs another driver; one of another length may
// need another length.
func TestCheckSaysWhatToChoose(t *testing.T) {
	for driver, want := range map[string]string{
		"exolve": "brings codes by voice, not by flashCall; choose another driver\n",
		"smsc":   "not 7; choose another driver or codeLength\n",
	} {
		file := settingsFile(t, "  login.methods.flashCall { driver = "+driver+", codeLength = 7 }\n  loops.secrets { exolve { API_KEY = k, SOURCE = 7495 }, smsc { LOGIN = l, PASSWORD = p } }")
		if code, _, errOut := ringtail(t, "", "check", "--conf", file); code != exitRefused || !strings.Contains(errOut, want) {
			t.Errorf("%s: exit code %d: %s", driver, code, errOut)
		}
	}
}
