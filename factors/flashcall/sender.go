package flashcall

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/loops"
)

// maxRetryAfter bounds what a provider may make a person wait.
const maxRetryAfter = time.Hour

// firstPoll is when a provider that has taken an order is asked for the first time.
const firstPoll = 2 * time.Second

// SenderOptions are what a Sender needs. Runner and Routes are required.
type SenderOptions struct {
	Runner loops.Runner
	// Routes is the chain, asked anew at every use, so that a reload works at once.
	Routes func() []Route
	// Breaker is asked likewise; nil: none.
	Breaker func() Breaker
	// Stops are asked likewise, at every order; nil: nothing is switched off.
	Stops func() Stops
	// Message is the text of an SMS that holds the code, in the language; it is
	// needed where a route is of that channel.
	Message func(lang, code string) string
	// Watch is told of codes that providers chose and told at once; it must not
	// block. Of those that they tell later the engine tells (otp.Options.Learned).
	Watch func(driver, phone, code string)
	// Now defaults to time.Now.
	Now func() time.Time
	// Rand is cryptographically strong and serves many goroutines; nil means
	// crypto/rand.
	Rand io.Reader
	// Log defaults to none.
	Log *slog.Logger
}

// Sender brings codes to people through the drivers of a chain.
type Sender struct {
	o        SenderOptions
	breakers breakers
}

var _ otp.Sender = (*Sender)(nil)

// NewSender gives a Sender for the engine of Method.
func NewSender(o SenderOptions) *Sender {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Rand == nil {
		o.Rand = rand.Reader
	}
	if o.Breaker == nil {
		o.Breaker = func() Breaker { return Breaker{} }
	}
	if o.Stops == nil {
		o.Stops = func() Stops { return Stops{} }
	}
	if o.Watch == nil {
		o.Watch = func(string, string, string) {}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Sender{o: o}
}

// CheckDriver says why a driver can't serve codes of that length by the channel,
// nil if it can.
func CheckDriver(d *loops.Driver, channel loops.Channel, codeLength int) error {
	m := d.Manifest
	own := m.Channel
	if own == "" {
		own = loops.ChannelFlashCall
	}
	if own != channel {
		return fmt.Errorf("driver %s brings codes by %s, not by %s; choose another driver", d.Name, own, channel)
	}
	if len(m.CodeLengths) > 0 && !slices.Contains(m.CodeLengths, codeLength) {
		return fmt.Errorf("driver %s has codes of %v digits, not %d; choose another driver or codeLength", d.Name, m.CodeLengths, codeLength)
	}
	return nil
}

// Send has the route's driver place the call or send the message. Its errors are
// *otp.SendError; their kind is a word of loops' vocabulary.
func (s *Sender) Send(ctx context.Context, d otp.Delivery) (otp.Sent, error) {
	r, ok := s.route(d.Route)
	if !ok {
		return otp.Sent{}, &otp.SendError{Kind: string(loops.Unavailable), MovesOn: true, Cause: errors.New("the route isn't there any more")}
	}
	if err := s.stopped(r, d); err != nil {
		return otp.Sent{}, err
	}
	sent, err := s.send(ctx, r, d)
	var failure *otp.SendError
	broken := errors.As(err, &failure) && breaks(loops.Key(failure.Kind)) || err != nil && failure == nil
	if s.breakers.note(r.ID, !broken, s.o.Breaker(), s.o.Now()) {
		s.o.Log.Error("route passed over after failures in a row", "route", r.ID, "driver", r.Driver.Name, "pause", s.o.Breaker().Pause)
	}
	return sent, err
}

// breaks says whether the failure is the provider's, and not the number's.
func breaks(k loops.Key) bool {
	return k == loops.Unavailable || k == loops.AuthFailed || k == loops.NoFunds || k == loops.BadAnswer
}

func (s *Sender) send(ctx context.Context, r Route, d otp.Delivery) (otp.Sent, error) {
	if err := CheckDriver(r.Driver, r.Channel, d.CodeLength); err != nil {
		return otp.Sent{}, &otp.SendError{Kind: string(loops.Unavailable), MovesOn: true, Cause: err}
	}
	own := ""
	if r.Driver.Manifest.CodeOrigin == loops.CodeFromUs {
		code, err := otp.NewCode(s.o.Rand, d.CodeLength, r.Driver.Manifest.LeadingZero)
		if err != nil {
			return otp.Sent{}, err
		}
		own = code
	}
	in := input(d)
	if own != "" {
		in[loops.InputCode] = own
		if r.Channel == loops.ChannelSMS {
			in[loops.InputText] = s.o.Message(d.Lang, own)
		}
	}
	result, err := s.run(ctx, r, loops.EntryStart, in)
	if err != nil {
		return otp.Sent{}, sendError(err)
	}
	return s.sent(r, d, own, result.Value)
}

// sent reads what start gave.
func (s *Sender) sent(r Route, d otp.Delivery, own string, value map[string]any) (otp.Sent, error) {
	out := otp.Sent{
		ByProvider: r.Driver.Manifest.CodeOrigin == loops.CodeFromCheck, Pending: value[loops.ValuePending] == true,
		CallID: text(value[loops.ValueCallID]), Prefix: text(value[loops.ValuePrefix]), Cost: cost(value),
	}
	if out.Pending && slices.Contains(r.Entries, loops.EntryPoll) {
		out.PollAfter = firstPoll
	}
	if out.ByProvider {
		out.CallerMask = maskPrefix(out.Prefix, d.CodeLength)
		return out, nil
	}
	if out.Pending && own == "" && value[loops.ValueCode] == nil && value[loops.ValueCaller] == nil {
		return out, nil // poll or callback tells the code
	}
	code, err := r.Driver.Manifest.CodeOf(value, own, d.CodeLength)
	if err != nil {
		return otp.Sent{}, sendError(err)
	}
	out.Code, out.CallerMask = code, callerMask(value, code)
	if own == "" {
		s.o.Watch(r.Driver.Name, d.Phone, code)
	}
	return out, nil
}

// run asks the route's driver.
func (s *Sender) run(ctx context.Context, r Route, entry loops.Entry, in map[string]any) (*loops.Result, error) {
	secrets, err := r.secrets(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the secrets of driver %s: %w", r.Driver.Name, err)
	}
	return s.o.Runner.Run(ctx, loops.Job{Driver: r.Driver, Entry: entry, Input: in, Secrets: secrets})
}

func input(d otp.Delivery) map[string]any {
	in := map[string]any{
		loops.InputPhone:      strings.TrimPrefix(d.Phone, "+"),
		loops.InputPhoneE164:  d.Phone,
		loops.InputCodeLength: d.CodeLength,
		loops.InputReference:  d.ID,
		loops.InputRemoteIP:   d.RemoteIP,
	}
	if d.CallID != "" {
		in[loops.InputCallID] = d.CallID
	}
	return in
}

// callerMask is the mask of the number that calls, where the driver told one
// that ends in the code.
func callerMask(value map[string]any, code string) string {
	for _, key := range []string{loops.ValueCaller, loops.ValueCode} {
		caller := onlyDigits(fmt.Sprint(value[key]))
		if strings.HasSuffix(caller, code) {
			if mask := maskCaller(caller, len(code)); mask != "" {
				return mask
			}
		}
	}
	return ""
}

// sendError translates a runner's error. A refused script is our own fault, so
// to the person it is an unavailable provider.
func sendError(err error) *otp.SendError {
	out := &otp.SendError{Kind: string(loops.Unavailable), MovesOn: true, Cause: redacted{err}}
	var failure *loops.Failure
	if errors.As(err, &failure) {
		out.Kind, out.MovesOn = string(failure.Kind()), failure.MovesOn()
		out.RetryAfter = retryAfter(failure.Params["retry_after"])
	}
	return out
}

func retryAfter(seconds string) time.Duration {
	n, err := strconv.Atoi(seconds)
	if err != nil || n <= 0 {
		return 0
	}
	return min(time.Duration(min(n, 86400))*time.Second, maxRetryAfter)
}
