package main

import (
	"context"
	"strings"

	"github.com/ringtail-id/ringtail/conf"
	"github.com/ringtail-id/ringtail/idp/tracing"
)

// newTracing is nil where the settings name no receiver.
func newTracing(ctx context.Context, t conf.Tracing, node string) (*tracing.Tracing, error) {
	if t.Endpoint == "" {
		return nil, nil
	}
	headers := map[string]string{}
	for _, h := range t.Headers {
		name, value, _ := strings.Cut(h.Reveal(), ":")
		headers[strings.TrimSpace(name)] = strings.TrimSpace(value)
	}
	return tracing.New(ctx, tracing.Options{Endpoint: t.Endpoint, Sample: t.Sample, Headers: headers, Version: version, Node: node})
}

// endTracing sends what waits. That a receiver isn't there is no failure of ours.
func (in *installation) endTracing() {
	if err := in.tracing.Close(); err != nil {
		in.log.Warn("traces were not sent", "error", err)
	}
}
