// Package party owns how the console is a relying party of its own provider: the
// authorization request, and the code that is redeemed in the provider's own
// process, so that the console needs no way to its public address.
//
// It does not own states, sessions, or what is done with an identity
// (idp/admin/console, idp/admin/apps).
package party
