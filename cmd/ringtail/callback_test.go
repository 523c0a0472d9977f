package main

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/loops/standin"
)

const hookPath = "/blitz/hooks/virtual-phone-callback"

// tell sends a callback to the demo, signed with the key as the virtual phone signs.
func tell(t *testing.T, d *demo, key, path, body string) int {
	t.Helper()
	at := strconv.FormatInt(time.Now().Unix(), 10)
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(at + "." + body))
	req, err := http.NewRequest(http.MethodPost, d.provider+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Phone-Time", at)
	req.Header.Set("X-Phone-Signature", hex.EncodeToString(mac.Sum(nil)))
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	return res.StatusCode
}

// demoWithPhone is a demo that rings a phone of the test's own, which calls back and whose key the test knows.
func demoWithPhone(t *testing.T, key string) (*demo, *standin.Phone) {
	t.Helper()
	sender := standin.NewSender()
	phone, err := standin.NewPhone(standin.PhoneOptions{Token: key, Send: sender.Send, Pending: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(phone)
	t.Cleanup(server.Close)
	ctx, stop := context.WithCancel(context.Background())
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		sender.Run(ctx, func(string) {})
	}()
	t.Cleanup(func() { stop(); <-sent })
	const secrets = "loops.secrets.virtual-phone-callback."
	d := startDemo(t, "--set", "login.methods.flashCall.driver=virtual-phone-callback", "--set", secrets+"TOKEN="+key,
		"--set", fmt.Sprintf("%sURL=%q", secrets, strings.Replace(server.URL, "127.0.0.1", "localhost", 1)))
	return d, phone
}

// The phone itself tells that it rings, through its driver in a real worker. Nothing that a callback says signs anybody in.
func TestACallbackNeverFinishesALogin(t *testing.T) {
	const key = "the-key-of-the-tests-phone"
	d, phone := demoWithPhone(t, key)
	a := newApp(t, d)
	if got := a.post(map[string]string{"login": "demo", "password": demoPassword}); got != "" {
		t.Fatalf("the password: %s", got)
	}
	a.await("called") // only a callback makes it so
	call := phone.Calls(demoNumber)[0]
	code := call.From[len(call.From)-4:]
	said := func(state, more string) string {
		return fmt.Sprintf(`{"id":%q,"to":%q,"state":%q%s}`, call.ID, demoNumber, state, more)
	}
	for name, c := range map[string]struct {
		key, path, body string
		want            int
	}{
		"delivered":           {key, hookPath, said("ended", ""), 200},
		"again":               {key, hookPath, said("ended", ""), 200},
		"with the code":       {key, hookPath, said("ended", `,"code":"`+code+`","verified":true,"valid":true`), 200},
		"with another code":   {key, hookPath, said("ringing", `,"code":"`+wrong(code)+`","caller":"7495000`+wrong(code)+`"`), 200},
		"of another call":     {key, hookPath, strings.Replace(said("ended", ""), call.ID, "another", 1), 200},
		"confirmed":           {key, hookPath, said("confirmed", ""), 400},
		"deeper":              {key, hookPath + "/a//b%2Fc", said("ended", ", \"x\":1"), 200},
		"unsigned":            {"", hookPath, said("ended", ""), 401},
		"with another key":    {"not " + key, hookPath, said("failed", ""), 401},
		"to another driver":   {key, "/blitz/hooks/virtual-phone", said("ended", ""), 404},
		"to an idle driver":   {key, "/blitz/hooks/sinch", said("ended", ""), 404},
		"to no driver":        {key, "/blitz/hooks/../hooks", said("ended", ""), 404},
		"too long":            {key, hookPath, said("ended", `,"x":"`+strings.Repeat("x", 20_000)+`"`), 413},
		"failed, but it rang": {key, hookPath, said("failed", `,"error":"unreachable"`), 200},
	} {
		if got := tell(t, d, c.key, c.path, c.body); got != c.want {
			t.Errorf("a callback %s: %d, want %d", name, got, c.want)
		}
		a.look()
		if a.step.RedirectTo != "" || a.step.Step != "flashCall" {
			t.Fatalf("a callback %s ended the step: %+v", name, a.step)
		}
	}
	if got := a.post(map[string]string{"code": wrong(code)}); got == "" && a.step.RedirectTo != "" {
		t.Fatal("the code that a callback told was taken")
	}
	if got := a.post(map[string]string{"code": code}); got != "" || a.step.RedirectTo == "" {
		t.Errorf("the right code: %q, %+v", got, a.step)
	}
	if log := d.log.String(); strings.Contains(log, key) || strings.Contains(log, demoNumber) {
		t.Errorf("the log has key or number:\n%s", log)
	}
}
