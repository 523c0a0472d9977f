// Package keyset owns the public keys of clients and the JWTs that they sign
// with them: client assertions (RFC 7523), request objects (RFC 9101),
// authorization grants.
//
// A client's keys come by value with its registration, or from an address that
// it names (RFC 7591, jwks and jwks_uri). Such an address is a stranger's: it is
// fetched through the address checks of loops/egress, without redirects, with
// bounds on size and time, seldom, and by one at a time. What was fetched is
// kept; a key ID that isn't among it may lead to another look, but nobody can
// make us look often at one address, nor at one host under many. Who has many
// hosts is held by the bound on all fetches at one time alone.
//
// Which algorithms, keys and times hold is decided here, once for all kinds of
// JWTs. This package does not own who the client is, whether a JWT was seen
// before (idp/oauth/clientauth), nor what its claims ask for.
package keyset
