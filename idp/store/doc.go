// Package store keeps what Ringtail must remember in a relational database:
// users, clients, logins, sessions, browsers, and what the factors and the
// OpenID endpoints ask of it. It implements the small interfaces of its
// consumers; it owns the SQL, the migrations and how writes reach the disk.
//
// It does not own decisions: who may sign in, what a code is worth, when a
// session ends. Where a decision must hold against a concurrent one it comes in
// as a function that is run inside the write transaction.
//
// A write is acknowledged when it is on disk. Writes that arrive together share
// one commit (see writer); reads never wait for writes.
//
// What differs between databases is in database and in the folder of
// migrations that it names, nowhere else.
package store
