// Package oidc owns the OpenID endpoints: discovery, authorization with its
// callback, pushed requests, token, userinfo, key set, introspection and
// revocation, and what a relying party is given: grants, codes and tokens.
//
// At the token endpoint (token.go) each grant type is a method in a file of its
// own, and every token comes out of one mint. Of zitadel/oidc it uses the types,
// hashes and PKCE, and none of the handlers: docs/decisions/0017 and 0040 say why.
//
// It does not own how a request is read (idp/oidc/request), who a client is
// (idp/oauth/clientauth), how a person is authenticated (idp/login), signing out
// (idp/logout), devices (idp/device), registration (idp/register), what scopes
// show (idp/claims), the cookie (idp/browser), pages (templates), SQL (idp/store)
// or signing keys (idp/oidc/signing).
package oidc
