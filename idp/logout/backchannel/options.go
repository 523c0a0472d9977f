package backchannel

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oidc/signing"
)

// Keys give the key that signs now; signing.Ring is one.
type Keys interface {
	Signing(ctx context.Context, alg string) (signing.Key, error)
}

// Post sends a form to the address and returns the status of the answer,
// whatever it is. An error says that there was none, or that the address may not
// be reached. See NewPost.
type Post func(ctx context.Context, address, form string) (status int, err error)

// Options for New. All are required but Timing, Rand and Log.
type Options struct {
	// Issuer is the provider's address without a slash at its end.
	Issuer  string
	Queue   Queue
	Clients idp.Clients
	Keys    Keys
	Post    Post
	Timing  Timing
	Now     func() time.Time
	// Rand defaults to crypto/rand, Log to slog's default.
	Rand io.Reader
	Log  *slog.Logger
}

// Timing is how often and how long it is tried. Zero means the default.
type Timing struct {
	// FirstPause before the second try; each further one is three times as long, up
	// to LongestPause: 10 seconds, 2 hours.
	FirstPause, LongestPause time.Duration
	// GiveUpAfter is how old a notice may get: 24 hours.
	GiveUpAfter time.Duration
	// Lease is longer than any sending takes: 1 minute.
	Lease time.Duration
	// Poll is how often an idle node looks: 1 second.
	Poll time.Duration
	// Senders at a time on this node: 16; of them at most PerClient for one client: 2.
	Senders, PerClient int
}

func (o *Options) check() error {
	for name, missing := range map[string]bool{
		"Issuer": o.Issuer == "", "Queue": o.Queue == nil, "Clients": o.Clients == nil, "Keys": o.Keys == nil,
		"Post": o.Post == nil, "Now": o.Now == nil,
	} {
		if missing {
			return errors.New("backchannel: Options." + name + " is missing")
		}
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	o.Timing.defaults()
	return nil
}

func (t *Timing) defaults() {
	for value, otherwise := range map[*time.Duration]time.Duration{
		&t.FirstPause: 10 * time.Second, &t.LongestPause: 2 * time.Hour, &t.GiveUpAfter: 24 * time.Hour,
		&t.Lease: time.Minute, &t.Poll: time.Second,
	} {
		if *value <= 0 {
			*value = otherwise
		}
	}
	if t.Senders <= 0 {
		t.Senders = 16
	}
	if t.PerClient <= 0 {
		t.PerClient = 2
	}
}

// pause is how long the next try waits after so many.
func (t *Timing) pause(tries int) time.Duration {
	pause := t.FirstPause
	for range tries - 1 {
		if pause = 3 * pause; pause >= t.LongestPause {
			return t.LongestPause
		}
	}
	return pause
}
