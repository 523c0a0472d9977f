package otp_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"pgregory.net/rapid"

	"github.com/ringtail-id/ringtail/factors/otp"
)

// The provider's and the node's part of the play.

func (m *play) code() string {
	m.serial = (m.serial + 1) % 900
	return fmt.Sprintf("%03d", m.serial)
}

// deliver draws what the provider does with an order, and what a callback tells
// before it answers.
func (m *play) deliver(t *rapid.T, b *browser) (otp.Sent, error) {
	before, code := b.copy(), m.code()
	b.order.state, b.order.until = otp.Calling, m.r.after(time.Minute)
	out := otp.Sent{CallID: "call " + code, PollAfter: time.Second}
	out.Cost = b.order.route.Price * rapid.SampledFrom([]int64{0, 1, 2, 3}).Draw(t, "cost") / 2
	var failure *otp.SendError
	switch rapid.SampledFrom([]string{"ours", "ours", "ours, pending", "theirs, later", "checked", "checked, pending", "moves on", "moves on", "fails"}).Draw(t, "answer") {
	case "ours":
		out.Code = code
	case "ours, pending":
		out.Code, out.Pending = code, true
	case "theirs, later":
		out.Pending = true
	case "checked":
		out.ByProvider = true
	case "checked, pending":
		out.ByProvider, out.Pending = true, true
	case "moves on":
		failure = &otp.SendError{Kind: "unreachable", MovesOn: true}
	case "fails":
		failure = &otp.SendError{Kind: "invalid_number", RetryAfter: 90 * time.Second}
	}
	var early *otp.News
	if rapid.IntRange(0, 3).Draw(t, "early") == 0 {
		early = m.draw(t)
		early.Driver, early.Reference = b.order.route.Driver, b.order.id
		if err := m.w.News(context.Background(), *early); err != nil {
			t.Fatal(err)
		}
	}
	m.then = func() {
		m.r.deliver(b, out, failure, code, early)
		m.sync(t, b, before)
	}
	if failure != nil {
		return otp.Sent{}, failure
	}
	return out, nil
}

func (m *play) draw(t *rapid.T) *otp.News {
	n := &otp.News{State: rapid.SampledFrom([]otp.NewsState{otp.NewsPending, otp.NewsRinging, otp.NewsDelivered, otp.NewsFailed}).Draw(t, "state")}
	if n.State == otp.NewsFailed {
		n.Failure, n.MovesOn = "unreachable", rapid.Bool().Draw(t, "moves on")
	}
	return n
}

func (m *play) poll(t *rapid.T, d otp.Delivery) (otp.News, error) {
	b := m.owner(t, d.ID)
	if m.r.state(b.order) != otp.Placed || d.CallID != b.order.callID {
		t.Fatalf("the provider was asked about %+v", b.order)
	}
	before := b.copy()
	if rapid.IntRange(0, 4).Draw(t, "unknown") == 0 {
		return otp.News{}, errors.New("boom")
	}
	n := m.draw(t)
	m.tell(t, b, n)
	m.then = func() { m.r.hear(b, *n); m.sync(t, b, before) }
	return *n, nil
}

// tell adds what a provider tells of its order beside the state.
func (m *play) tell(t *rapid.T, b *browser, n *otp.News) {
	if rapid.Bool().Draw(t, "with code") {
		n.Code = b.order.code
	}
	n.Cost = b.order.route.Price * rapid.SampledFrom([]int64{0, 0, 1, 3}).Draw(t, "cost") / 2
}

// news draws a callback: of this order or of one before, with the right name or
// with another driver's.
func (m *play) news(t *rapid.T) {
	b := m.browser(t)
	if b.order == nil {
		t.Skip("nothing was asked for")
	}
	before, of, n := b.copy(), b.copy(), m.draw(t)
	m.tell(t, b, n)
	if old := m.past[b]; len(old) > 0 && rapid.IntRange(0, 2).Draw(t, "old") == 0 {
		of = rapid.SampledFrom(old).Draw(t, "order")
	}
	n.Driver = of.route.Driver
	if n.Reference = of.id; of.callID != "" && rapid.Bool().Draw(t, "by call") {
		n.Reference, n.CallID = "", of.callID
	}
	stranger := rapid.IntRange(0, 3).Draw(t, "stranger") == 0
	if stranger {
		n.Driver = "another"
	}
	if err := m.w.News(context.Background(), *n); err != nil {
		t.Fatal(err)
	}
	if of.id == before.id && !stranger {
		m.r.hear(b, *n)
		m.sync(t, b, before)
	}
}

func (m *play) nodeDies(t *rapid.T) {
	m.advance(time.Millisecond)
	b := m.next()
	c, err := m.w.store.Claim(context.Background(), "flashCall", m.w.now, m.r.after(time.Minute))
	if err != nil || (c != nil) != (b != nil) {
		t.Fatal(c, b, err)
	}
	if b != nil {
		b.order.state, b.order.until = otp.Calling, m.r.after(time.Minute)
	}
}

// check draws what a provider says of a typed code, and what happens until it does.
func (m *play) check(t *rapid.T, b *browser, right bool) otp.Verdict {
	switch rapid.IntRange(0, 7).Draw(t, "meanwhile") {
	case 0:
		m.advance(30 * time.Second)
		m.ask(t, b)
	case 1:
		m.enter(t, b, "999")
	}
	verdict := otp.VerdictWrong
	if right {
		verdict = otp.VerdictRight
	}
	return rapid.SampledFrom([]otp.Verdict{verdict, verdict, verdict, verdict, otp.VerdictExpired, otp.VerdictLocked, ""}).Draw(t, "verdict")
}
