// Package console owns the frame of the administrators' console and of the admin
// API: who gets in, and that every route of every section is held to what it
// declares (admin.Route).
//
// The console is a relying party of its own provider (ClientID): a code with PKCE,
// a nonce, two factors. Its session is its own, short, named by a cookie of its
// own, and over as soon as the session at the provider is. What is asked of a
// page, in this order: that no other site posted it, a session, a role that has
// the right, the form token, that the console isn't read only, and where the route
// wants it a proof of who it is that is a few minutes old. Of an endpoint: a token
// of a client's own with the scope of the right, and that the console isn't read only.
//
// It does not own any section (packages beside it), the pages' HTML
// (templates/console), or who is an administrator (idp/admin/administrators).
//
// Log keys: route, status, user_id, client_id, session_id, problem, error.
package console
