// Package audit is the section of the console and of the admin API that shows the
// audit trail: records by filters, one record with its place in the chain, exports
// as JSON lines and CSV, and the check of the whole trail.
//
// It does not own the trail (idp/audit, here called trail) nor who may see it
// (idp/admin).
package audit
