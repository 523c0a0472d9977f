// Package shop is a small web shop that signs people in with OpenID
// Connect: authorization code, PKCE, nonce, refresh and sign-out, over
// coreos/go-oidc and x/oauth2. The demo runs it; a newcomer can read it to see
// what a relying party of Ringtail does.
//
// A registration asks for a confirmed number by OpenID Connect
// (acr_values=urn:ringtail:acr:phone, scope phone). A checkout has a number
// confirmed that nobody has an account with, by the provider's API for
// verifications, with a token of the shop's own.
//
// It owns its pages and its own session. It knows nothing of the provider but
// its issuer, and imports nothing of Ringtail.
package shop
