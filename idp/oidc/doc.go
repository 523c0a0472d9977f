// Package oidc owns the OpenID endpoints: discovery, authorization, token,
// userinfo, key set, introspection, revocation and RP-initiated logout, and
// what a relying party is given: grants, codes and tokens.
//
// Requests pass our guard (one method, one of each parameter, an authenticated
// client), then reach the handlers of zitadel/oidc's op.Provider over an
// adapter of our stores, or ours where the library's fall short: the
// authorization endpoint with its callback, logout and discovery. Answers of
// the library pass a filter on their way out.
//
// It does not own how a person is authenticated (idp/login), the cookie
// (idp/browser), pages (templates), SQL (idp/store) or signing keys
// (idp/oidc/signing).
package oidc
