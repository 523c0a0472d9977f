package verify

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/idp/api"
	"github.com/ringtail-id/ringtail/idp/pages"
)

// Calls brings codes to numbers and compares them; otp.Engine implements it.
type Calls interface {
	Request(ctx context.Context, t otp.Target) error
	Resend(ctx context.Context, t otp.Target) error
	Enter(ctx context.Context, in otp.Entered) error
	Status(ctx context.Context, id, personID string) (otp.Status, error)
	Ways(st otp.Status, phone string) []otp.Way
	NumberKey(phone string) string
}

// Options for New. All are required but Lives, Rand and Log.
type Options struct {
	// Issuer is the provider's address without a slash at its end.
	Issuer  string
	Calls   Calls
	Tokens  api.Tokens
	Records Records
	Answers Answers
	// Number reads a number as people write it, and refuses those that no code may
	// go to; the problems are those of package flashcall.
	Number func(raw string) (e164, country string, err error)
	// Operator names who was given the range of such a number, for the record of calls;
	// empty where nobody knows.
	Operator func(e164 string) string
	// Mask hides most of an E.164 number.
	Mask func(e164 string) string
	// Hash is a keyed hash of its parts, unambiguous about where one part ends.
	Hash  func(parts ...string) string
	Pages *pages.Pages
	// ClientIP is the address that the request came from.
	ClientIP func(*http.Request) netip.Addr
	Lives    Lives
	Now      func() time.Time
	// Rand defaults to crypto/rand, Log to slog's default.
	Rand io.Reader
	Log  *slog.Logger
}

// Lives are how long things live. Zero means the default.
type Lives struct {
	// Verification is how long codes may be asked for and checked: 1 hour.
	Verification time.Duration
	// Keep is how long a verification, and the answer under an Idempotency-Key, can
	// be asked for again: 24 hours, as long as the engine keeps its challenges.
	Keep time.Duration
	// Answering is how long a request may take, at most; then another one with its
	// Idempotency-Key may go on: 2 minutes.
	Answering time.Duration
}

func (o *Options) check() error {
	for name, missing := range map[string]bool{
		"Calls": o.Calls == nil, "Tokens": o.Tokens == nil, "Records": o.Records == nil, "Answers": o.Answers == nil,
		"Number": o.Number == nil, "Operator": o.Operator == nil, "Mask": o.Mask == nil, "Hash": o.Hash == nil, "Pages": o.Pages == nil,
		"ClientIP": o.ClientIP == nil, "Now": o.Now == nil,
	} {
		if missing {
			return errors.New("verify: Options." + name + " is missing")
		}
	}
	if u, err := url.Parse(o.Issuer); err != nil || u.Host == "" {
		return errors.New("verify: Options.Issuer is not an address")
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	for life, otherwise := range map[*time.Duration]time.Duration{
		&o.Lives.Verification: time.Hour, &o.Lives.Keep: 24 * time.Hour, &o.Lives.Answering: 2 * time.Minute,
	} {
		if *life <= 0 {
			*life = otherwise
		}
	}
	return nil
}
