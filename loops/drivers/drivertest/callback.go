package drivertest

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/standin"
)

func (b *bench) callback(t *testing.T) {
	if b.Callback == nil {
		t.Skip("the provider doesn't call back")
	}
	for event, want := range b.Callback.Events {
		t.Run(event, func(t *testing.T) {
			l := b.line(t, lineOptions{})
			value, call := l.placed(nil)
			result, err := l.called(l.sends(call, event))
			if err != nil {
				t.Fatalf("callback: %v", err)
			}
			l.hides(visible(result, nil))
			l.asWanted(loops.EntryCallback, result.Value)
			byID := result.Value[loops.ValueCallID] == value[loops.ValueCallID] && value[loops.ValueCallID] != nil
			if !byID && result.Value[loops.ValueReference] != "ref-1" {
				t.Errorf("%v is about neither call %v nor ref-1", result.Value, value[loops.ValueCallID])
			}
			if result.Value[loops.ValueState] != want {
				t.Errorf("state %v, want %s", result.Value[loops.ValueState], want)
			}
			if word, ok := b.Callback.Words[event]; ok && result.Value[loops.ValueError] != string(word) {
				t.Errorf("error %v, want %s", result.Value[loops.ValueError], word)
			}
		})
	}
	event := ""
	for event = range b.Callback.Events {
		break
	}
	t.Run("garbage", func(t *testing.T) { b.brokenCallback(t, event) })
	b.untrusted(t, event)
}

// untrusted holds that a callback which its provider didn't send, or not now, is auth_failed.
func (b *bench) untrusted(t *testing.T, event string) {
	if b.Callback.Signed {
		t.Run("forged", func(t *testing.T) { b.forgedCallback(t, event) })
	}
	for _, forged := range b.Callback.Forged {
		t.Run(forged, func(t *testing.T) {
			l := b.line(t, lineOptions{})
			_, call := l.placed(nil)
			result, err := l.called(l.sends(call, forged))
			l.failsOnly(result, err, loops.AuthFailed)
		})
	}
	if b.Callback.Keyed {
		t.Run("another key", func(t *testing.T) {
			l := b.line(t, lineOptions{})
			_, call := l.placed(nil)
			right := l.sends(call, event)
			for _, query := range []string{"", "x" + right.Query, right.Query[:len(right.Query)/2], strings.Replace(right.Query, "=", "=x", 1)} {
				sent := right
				sent.Query = query
				result, err := l.called(sent)
				l.failsOnly(result, err, loops.AuthFailed)
			}
		})
	}
	if b.Callback.Stale > 0 {
		t.Run("stale", func(t *testing.T) {
			l := b.line(t, lineOptions{})
			_, call := l.placed(nil)
			sent := l.sends(call, event)
			l.clock.add(b.Callback.Stale)
			result, err := l.called(sent)
			l.failsOnly(result, err, loops.AuthFailed)
		})
	}
}

func (b *bench) brokenCallback(t *testing.T, event string) {
	for _, body := range []string{"", "null", "[]", "<html>", `{"x":1}`} {
		l := b.line(t, lineOptions{})
		_, call := l.placed(nil)
		sent := l.sends(call, event)
		sent.Body = body
		result, err := l.called(sent)
		l.failsOnly(result, err, "")
	}
}

func (b *bench) forgedCallback(t *testing.T, event string) {
	for name, change := range map[string]func(c *standin.Callback){
		"body":         func(c *standin.Callback) { c.Body += " " },
		"path":         func(c *standin.Callback) { c.Path += "x" },
		"no signature": func(c *standin.Callback) { c.Header = http.Header{"Content-Type": c.Header.Values("Content-Type")} },
		"signature": func(c *standin.Callback) {
			for _, values := range c.Header {
				for i := range values {
					values[i] = changed(values[i])
				}
			}
		},
	} {
		if name == "path" && b.Callback.Moves {
			continue
		}
		t.Run(name, func(t *testing.T) {
			l := b.line(t, lineOptions{})
			_, call := l.placed(nil)
			sent := l.sends(call, event)
			change(&sent)
			result, err := l.called(sent)
			l.failsOnly(result, err, loops.AuthFailed)
		})
	}
}

// sends is what the provider sends about an event of a call.
func (l *line) sends(call standin.Call, event string) standin.Callback {
	l.Helper()
	c, err := l.standin.Callback(call.ID, event)
	if err != nil {
		l.Fatal(err)
	}
	return c
}

// called gives a callback to the driver.
func (l *line) called(c standin.Callback) (*loops.Result, error) {
	headers := map[string]string{}
	for name, values := range c.Header {
		headers[strings.ToLower(name)] = strings.Join(values, ", ")
	}
	text, err := json.Marshal(headers)
	if err != nil {
		return nil, err
	}
	return l.run(loops.EntryCallback, map[string]any{
		loops.InputMethod: c.Method, loops.InputPath: c.Path, loops.InputQuery: c.Query, loops.InputHeaders: json.RawMessage(text), loops.InputBody: c.Body,
	})
}
