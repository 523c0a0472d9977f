// Package idp is the domain of the identity provider: the user, the client
// (relying party), the authorization request, the login in progress, the
// session, and the error that a person may see.
//
// It owns the words that every package below idp/ shares, and the rules that
// need no I/O. It does not own SQL (idp/store), HTTP (idp/login, idp/oidc),
// or how a method proves anything (factors).
package idp
