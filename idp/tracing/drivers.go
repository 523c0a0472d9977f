package tracing

import (
	"context"
	"net/url"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"github.com/ringtail-id/ringtail/idp/metrics"
	"github.com/ringtail-id/ringtail/idp/observe"
	"github.com/ringtail-id/ringtail/loops"
)

// Runner traces the runs of next, where the context is in a trace.
func Runner(next loops.Runner) loops.Runner { return tracedRunner{next} }

type tracedRunner struct{ next loops.Runner }

// Run implements loops.Runner.
func (t tracedRunner) Run(ctx context.Context, job loops.Job) (*loops.Result, error) {
	ctx, span := inner(ctx).Start(ctx, "loop "+string(job.Entry), trace.WithAttributes(
		attribute.String("ringtail.driver", job.Driver.Name), attribute.String("ringtail.entry", string(job.Entry)),
	))
	result, err := t.next.Run(ctx, job)
	ended(span, metrics.LoopOutcome(err), err)
	return result, err
}

// Steps traces the steps of next.
func Steps(next metrics.Stepper) metrics.Stepper { return tracedSteps{next} }

type tracedSteps struct{ next metrics.Stepper }

// Step implements metrics.Stepper.
func (t tracedSteps) Step(ctx context.Context, q loops.Question) (*loops.Action, error) {
	ctx, span := inner(ctx).Start(ctx, "loop step", trace.WithAttributes(
		attribute.String("ringtail.driver", q.Driver.Name), attribute.String("ringtail.entry", string(q.Entry)),
	))
	action, err := t.next.Step(ctx, q)
	ended(span, metrics.LoopOutcome(err), err)
	return action, err
}

// Exchanges traces the requests of next. Of an address only the host is told: paths
// and queries hold numbers and secrets. Providers get no traceparent.
func Exchanges(next metrics.Exchanger) metrics.Exchanger { return tracedExchanges{next} }

type tracedExchanges struct{ next metrics.Exchanger }

// Exchange implements metrics.Exchanger.
func (t tracedExchanges) Exchange(ctx context.Context, d *loops.Driver, r loops.Request) (*loops.Answer, error) {
	method := observe.Method(r.Method)
	ctx, span := inner(ctx).Start(ctx, "provider "+method, trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(
		attribute.String("ringtail.driver", d.Name), attribute.String("http.request.method", method), attribute.String("server.address", host(r.URL)),
	))
	answer, err := t.next.Exchange(ctx, d, r)
	if err == nil {
		span.SetAttributes(attribute.Int("http.response.status_code", answer.Status))
	}
	ended(span, metrics.LoopOutcome(err), err)
	return answer, err
}

// host is that of the address where it can be one of a driver's manifest; what a
// script puts together may be anything.
func host(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.User != nil {
		return ""
	}
	return u.Hostname()
}

// ended ends the span. The word of the vocabulary says why: texts of errors may name
// a number.
func ended(span trace.Span, outcome string, err error) {
	if span.IsRecording() {
		span.SetAttributes(attribute.String("ringtail.outcome", outcome))
		if err != nil {
			span.SetStatus(codes.Error, outcome)
		}
	}
	span.End()
}
