// Package rules holds the provider to the standards from outside: a composed
// server on a real database, a browser's cookies and forms, and what relying
// parties send over HTTP. It has tests alone.
//
// It owns our own runs of the OpenID Foundation's certification modules
// (docs/reference/conformance.md), the table of bad input by the number of the
// rule that it would break (docs/reference/bad-input.md), and what happens when one
// code or refresh token is used many times at once. It does not own what a package
// does inside: that is tested beside the package.
package rules
