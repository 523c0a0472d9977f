package tracing

import (
	"context"
	"errors"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	"github.com/ringtail-id/ringtail/factors/flashcall"
	"github.com/ringtail-id/ringtail/factors/otp"
)

// Sender traces what next brings to people: each call in the trace of the login that
// asked for it. carried finds what Carried gave for the login; empty where it isn't
// traced.
func (t *Tracing) Sender(next otp.Sender, carried func(ctx context.Context, loginID string) string) otp.Sender {
	if t == nil {
		return next
	}
	return sender{next, t, carried}
}

type sender struct {
	otp.Sender
	t       *Tracing
	carried func(ctx context.Context, loginID string) string
}

// Send implements otp.Sender.
func (s sender) Send(ctx context.Context, d otp.Delivery) (otp.Sent, error) {
	ctx, span := s.begin(ctx, "call send", d)
	sent, err := s.Sender.Send(ctx, d)
	ended(span, outcome(err), err)
	return sent, err
}

// Check implements otp.Sender.
func (s sender) Check(ctx context.Context, d otp.Delivery, code string) (otp.Verdict, error) {
	ctx, span := s.begin(ctx, "call check", d)
	verdict, err := s.Sender.Check(ctx, d, code)
	ended(span, outcome(err), err)
	return verdict, err
}

// Poll implements otp.Sender.
func (s sender) Poll(ctx context.Context, d otp.Delivery) (otp.News, error) {
	ctx, span := s.begin(ctx, "call poll", d)
	news, err := s.Sender.Poll(ctx, d)
	ended(span, outcome(err), err)
	return news, err
}

// Report implements otp.Sender.
func (s sender) Report(ctx context.Context, d otp.Delivery, code string, verified bool) error {
	ctx, span := s.begin(ctx, "call report", d)
	err := s.Sender.Report(ctx, d, code, verified)
	ended(span, outcome(err), err)
	return err
}

func (s sender) begin(ctx context.Context, name string, d otp.Delivery) (context.Context, trace.Span) {
	if login := resume(s.carried(ctx, d.LoginID)); login.IsValid() {
		ctx = trace.ContextWithSpanContext(ctx, login)
	}
	return s.t.tracer.Start(ctx, name, trace.WithAttributes(
		attribute.String("ringtail.login_id", d.LoginID), attribute.String("ringtail.route", d.Route), attribute.String("ringtail.phone", flashcall.Mask(d.Phone)),
	))
}

func outcome(err error) string {
	var failed *otp.SendError
	switch {
	case err == nil:
		return "ok"
	case errors.As(err, &failed):
		return failed.Kind
	}
	return "error"
}
