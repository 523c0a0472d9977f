package sandbox_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/sandbox"
)

// wide fills n bytes with a character that JSON writes as six.
func wide(n int) string { return strings.Repeat("\x01", n) }

// full is a question whose parts are as large as their limits allow: as text that grows sixfold on its way.
func full(l loops.Limits, secrets map[string]string) loops.Question {
	q := ask(`function run(obj, result, state) {
  return HttpLoop.Ok({input: obj.asString("x").length, state: state.asString("x").length, text: result.text().length,
    header: result.header("X").length, token: tokens.get().length, secrets: [secrets.A, secrets.B, secrets.C, secrets.D].map((s) => s.length).join()});
}
function login() {}
/*`)
	q.Driver.Source += wide(l.Code-len(q.Driver.Source)-2) + "*/"
	object := `{"x":"` + strings.Repeat("x", l.Message-8) + `"}`
	q.Input, q.State, q.Secrets = []byte(object), []byte(object), secrets
	q.Answer = &loops.Answer{Status: 200, Header: http.Header{"X": {wide(l.Headers - 5)}}, Body: wide(l.Answer)}
	token := wide(l.Message)
	q.Token = &token
	return q
}

// four are secrets of n bytes together; a quarter each, with their names and six bytes of frame.
func four(n int) map[string]string {
	each := wide(n/4 - 7)
	return map[string]string{"A": each, "B": each, "C": each, "D": each}
}

func TestTheLargestTaskFits(t *testing.T) {
	p := pool(t, func(o *sandbox.Options) { o.Size = 1; o.Limits.Step = 30 * time.Second })
	l := p.Limits()
	for _, size := range []int{40 << 10, 64 << 10} {
		action, err := p.Step(context.Background(), full(l, four(size)))
		n := size/4 - 7
		want := fmt.Sprintf(`{"input":%d,"state":%[1]d,"text":%d,"header":%d,"token":%d,"secrets":"%d,%[5]d,%[5]d,%[5]d"}`,
			l.Message-8, l.Answer, l.Headers-5, l.Message, n)
		if err != nil || string(action.Ok) != want {
			t.Errorf("secrets of %d bytes: got %s, %v; want %s", size, said(action), err, want)
		}
	}
	if s := p.Stats(); s.Started != 1 {
		t.Errorf("%d workers were started: one died", s.Started)
	}
}

// What has no room is refused in words, before any worker has it.
func TestTooLargeATask(t *testing.T) {
	p := pool(t, func(o *sandbox.Options) { o.Size = 1; o.Limits.Step = 30 * time.Second })
	l := p.Limits()
	token := ask(good)
	large := wide(l.Message + 1)
	token.Token = &large
	secrets := ask(good)
	secrets.Secrets = four(64<<10 + 4)
	answer := ask(good)
	answer.Answer = &loops.Answer{Body: wide(1 << 20)}
	for want, q := range map[string]loops.Question{
		"driver.js:1:1: the driver's secrets together are 65540 bytes long, at most 65536 are allowed": secrets,
		"driver.js:1:1: the driver's token is 16385 bytes long, at most 16384 are allowed":             token,
		"driver.js:1:1: the task: broken frame: ":                                                      answer,
	} {
		for range 4 { // it doesn't count as exhaustion
			_, err := p.Step(context.Background(), q)
			var r *loops.Refusal
			if !errors.As(err, &r) || r.Reason != loops.ReasonContract || !strings.HasPrefix(r.Detail, want) {
				t.Errorf("err = %v, want %s", err, want)
			}
		}
	}
	mustAnswer(t, p)
	if s := p.Stats(); s.Started != 1 {
		t.Errorf("%d workers were started: one was ended for a task that it never had", s.Started)
	}
}
