// Package recovery is the method "recovery": a person proves a second factor by one
// of the codes that were made for them beforehand and that they keep on paper (look-up
// secrets, NIST SP 800-63B, section 3.1.2). Each code counts once. An administrator gets in
// with one before calls are set up, and anybody who has codes while the telephone
// doesn't work.
//
// It owns the form of the codes, how they are compared and how many guesses there
// are. It does not own who is given codes, nor where they are kept (Store).
//
// Log keys: login_id, user_id, left, problem.
package recovery
