// Package logout signs people out: on the request of a relying party (OpenID
// Connect RP-Initiated Logout 1.0), with the page that takes the browser to the
// applications that want to hear of it there (Front-Channel Logout 1.0).
//
// It owns who may sign out whom without a question, and where the browser may go
// afterwards. It does not own what ends with a session (idp/store), the telling
// from server to server (idp/logout/backchannel), who is signed in where
// (idp/login, idp/browser), nor HTML (templates).
//
// # Who may
//
// Only an ID token of the very session that stands in the browser signs out
// without a question: anybody can send a browser here, and nobody else has that
// token. Everything less asks the person. A token that we didn't give, and one
// for another client than the request names, are refused: what can't be true
// isn't a reason to ask.
//
// # Where to
//
// The browser goes nowhere but to a post_logout_redirect_uri that the client
// registered, compared to the letter; and without an ID token not before the
// person said yes.
//
// # The browser's page
//
// It holds a frame for each application of the session that wants one, and goes
// on when all are loaded, or after the wait; a relying party that hangs holds
// nobody up. Browsers that keep cookies from frames make this unreliable, which
// is why back-channel logout is the better one.
//
// Log keys: session_id, user_id, client_id.
package logout
