// Package observe owns what operators can follow a request by: its id, which
// answers and log records carry, and what of a request's context goes into the log.
//
// It does not own metrics (idp/metrics) nor the record of what happened (idp/audit).
package observe
