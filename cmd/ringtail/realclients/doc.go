// Package realclients signs in through clients that we didn't write: libraries, proxies and web server modules, each
// as its authors ship it, against the built binary in a process of its own.
//
// It owns the list of those clients, how each is set up, and the person who signs in by plain HTTP or in Chromium. It
// owns no rule of the provider: what a client is told is tested where it is decided. `make test-clients` installs the
// clients and runs it; docs/reference/clients.md is written from its list.
package realclients
