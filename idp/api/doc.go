// Package api owns what the REST endpoints for clients share: who may ask (an
// access token of the client itself, with a scope), how a problem is told (RFC
// 9457), and how a description is served (OpenAPI).
//
// It does not own any endpoint, nor the tokens (idp/oidc).
//
// Log keys: problem, error.
package api
