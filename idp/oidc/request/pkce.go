package request

import (
	"regexp"

	"github.com/ringtail-id/ringtail/idp/oauth"
)

// MethodS256 is the one code_challenge_method (RFC 7636, section 4.2).
const MethodS256 = "S256"

// challengeForm is the base64url of a SHA-256 (RFC 7636, section 4.2).
var challengeForm = regexp.MustCompile(`^[A-Za-z0-9_-]{43}$`)

// checkPKCE wants S256 of everybody who asks for a code (RFC 9700, section
// 2.1.1); only a confidential client of older make may leave the challenge out.
// A missing method would mean plain, so it is as wrong as plain.
func checkPKCE(c *check) *oauth.Failure {
	challenge, method := c.asked.Get("code_challenge"), c.asked.Get("code_challenge_method")
	switch {
	case !hasWord(c.request.ResponseType, wordCode):
		return nil
	case challenge == "" && method == "" && c.client.WaivePKCE && !c.client.Public():
		return nil
	case challenge == "":
		return oauth.Fail(oauth.InvalidRequest, "code_challenge is missing")
	case method != MethodS256:
		return oauth.Fail(oauth.InvalidRequest, "code_challenge_method must be S256")
	case !challengeForm.MatchString(challenge):
		return oauth.Fail(oauth.InvalidRequest, "code_challenge is not the base64url of a SHA-256")
	}
	c.request.CodeChallenge = challenge
	return nil
}
