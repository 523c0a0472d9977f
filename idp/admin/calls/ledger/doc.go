// Package ledger owns what is kept of calls: one Call for each order that was given
// to a provider, with how it stands, and Figures, their sums per quarter of an hour,
// which are kept longer.
//
// A call follows the challenge of its login (otp.Challenge), and the figures follow
// the call: each change subtracts what the call counted before and adds what it
// counts now, so the figures are the sums over the calls at any moment (see Measure).
// A call is whatever was ordered, a message too, as in otp. A decoy is none: nothing
// is ordered for it.
//
// It does not own the tables (idp/store), what is made of the figures (idp/admin/calls),
// nor any code: no call knows its own.
package ledger
