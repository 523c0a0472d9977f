// Package verify owns the REST endpoints by which a site has a phone number
// verified: it asks for a call, and checks the code that its visitor typed on
// the site's own page.
//
// It owns what is asked and answered (openapi.json), who may ask (an access token
// of the client itself, with the scope phone_verification), and that a request
// that is sent twice does one thing (Idempotency-Key). It does not own codes,
// calls and what limits them: they are the engine's that serves logins too
// (factors/otp), so both count against the same budgets.
//
// Log keys: client_id, verification_id (the engine's own lines have it as
// login_id), problem, error.
package verify
