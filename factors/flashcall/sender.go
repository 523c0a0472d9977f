package flashcall

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/loops"
)

// maxRetryAfter bounds what a provider may make a person wait.
const maxRetryAfter = time.Hour

// SenderOptions are what a Sender needs.
type SenderOptions struct {
	Runner loops.Runner
	// Driver gives the driver in service and its secrets by name, for each call
	// anew, so that a reload and a new secret work at once.
	Driver func(ctx context.Context) (*loops.Driver, map[string]string, error)
	// Rand is cryptographically strong and serves many goroutines; nil means
	// crypto/rand.
	Rand io.Reader
}

// Sender places calls through a driver.
type Sender struct{ options SenderOptions }

var _ otp.Sender = (*Sender)(nil)

// NewSender gives a Sender for the engine of Method.
func NewSender(o SenderOptions) *Sender {
	if o.Rand == nil {
		o.Rand = rand.Reader
	}
	return &Sender{options: o}
}

// CheckDriver says why a driver can't serve codes of that length, nil if it can.
func CheckDriver(d *loops.Driver, codeLength int) error {
	m := d.Manifest
	if m.Channel != "" && m.Channel != loops.ChannelFlashCall {
		return fmt.Errorf("driver %s brings codes by %s, not by a flash call; choose another driver", d.Name, m.Channel)
	}
	if m.CodeOrigin == loops.CodeFromCheck {
		return fmt.Errorf("driver %s lets its provider check the code, which flashCall can't yet; choose another driver", d.Name)
	}
	if len(m.CodeLengths) > 0 && !slices.Contains(m.CodeLengths, codeLength) {
		return fmt.Errorf("driver %s has codes of %v digits, not %d; choose another driver or codeLength", d.Name, m.CodeLengths, codeLength)
	}
	return nil
}

// Send has the driver place the call. Its errors are *otp.SendError; their kind
// is a word of loops' vocabulary.
func (s *Sender) Send(ctx context.Context, d otp.Delivery) (otp.Sent, error) {
	driver, secrets, err := s.options.Driver(ctx)
	if err != nil {
		return otp.Sent{}, &otp.SendError{Kind: string(loops.Unavailable), Cause: err}
	}
	if err := CheckDriver(driver, d.CodeLength); err != nil {
		return otp.Sent{}, &otp.SendError{Kind: string(loops.Unavailable), Cause: err}
	}
	own := ""
	if driver.Manifest.CodeOrigin == loops.CodeFromUs {
		code, err := otp.NewCode(s.options.Rand, d.CodeLength, driver.Manifest.LeadingZero)
		if err != nil {
			return otp.Sent{}, err
		}
		own = code
	}
	result, err := s.options.Runner.Run(ctx, loops.Job{
		Driver: driver, Entry: loops.EntryStart, Input: input(d, own), Secrets: secrets,
	})
	if err != nil {
		return otp.Sent{}, sendError(err)
	}
	code, err := driver.Manifest.CodeOf(result.Value, own, d.CodeLength)
	if err != nil {
		return otp.Sent{}, sendError(err)
	}
	return otp.Sent{Code: code, CallerMask: callerMask(result.Value, code)}, nil
}

func input(d otp.Delivery, own string) map[string]any {
	in := map[string]any{
		loops.InputPhone:      strings.TrimPrefix(d.Phone, "+"),
		loops.InputPhoneE164:  d.Phone,
		loops.InputCodeLength: d.CodeLength,
		loops.InputReference:  d.ID,
		loops.InputRemoteIP:   d.RemoteIP,
	}
	if own != "" {
		in[loops.InputCode] = own
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
	out := &otp.SendError{Kind: string(loops.Unavailable), Cause: redacted{err}}
	var failure *loops.Failure
	if errors.As(err, &failure) {
		out.Kind = string(failure.Kind())
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
