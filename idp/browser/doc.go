// Package browser owns the one cookie that Ringtail sets: a random key that
// names a row of ours. The row says which browser this is (logins are bound to
// it) and which session is signed in there.
//
// It does not own logins or sessions, and no other value ever goes into a
// cookie.
package browser
