// Package backchannel tells relying parties that a session ended, server to
// server (OpenID Connect Back-Channel Logout 1.0).
//
// It owns the logout token, the sending and when it is tried again. It does not
// own which sessions end nor who took part in them: the store puts a notice into
// its queue in the transaction that ends a session, so that none is lost.
//
// # The queue
//
// A notice is one relying party that is to be told of the end of one session. A
// node takes it for the length of a lease, sends, and drops or postpones it. A
// node that dies in between leaves the lease to run out, and then another one
// sends: a relying party is told at least once, and may be told twice, with
// another jti. Retried is all but 200 and 204 (it is done) and 400 (the relying
// party refuses), with growing pauses, until the notice is GiveUpAfter old.
//
// A relying party that gives no answer at all must not hold up the others: it
// has at most two senders at a time, and after each failure its other notices
// wait too.
//
// # Where it sends to
//
// The address is the relying party's own word, so it is reached like a driver's
// (loops/egress): https, public addresses alone unless the settings name the
// host, no redirects, limits in size and time.
//
// Log keys: client_id, session_id, user_id, tries, status, error.
package backchannel
