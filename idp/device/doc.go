// Package device owns device authorizations (RFC 8628): a device that has no
// browser, or no keyboard worth the name, shows a code, and a person types it on
// another one and signs in there.
//
// It owns the device authorization endpoint, the rows, the user codes and how
// often they may be guessed, and the page where people type them. It does not own
// how the person then signs in and consents (idp/login), the polling at the token
// endpoint and the tokens (idp/oidc), HTML and texts (templates), nor SQL
// (idp/store).
//
// # The page
//
// The page lives at {issuer}/device. GET shows the form for the code, with what
// stands in the query's user_code filled in and not acted on. POST looks the code
// up, which counts as a guess while it is wrong, and redirects to an address that
// only this browser can use: it names the application, what it asks for and the
// code, and warns against codes that somebody else sent (RFC 8628, section 5.4). From
// there the person goes on to an ordinary login, whose request has Device and
// UserCode set and which always ends in the question for consent, or denies.
// When the login ends, idp/oidc grants or denies and sends the browser to
// DoneURL.
//
// Log keys: client_id, device_id, login_id, budget, until.
package device
