// Package audit owns the record of what happened: logins step by step, calls,
// tokens, and what administrators changed. An Event is one record; a Trail keeps
// them.
//
// It does not own the decision what is worth a record: each part of the provider
// says that itself. No event holds a code, a secret, a password, a token or a whole
// phone number.
package audit
