package backchannel

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/ringtail-id/ringtail/idp"
)

// othersWait bounds how long one failure makes a client's other notices wait.
const othersWait = 5 * time.Minute

// Sender tells relying parties. It is safe for concurrent use.
type Sender struct{ Options }

// New returns a sender. It fails where a dependency is missing.
func New(o Options) (*Sender, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	return &Sender{Options: o}, nil
}

// Run sends what is due until ctx ends, then waits for what it began and returns
// nil. Any number of nodes may run it on one queue.
func (s *Sender) Run(ctx context.Context) error {
	var working sync.WaitGroup
	defer working.Wait()
	free := make(chan struct{}, s.Timing.Senders)
	poll := time.NewTicker(s.Timing.Poll)
	defer poll.Stop()
	for ctx.Err() == nil {
		for s.dispatch(ctx, free, &working) {
		}
		select {
		case <-ctx.Done():
		case <-poll.C:
		}
	}
	return nil
}

// dispatch takes one notice and has it sent in the background. It says whether
// there may be more.
func (s *Sender) dispatch(ctx context.Context, free chan struct{}, working *sync.WaitGroup) bool {
	select {
	case free <- struct{}{}:
	case <-ctx.Done():
		return false
	}
	n, err := s.take(ctx)
	if err != nil || n == nil {
		if err != nil && ctx.Err() == nil {
			s.Log.ErrorContext(ctx, "taking a logout notice", "error", err)
		}
		<-free
		return false
	}
	working.Go(func() {
		defer func() { <-free }()
		s.serve(context.WithoutCancel(ctx), n)
	})
	return true
}

// Work sends one notice that is due, and says whether there was one.
func (s *Sender) Work(ctx context.Context) (bool, error) {
	n, err := s.take(ctx)
	if err != nil || n == nil {
		return false, err
	}
	s.serve(ctx, n)
	return true, nil
}

// take is nil where nothing is due.
func (s *Sender) take(ctx context.Context) (*Notice, error) {
	holder, err := idp.NewID(s.Rand)
	if err != nil {
		return nil, err
	}
	now := s.Now()
	n, err := s.Queue.TakeNotice(ctx, Lease{Holder: holder, Now: now, Until: now.Add(s.Timing.Lease), PerClient: s.Timing.PerClient})
	if errors.Is(err, idp.ErrNotFound) {
		return nil, nil
	}
	return n, err
}

// serve sends the notice and writes down how it went. Where that can't be
// written, the lease runs out and the relying party is told once more.
func (s *Sender) serve(ctx context.Context, n *Notice) {
	ctx, cancel := context.WithTimeout(ctx, s.Timing.Lease)
	defer cancel()
	about := []any{"client_id", n.ClientID, "session_id", n.Session, "user_id", n.UserID, "tries", n.Tries}
	var err error
	switch out := s.send(ctx, n); {
	case out.done:
		if out.note != "" {
			s.Log.Log(ctx, out.level(), out.note, append(about, "status", out.status)...)
		}
		err = s.Queue.DropNotice(ctx, n)
	case s.Now().Sub(n.QueuedAt)+s.Timing.pause(n.Tries) > s.Timing.GiveUpAfter:
		s.Log.ErrorContext(ctx, "a relying party was not told of a logout: given up", append(about, "status", out.status, "error", out.err)...)
		err = s.Queue.DropNotice(ctx, n)
	default:
		s.Log.WarnContext(ctx, "a relying party was not told of a logout yet", append(about, "status", out.status, "error", out.err)...)
		err = s.postpone(ctx, n, out)
	}
	if err != nil {
		s.Log.ErrorContext(ctx, "writing down how telling of a logout went", append(about, "error", err)...)
	}
}

// postpone lets the client's other notices wait too where it gave no answer.
func (s *Sender) postpone(ctx context.Context, n *Notice, out outcome) error {
	pause, now := s.Timing.pause(n.Tries), s.Now()
	var others time.Time
	if out.status == 0 && !out.ours {
		others = now.Add(min(pause, othersWait))
	}
	return s.Queue.PostponeNotice(ctx, n, now.Add(pause), others)
}

// send makes the token and posts it (Back-Channel Logout 1.0, section 2.5).
func (s *Sender) send(ctx context.Context, n *Notice) outcome {
	client, err := s.Clients.ClientByID(ctx, n.ClientID)
	if errors.Is(err, idp.ErrNotFound) || err == nil && client.BackchannelLogoutURI == "" {
		return outcome{done: true} // it doesn't want to be told, or isn't there any more
	}
	if err != nil {
		return outcome{err: fmt.Errorf("reading the client: %w", err), ours: true}
	}
	token, err := s.token(ctx, n, client)
	if err != nil {
		return outcome{err: err, ours: true}
	}
	status, err := s.Post(ctx, client.BackchannelLogoutURI, url.Values{"logout_token": {token}}.Encode())
	if err != nil {
		return outcome{err: err}
	}
	switch status {
	case http.StatusOK, http.StatusNoContent: // frameworks make 204 of an empty answer (section 2.8)
		return outcome{done: true, status: status, note: "a relying party was told of a logout"}
	case http.StatusBadRequest:
		return outcome{done: true, status: status, refused: true, note: "a relying party refused a logout token"}
	}
	return outcome{status: status, err: errors.New("the answer is neither 200, 204 nor 400")}
}
