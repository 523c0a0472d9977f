// Package account owns the signed-in person's own page, {issuer}/profile, and
// the built-in client by which people sign in to it.
//
// The page shows who is signed in, the number on file, and the last calls and
// messages to it; and it stops calls to the number, or allows them again. It shows
// which applications have access to the account, and takes it away; and where the
// person is signed in, and ends that. It does not
// own what a stop means (factors/otp), what access is (idp/consent), how a person
// signs in (idp/login), nor HTML and texts (templates).
//
// # Signing in
//
// Who isn't signed in is sent through the provider's own authorization endpoint
// as the client _blitz_profile. The login makes the browser's session, and the
// session is what counts here: the code that comes back is never redeemed, and
// can't be, because the client has no credentials and is no public client either.
// Which session suffices is decided by login.Next, as for any other application.
//
// # Stopping
//
// A stop protects, so it asks for the session alone. Allowing calls again asks
// for a login that is not older than MaxAge; otherwise the person is sent to
// sign in anew. A stop belongs to the number: it holds for everybody who would
// have it called, in whatever account it stands.
//
// # Taking access away
//
// The list has who was allowed something and who has a living grant without having
// asked. Taking it away ends the grants with all their tokens, forgets what was
// allowed and tells the application, in one transaction. It protects too, so it
// asks for the session alone.
//
// # Ending sessions
//
// It asks for a login that is not older than MaxAge (ASVS 7.5.2): whoever found a
// browser open must not be able to lock its owner out of the others. "Everywhere"
// ends offline access too; the browser's own session goes with the page that
// signs out of applications.
//
// Log keys: action (stop, allow, revoke), user_id, session_id, phone_hash,
// client_id, sessions.
package account
