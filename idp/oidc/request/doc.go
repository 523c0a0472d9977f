// Package request owns what an authorization request may say: it turns the
// parameters, those of a query, of a request object (RFC 9101; OpenID Connect
// Core, section 6.1) or of a pushed request (RFC 9126), into an
// idp.AuthorizationRequest, or says why not and to whom.
//
// It does not own HTTP, the login that follows (idp/login), how an answer
// travels (idp/oidc), signatures of clients (idp/oauth/clientauth), nor which
// claims and scopes there are.
package request
