// Package observe owns what operators can follow a request by: its id, which
// answers and log records carry, the names under which it is counted and traced, and
// what of a request's context goes into the log.
//
// It does not own metrics (idp/metrics) nor the record of what happened (idp/audit).
package observe
