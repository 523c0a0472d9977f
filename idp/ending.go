package idp

import "time"

// Ending says which of a person's sessions end. Whatever leans on one ends with
// it, and the applications in it are told.
type Ending struct {
	UserID string
	// Session is the one that ends; empty means all of them.
	Session string
	// Browser, where it isn't empty, are the sessions in that browser too.
	Browser string
	// Offline also revokes what outlives sessions (OpenID Connect Core, section 11),
	// and denies the logins under way: nothing is left of the person anywhere.
	Offline bool
}

// SessionClient is an application that the person used in a session.
type SessionClient struct {
	Session  string
	ClientID string
	// Since is when it was first allowed something in the session.
	Since time.Time
}
