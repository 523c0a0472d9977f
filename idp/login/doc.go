// Package login owns the login as one state machine (Next), its pages and
// their JSON twin.
//
// It does not own how a method proves anything (factors), what the relying
// party is told (idp/oidc), or the cookie (idp/browser).
package login
