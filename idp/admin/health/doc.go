// Package health is the console's section that shows how the installation stands:
// its nodes with what each serves, their workers and the routes of calls, the
// signing keys, and the database; and the heartbeats by which nodes know of each
// other.
//
// It does not own metrics (the operations listener has them), nor does it mend
// anything.
package health
