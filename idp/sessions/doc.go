// Package sessions owns the REST endpoints by which an application lists where a
// person is signed in and signs them out: Blitz's paths and scopes, with the
// client's own access token (client_credentials, Blitz's system mode).
//
// It does not own what ends with a session, nor who is told (idp/store,
// idp/logout/backchannel); the person's own page is idp/account.
//
// Log keys: client_id, user_id, session_id, sessions.
package sessions
