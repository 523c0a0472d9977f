// Package register owns the shape in which registrations of clients are written
// (RFC 7591, section 2; OpenID Connect Dynamic Client Registration, section 2)
// and the endpoints by which software registers and manages itself (RFC 7591,
// RFC 7592): who may, what it may ask for, and what it is answered.
//
// It does not own which registrations are right, wherever they come from: that
// is idp.Client.Validate. Nor does it own SQL (idp/store), how clients prove who
// they are (idp/oauth/clientauth), or their key sets (idp/oauth/keyset).
package register
