package otp

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// News takes what a provider told by itself. It changes only how the call
// stands: no news confirms a login. A call that nobody knows is no error, since
// whoever sends news learns nothing from the answer.
func (e *Engine) News(ctx context.Context, n News) error {
	if n.Reference == "" && n.CallID == "" {
		return errors.New("news of a call must say which")
	}
	key, ok, err := e.store.Find(ctx, e.method, Lookup{ID: n.Reference, Driver: n.Driver, CallID: n.CallID})
	if err != nil {
		return fmt.Errorf("finding the call that the news are about: %w", err)
	}
	if !ok {
		e.log.Info("news of an unknown call", "method", e.method, "driver", n.Driver, "state", n.State, "call_id", clip(n.CallID))
		return nil
	}
	return e.learn(ctx, key, n)
}

// clip bounds what a provider can put into a line of the log.
func clip(id string) string { return id[:min(len(id), 64)] }

// learn applies news to the login's challenge, if they are about that one.
func (e *Engine) learn(ctx context.Context, key Key, n News) error {
	rec, err := e.store.Load(ctx, key)
	if err != nil {
		return fmt.Errorf("loading the challenge: %w", err)
	}
	c := rec.Challenge
	if c == nil || c.Driver != n.Driver || n.Reference != "" && c.ID != n.Reference || n.CallID != "" && c.CallID != "" && c.CallID != n.CallID {
		return nil
	}
	learned := false
	moved, err := e.change(ctx, key, c.ID, func(rec *Record, mayMove bool) bool {
		n := n
		n.MovesOn = n.MovesOn && mayMove
		before := rec.Challenge.CodeHash
		moved := e.hear(rec, n, e.now())
		learned = before == "" && rec.Challenge.CodeHash != ""
		return moved
	})
	if errors.Is(err, errNothingToDo) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("writing down news of a call: %w", err)
	}
	e.changed.signal()
	if learned {
		e.learned(c.Driver, c.Phone, n.Code)
	}
	told := about(NoticeNews, key, c)
	told.State, told.Failure, told.MovedOn = n.State, n.Failure, moved
	e.notice(ctx, told)
	e.debug("news of a call", key, c.ID, c.Phone, "driver", n.Driver, "state", n.State, "failure", n.Failure, "moved_on", moved)
	if moved {
		e.order()
	}
	return nil
}

// hear applies news; true where the chain moves on. Only a call whose end isn't
// known yet can be heard of.
func (e *Engine) hear(rec *Record, n News, now time.Time) (moved bool) {
	c := rec.Challenge
	if c.State == Calling {
		c.Early = n.early()
		return false
	}
	if c.StateAt(now) != Placed {
		return false
	}
	if c.CodeHash == "" && !c.ByProvider && isCode(n.Code, c.CodeLength) {
		c.CodeHash, c.CallerMask = e.hashCode(c.ID, n.Code), n.CallerMask
	}
	e.settle(rec, n.Cost, now)
	switch n.State {
	case NewsFailed:
		return e.fail(rec, n.Failure, n.MovesOn, now)
	case NewsRinging, NewsDelivered:
		if c.CodeHash != "" || c.ByProvider {
			c.reached(now, e.settings())
			return false
		}
	}
	if !c.PollAt.IsZero() {
		c.PollAt = now.Add(e.pollAfter(n.After))
	}
	return false
}

// Bounds of the time between two questions about one call.
const (
	minPoll = 500 * time.Millisecond
	maxPoll = time.Minute
)

// askAgain is when a provider that couldn't be asked is asked again.
const askAgain = 10 * time.Second

func (e *Engine) pollAfter(wanted time.Duration) time.Duration {
	if wanted == 0 {
		return e.timing.PollEvery
	}
	return min(max(wanted, minPoll), maxPoll)
}

// early is how news that came before the order was answered are kept.
func (n News) early() string {
	if n.State != NewsFailed {
		return string(n.State)
	}
	word := string(NewsFailed)
	if n.MovesOn {
		word += "+"
	}
	return word + ":" + n.Failure
}

func (c *Challenge) early() News {
	state, failure, _ := strings.Cut(c.Early, ":")
	state, movesOn := strings.CutSuffix(state, "+")
	return News{State: NewsState(state), Failure: failure, MovesOn: movesOn}
}

// poll asks the provider how the call stands.
func (e *Engine) poll(ctx context.Context, c *Challenge) {
	limited, cancel := context.WithTimeout(ctx, e.timing.SendTimeout)
	defer cancel()
	key := e.key(c.LoginID, c.PersonID)
	n, err := e.sender.Poll(limited, c.delivery())
	if err != nil {
		e.log.Warn("a provider could not be asked how a call stands", e.fields(key, c.ID, c.Phone, "driver", c.Driver, "error", err)...)
		n = News{State: NewsPending, After: askAgain}
	}
	n.Driver, n.Reference, n.CallID = c.Driver, c.ID, c.CallID
	ctx, cancelWrite := context.WithTimeout(ctx, finishTimeout)
	defer cancelWrite()
	if err := e.learn(ctx, key, n); err != nil {
		e.log.Error("an answer about a call could not be written down", e.fields(key, c.ID, c.Phone, "error", err)...)
	}
}

// report is what a provider is to be told of a login.
type report struct {
	delivery Delivery
	code     string
	verified bool
}

// maxReports bounds what waits to be reported; beyond it reports are dropped:
// they only help a provider to choose its routes.
const maxReports = 64

// report has the provider told how it went, soon and on this node. The code is
// kept in memory alone.
func (e *Engine) report(d Delivery, code string, verified bool) {
	if d.Route == "" || d.CallID == "" {
		return
	}
	select {
	case e.reports <- report{delivery: d, code: code, verified: verified}:
		e.wakeWorker()
	default:
		e.log.Warn("a report to a provider was dropped", "method", e.method, "challenge_id", d.ID)
	}
}

func (e *Engine) tell(ctx context.Context, r report) {
	ctx, cancel := context.WithTimeout(ctx, e.timing.SendTimeout)
	defer cancel()
	if err := e.sender.Report(ctx, r.delivery, r.code, r.verified); err != nil {
		e.log.Warn("a provider could not be told how it went", "method", e.method, "challenge_id", r.delivery.ID, "error", err)
	}
}
