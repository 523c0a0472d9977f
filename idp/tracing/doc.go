// Package tracing owns OpenTelemetry traces: of requests, of a login over all of its
// requests and its calls, of what drivers do, and of what the database reads and
// writes. They go out by OTLP over HTTP.
//
// It does not own what is measured (idp/metrics) or recorded (idp/audit). No span
// holds a code, a secret, a token, a path or query that somebody sent, or a whole
// phone number. Without an endpoint nothing is traced, and nothing is paid for it.
package tracing
