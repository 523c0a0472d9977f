// Package page owns how a report is shown: as a table, and as the page
// docs/reference/performance.md. It does not own what is measured (bench/run).
package page
