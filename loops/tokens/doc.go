// Package tokens owns the login tokens of drivers: it gives the one that is alive, and where there is none it has one
// caller log in while all others wait, on this node and on every other one.
//
// How a driver logs in is its function login, which loops/host runs. Where tokens rest is a Store's business: Memory here,
// for trials; the database, encrypted, for a provider that serves.
package tokens
