// Package otp is the engine of one-time codes that reach a person over another
// channel: a call that shows the code (flashCall), a text message, a voice.
//
// It owns
//
//   - the challenge and its states, and the comparison of what was typed;
//   - what may be spent: a person's attempts in one login and in total (Budget),
//     and the counted budgets that everybody shares (Limits), calls and money;
//   - the stop that a number's owner sets, and the decoy for a number that nobody
//     has;
//   - the work behind it: codes are sent, providers asked how a call stands
//     (News), told how it went, and the chain's next route is taken;
//   - the arithmetic of a guess (Odds) and what an administrator is warned of.
//
// It does not own pages and their texts (the method), which routes there are and
// how a code travels (Sender), what a pool of codes looks like (otp/pool), nor SQL
// (Store; Memory is the one implementation here).
//
// Four rules hold in every line: spend first, then compare or send; nothing is
// sent by a page view or by somebody's guess that nothing was sent yet; what a
// provider tells by itself changes how a call stands, and confirms nothing; a code
// is a string, kept only as a keyed hash, compared in constant time, used once, in
// the login that asked for it.
//
// A call is whatever was ordered, a message too: the names are from the flash
// call, which came first.
//
// Log keys: method, login_id, user_id (the person), challenge_id, phone_hash,
// channel, driver, problem, used (attempts in total), budget, limit, until,
// country, state and failure (the provider's words), pending, moved_on, error.
package otp
