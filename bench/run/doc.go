// Package run owns one run of the benchmark: it builds and starts the servers
// under test with settings of its own, on one processor, puts load on them from
// another, and makes the report. It does not own the load (bench/load), the
// server that does nothing but the flow (bench/floor) or how a report is shown
// (bench/page).
package run
