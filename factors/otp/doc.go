// Package otp is the engine of one-time codes that reach a person over another
// channel: a call (flashCall) or, later, a text message.
//
// It owns the challenge and its states, the two budgets (attempts per login;
// total attempts of a person with a method), the worker that has codes sent,
// and the comparison of what was typed. It does not own pages and their texts
// (the method), how a code travels (Sender), nor SQL (Store; Memory is the one
// implementation here).
//
// Three rules hold in every line: spend first, then compare; nothing is sent
// by a page view or by somebody's guess that nothing was sent yet; a code is a
// string, kept only as a keyed hash, compared in constant time, used once, in
// the login that asked for it.
//
// Log keys: method, login_id, user_id (the person), challenge_id, phone_hash,
// problem, used (attempts in total), failure (the sender's word), error.
package otp
