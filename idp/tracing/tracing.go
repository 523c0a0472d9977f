package tracing

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// scope names this program's spans among those of libraries.
const scope = "github.com/ringtail-id/ringtail"

// Options for New.
type Options struct {
	// Endpoint is the receiver's URL. One without a path gets OTLP's, /v1/traces.
	Endpoint string
	// Sample is which part of the traces is kept, 0 to 1.
	Sample float64
	// Headers go with every request to the receiver; they may be secrets.
	Headers map[string]string
	// Version of the program and Node, the process's ID, describe where spans come from.
	Version, Node string
}

// exportTimeout bounds one request to the receiver, and what is sent at the end.
const exportTimeout = 10 * time.Second

// Tracing makes spans and sends them in the background; what the receiver doesn't
// take in time is dropped. A nil one traces nothing.
type Tracing struct {
	provider *sdk.TracerProvider
	tracer   trace.Tracer
}

// New begins to trace.
func New(ctx context.Context, o Options) (*Tracing, error) {
	to, err := url.Parse(o.Endpoint)
	if err != nil {
		return nil, fmt.Errorf("reading the address of the traces' receiver: %w", err)
	}
	if to.Path == "" || to.Path == "/" {
		to.Path = "/v1/traces"
	}
	exporter, err := otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(to.String()), otlptracehttp.WithHeaders(o.Headers), otlptracehttp.WithTimeout(exportTimeout))
	if err != nil {
		return nil, fmt.Errorf("preparing to send traces: %w", err)
	}
	ours := sdk.TraceIDRatioBased(o.Sample)
	provider := sdk.NewTracerProvider(
		sdk.WithBatcher(exporter),
		// Whoever calls us may have us go on with their trace, but not decide what is kept.
		sdk.WithSampler(sdk.ParentBased(ours, sdk.WithRemoteParentSampled(ours), sdk.WithRemoteParentNotSampled(ours))),
		sdk.WithResource(resource.NewSchemaless(
			attribute.String("service.name", "ringtail"), attribute.String("service.version", o.Version), attribute.String("service.instance.id", o.Node),
		)),
	)
	return &Tracing{provider: provider, tracer: provider.Tracer(scope)}, nil
}

// Close sends what waits.
func (t *Tracing) Close() error {
	if t == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), exportTimeout)
	defer cancel()
	if err := t.provider.Shutdown(ctx); err != nil {
		return fmt.Errorf("sending the last traces: %w", err)
	}
	return nil
}

// inner is the tracer of the trace that the context is in; one that does nothing
// where it is in none.
func inner(ctx context.Context) trace.Tracer {
	return trace.SpanFromContext(ctx).TracerProvider().Tracer(scope)
}
