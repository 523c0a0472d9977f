package hooks

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/ringtail-id/ringtail/loops"
)

// retryAfter is when a provider may try again where we are out of order.
const retryAfter = 5 * time.Second

// refuse gives the reply for a callback that failed, and logs why.
func (h *Handler) refuse(d *loops.Driver, err error) *reply {
	out := reply{status: statusFor(err), header: http.Header{}}
	if out.status == http.StatusServiceUnavailable {
		out.header.Set("Retry-After", strconv.Itoa(int(retryAfter.Seconds())))
	}
	h.o.Log.Log(context.Background(), levelOf(err), "callback refused", "driver", d.Name, "status", out.status, "error", err)
	return &out
}

// statusFor tells the sender whether it is to blame: 401 where it isn't whom it
// says, 400 where its callback can't be read, 503 where it may try again.
func statusFor(err error) int {
	var failure *loops.Failure
	var refusal *loops.Refusal
	switch {
	case errors.As(err, &refusal) && refusal.Reason == loops.ReasonUnsupported:
		return http.StatusNotFound // the driver has no callback
	case errors.As(err, &refusal) && refusal.Reason == loops.ReasonContract:
		return http.StatusBadRequest // a script that trips over what was sent
	case !errors.As(err, &failure):
		return http.StatusServiceUnavailable
	}
	switch failure.Kind() {
	case loops.AuthFailed:
		return http.StatusUnauthorized
	case loops.Unavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusBadRequest
}

// levelOf is Error for what an administrator must look at, and Info for what a
// stranger can cause. One too many costs so little that a flood of them would
// fill the log; they are counted in the metrics.
func levelOf(err error) slog.Level {
	var failure *loops.Failure
	switch {
	case errors.Is(err, errBusy):
		return slog.LevelDebug
	case errors.As(err, &failure), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return slog.LevelInfo
	}
	return slog.LevelError
}
