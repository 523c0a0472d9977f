// Package password is the method "password": a login and a password that
// together name and prove a person.
//
// It owns the hash (argon2id in PHC strings), the limit on how many hashes run
// at once, the counting of failures with the delay and the block that follow,
// and the promise that answer and time don't tell whether an account exists.
// It does not own accounts (Accounts), SQL (Store; Memory is the one
// implementation here) or pages.
//
// Log keys: login_id, user_id (the person), login_hash, problem, error.
package password
