// Package hooks takes what telephone providers send to us: callbacks, at
// BASE/hooks/DRIVER and every path below it.
//
// It owns the way of such a request to its driver's entry callback and back:
// the bytes as they came, limits, how many run at once, which ones were seen
// before, and what of a script's answer goes out. It does not own what a
// callback means for a login (Tell), how scripts run (loops.Runner), nor SQL
// (Seen; Memory is the one implementation here).
//
// A stranger can send anything here. So nothing is believed before the script
// has checked the provider's signature; what it then says can tell that a phone
// rings, was reached or failed, and never that somebody is signed in; and an
// answer tells a stranger nothing but its status.
//
// Log keys: driver, status, error. Paths, queries, headers and bodies
// are never logged: they may hold keys and numbers.
package hooks
