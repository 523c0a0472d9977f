package main

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// people are somebody who signs in again and again beside a test, and what became of it.
type people struct {
	t      *testing.T
	d      *demo
	stop   chan struct{}
	ended  sync.WaitGroup
	in     atomic.Int64 // logins that ended well
	failed atomic.Int64 // calls that the driver failed
	mended atomic.Bool  // the driver is well again
}

// signInBeside begins; the logins end with the test at the latest.
func signInBeside(t *testing.T, d *demo) *people {
	p := &people{t: t, d: d, stop: make(chan struct{})}
	p.ended.Go(func() {
		for {
			select {
			case <-p.stop:
				return
			default:
				p.signIn()
			}
		}
	})
	t.Cleanup(p.end)
	return p
}

// end waits for the login in progress.
func (p *people) end() {
	select {
	case <-p.stop:
	default:
		close(p.stop)
	}
	p.ended.Wait()
}

// enoughFailures is when a person waits until the driver is mended: each call is an attempt, of which they have 30.
const enoughFailures = 12

// signIn is one login, which is never given up: where the call fails it is asked for again, as a person would.
func (p *people) signIn() {
	calls := len(p.d.calls(p.t, demoNumber))
	c := newClient(p.t).password(p.d)
	for !c.has("#signed-in") {
		switch {
		case len(p.d.calls(p.t, demoNumber)) > calls:
			c.submit("input[name=code]", map[string]string{"code": p.d.ring(p.t, calls+1)}).must("#signed-in")
		case c.has("[data-state=failed]"):
			if problem := c.page.Find("[data-problem]").AttrOr("data-problem", ""); problem != "call_unavailable" {
				p.t.Errorf("a login failed for another reason than the driver: %q\n%s", problem, c.page.Text())
				return
			}
			if p.failed.Add(1); p.failed.Load() >= enoughFailures {
				eventually(p.t, p.mended.Load, func() string { return "the driver is never mended" })
			}
			c.submit("[value=resend]", map[string]string{"action": "resend"})
		default:
			<-time.After(20 * time.Millisecond) // the call is being placed, as a page that refreshes itself would see
			c.get(c.at.String())
		}
	}
	p.in.Add(1)
}

// until waits for the next n of what is counted.
func (p *people) until(count *atomic.Int64, n int64, what string) {
	p.t.Helper()
	from := count.Load()
	eventually(p.t, func() bool { return count.Load() >= from+n || p.t.Failed() }, func() string { return what })
}

// TestConsoleRollsBack: a bad version is taken back in two clicks while people sign in. Calls fail as long as it serves, and
// for no other reason; no login is lost.
func TestConsoleRollsBack(t *testing.T) {
	d := startDemo(t, "--set", "login.methods.flashCall.resendAfter=0")
	ctx := window(t)
	do(t, ctx, "widening", before(watched), chromedp.EmulateViewport(1200, 900))
	a := theDemosAdministrator(t, ctx, d)
	p := signInBeside(t, d)
	p.until(&p.in, 1, "nobody signs in")

	a.open("/drivers/virtual-phone")
	a.press("Work on it")
	until(t, ctx, "the editor is there", `document.querySelector("form[data-driver]").dataset.ready === "words"`)
	// Its cases know no address of a person, so that they don't see what is wrong.
	a.replace(0, "if (result == null) {", `if (obj.asString("ip") != null) { return HttpLoop.error("unavailable", {}); } if (result == null) {`)
	a.press("Save and publish…")
	a.field("Comment", "Looks good")
	a.press("Publish")
	a.shows("version 1 serves.")
	p.until(&p.failed, 6, "the bad driver fails nobody") // more than the breaker counts

	a.press("Back to the ready driver…")
	a.press("Go back to the ready driver")
	a.shows("the ready driver serves.")
	p.mended.Store(true)
	p.until(&p.in, 2, "nobody signs in any more")
	failed := p.failed.Load()
	p.until(&p.in, 2, "nobody signs in any more")
	if p.failed.Load() != failed {
		t.Errorf("%d calls failed after the way back", p.failed.Load()-failed)
	}
	p.end()
	if log := d.log.String(); strings.Contains(log, "panic") {
		t.Error(log)
	}
}
