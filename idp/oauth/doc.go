// Package oauth owns what every OAuth endpoint here shares: single-valued
// parameters with limits, error answers in the shape of their standard, bearer
// tokens, and which scripts of other origins may read an answer.
//
// It does not own who a client is (idp/oauth/clientauth), what an endpoint does
// (idp/oidc and its neighbours) or pages.
package oauth
