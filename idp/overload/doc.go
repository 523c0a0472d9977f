// Package overload owns what happens when more comes than can be served: who goes
// first, how long anybody waits, and when to say early that it won't be served; and
// how many connections are kept.
//
// It does not own which request is of which class, what a refusal looks like
// (idp/front), how often one address may come (idp/ratelimit), nor the queue for
// hashing passwords (factors/password), whose callers step out of this one with Away.
//
// # The gate
//
// Requests of three classes wait for a place. A free place goes to the first of the
// classes that has anybody waiting, and a part of the places is kept for it. How
// many places there are is measured: while somebody waits and the processors have time
// left, requests wait for something else (a disk, a database), and more of them may
// run. Overload is told by the time that requests wait, as CoDel does (RFC 8289), not
// by their number: a queue that empties now and then is a burst and does no harm; one
// that stands longer than a moment makes everybody late, so whoever comes is refused
// at once while its oldest has waited too long.
package overload
