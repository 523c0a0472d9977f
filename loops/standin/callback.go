package standin

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Callback is a request by which a provider tells its caller what becomes of a call.
type Callback struct {
	URL    string // where the caller wanted it sent, as the request that placed the call gave it; empty where it gave none
	Method string
	Path   string // that was signed; of URL where there is one
	Query  string // raw, without "?"
	Header http.Header
	Body   string
}

// CallbackURL reads where a caller wants to be told: an http or https address with a host, or nothing.
func CallbackURL(text string) (*url.URL, bool) {
	if text == "" {
		return &url.URL{}, true
	}
	u, err := url.Parse(text)
	return u, err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && u.User == nil
}

// waiting is how many callbacks may wait to be sent; more are dropped, as a provider under load would.
const waiting = 64

// Sender sends callbacks in the background, one after the other, each only to the address that its caller gave.
type Sender struct {
	client *http.Client
	queue  chan Callback
}

// NewSender makes a Sender.
func NewSender() *Sender {
	return &Sender{queue: make(chan Callback, waiting), client: &http.Client{
		Timeout:       10 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Send has a callback sent, unless too many are waiting. It never blocks.
func (s *Sender) Send(c Callback) {
	select {
	case s.queue <- c:
	default:
	}
}

// Run sends until ctx ends. It tells what became of each, in one line.
func (s *Sender) Run(ctx context.Context, tell func(line string)) {
	for {
		select {
		case <-ctx.Done():
			return
		case c := <-s.queue:
			tell(s.deliver(ctx, c))
		}
	}
}

func (s *Sender) deliver(ctx context.Context, c Callback) string {
	request, err := http.NewRequestWithContext(ctx, c.Method, c.URL, strings.NewReader(c.Body))
	if err != nil {
		return fmt.Sprintf("callback to %s: %v", c.URL, err)
	}
	request.Header = c.Header.Clone()
	answer, err := s.client.Do(request)
	if err != nil {
		return fmt.Sprintf("callback to %s: %v", c.URL, err)
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, maxBody))
	_ = answer.Body.Close()
	return fmt.Sprintf("callback to %s: %s", c.URL, answer.Status)
}
