// Package openapi owns the one description of the admin API: what all endpoints
// share (how a client proves itself, problems, revisions in ETag and If-Match), and
// how the parts of the sections are joined to it.
//
// It does not own any endpoint: a section brings its part with it.
package openapi
