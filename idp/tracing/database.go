package tracing

import (
	"context"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
)

// Database traces the reads and writes of a store, where the context is in a trace that
// is kept. Spans are named and described as OpenTelemetry's conventions for clients of
// databases have it. They hold no statement and no value. It is a store.Tracer.
type Database struct{}

// Recording implements store.Tracer.
func (Database) Recording(ctx context.Context) bool {
	return trace.SpanFromContext(ctx).IsRecording()
}

// Begin implements store.Tracer.
func (Database) Begin(ctx context.Context, system, operation string, writes bool) (end func(code string)) {
	access := "read"
	if writes {
		access = "write"
	}
	_, span := inner(ctx).Start(ctx, operation, trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(
		attribute.String("db.system.name", system), attribute.String("db.operation.name", operation), attribute.String("ringtail.access", access),
	))
	return func(code string) {
		if code != "" {
			span.SetAttributes(attribute.String("error.type", code))
			span.SetStatus(codes.Error, "") // texts of errors may hold values
		}
		span.End()
	}
}
