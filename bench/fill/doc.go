// Package fill owns databases of many users that nobody is: it fills one with as
// many as are wanted, with sessions, grants, tokens, calls and audit records in
// proportion, and measures what the store's operations cost in it. The figures of
// docs/explanation/scale.md are its own.
//
// It writes rows by SQL of its own, a hundred times as fast as the store, in the
// form that the store gives them (a test holds that), and with audit records whose
// chain no key has made. It does not own load on a server (bench/load).
package fill
