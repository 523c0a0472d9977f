// Package pgserver runs private PostgreSQL servers for tests, from the programs of
// Debian's package: a cluster in a temporary folder, as an unprivileged user where
// the test runs as root, on a socket in that folder and on no port.
//
// It owns the process: starting, stopping, killing, and that nothing of it outlives
// the test process, however that ends. It does not own the schema, see pgtest.
package pgserver
