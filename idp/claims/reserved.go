package claims

import (
	"slices"
	"strings"
)

// reserved are claims that say something about the token, the login or the
// client (OpenID Connect Core, section 2; RFC 7519, 7662, 8693, 9068; the logout
// specifications). A template that set one could make a token say what never
// happened.
func reserved() []string {
	return []string{
		"iss", "sub", "aud", "exp", "nbf", "iat", "jti", "typ", "cty", "alg", "kid",
		"auth_time", "nonce", "acr", "amr", "azp", "at_hash", "c_hash", "s_hash", "sid", "events",
		"client_id", "scope", "act", "may_act", "cnf", "active", "token_type", "username",
		"sub_id", "sub_jwk", "_claim_names", "_claim_sources", "authorization_details",
	}
}

// Reserved says whether no template may set the claim.
func Reserved(claim string) bool {
	return slices.Contains(reserved(), strings.ToLower(claim))
}

// secretAttribute says whether the attribute's name sounds like a secret. The
// password itself is no attribute and can't be named; this is for what somebody
// may have imported beside it.
func secretAttribute(name string) bool {
	plain := strings.ReplaceAll(strings.ToLower(name), "_", "")
	return slices.ContainsFunc([]string{"password", "passwd", "pswd", "passhash", "secret", "totpkey", "privatekey"}, func(word string) bool {
		return strings.Contains(plain, word)
	}) || plain == "pwd" || plain == "pwdhash"
}
