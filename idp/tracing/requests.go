package tracing

import (
	"context"
	"net/http"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"github.com/ringtail-id/ringtail/idp/observe"
)

// Requests traces what next answers, within the trace that a traceparent header
// names (W3C Trace Context). Like metrics.Requests.Count it must stand where no
// handler before next copies the request.
func (t *Tracing) Requests(next http.Handler) http.Handler {
	if t == nil {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := propagation.TraceContext{}.Extract(r.Context(), propagation.HeaderCarrier(r.Header))
		ctx, span := t.tracer.Start(ctx, r.Method, trace.WithSpanKind(trace.SpanKindServer))
		defer span.End()
		own, rec := r.WithContext(ctx), observe.NewAnswer(w)
		next.ServeHTTP(rec, own)
		r.Pattern = own.Pattern
		if !span.IsRecording() {
			return
		}
		method, route := observe.Method(r.Method), observe.Route(own)
		span.SetName(method + " " + route)
		span.SetAttributes(
			attribute.String("http.request.method", method), attribute.String("http.route", route), attribute.Int("http.response.status_code", rec.Status),
			attribute.String("ringtail.request_id", observe.RequestID(ctx)),
		)
		if rec.Status >= http.StatusInternalServerError {
			span.SetStatus(codes.Error, "")
		}
	})
}

// Carried is the context's span as a text that Resume takes, to be kept with a login;
// empty where nothing of it is kept.
func Carried(ctx context.Context) string {
	if !trace.SpanContextFromContext(ctx).IsSampled() {
		return ""
	}
	carrier := propagation.MapCarrier{}
	propagation.TraceContext{}.Inject(ctx, carrier)
	return carrier.Get("traceparent")
}

// resume is the span of a text of Carried. It is of our own making, so its sampling
// counts.
func resume(carried string) trace.SpanContext {
	if carried == "" {
		return trace.SpanContext{}
	}
	ctx := propagation.TraceContext{}.Extract(context.Background(), propagation.MapCarrier{"traceparent": carried})
	return trace.SpanContextFromContext(ctx).WithRemote(false)
}

// Login begins a span in the trace of a login, of what the request at hand does for
// it; the request's own span and this one are linked. end ends it with what it came
// to. Where the login isn't traced nothing happens.
func Login(ctx context.Context, carried, name string) (_ context.Context, end func(error)) {
	login := resume(carried)
	request := trace.SpanFromContext(ctx)
	if !login.IsSampled() || !request.SpanContext().IsValid() {
		return ctx, func(error) {}
	}
	request.AddLink(trace.Link{SpanContext: login})
	ctx, span := inner(ctx).Start(trace.ContextWithSpanContext(ctx, login), name, trace.WithLinks(trace.Link{SpanContext: request.SpanContext()}))
	return ctx, func(err error) {
		if err != nil {
			span.SetStatus(codes.Error, "") // what a person did wrong is told by the problem; more is in the log
		}
		span.End()
	}
}
