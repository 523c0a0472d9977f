package request

import (
	"slices"
	"strings"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oauth"
)

// Ways to send an answer to the relying party (OAuth 2.0 Multiple Response Type
// Encoding Practices, section 2.1; OAuth 2.0 Form Post Response Mode).
const (
	ModeQuery    = "query"
	ModeFragment = "fragment"
	ModeFormPost = "form_post"
)

// Modes are the response modes that can be asked for.
func Modes() []string { return []string{ModeQuery, ModeFragment, ModeFormPost} }

// Words of a response type, in the order in which they are written here.
const (
	wordCode    = "code"
	wordIDToken = "id_token"
	wordToken   = "token"
)

// typeOf is the response type with its words in our order, whatever order the
// request has (RFC 6749, section 3.1.1); empty where it is none of ours. "token"
// alone is none: its answer couldn't be told from another client's.
func typeOf(text string) string {
	words := strings.Fields(text)
	slices.SortFunc(words, func(a, b string) int { return rank(a) - rank(b) })
	if known := strings.Join(words, " "); slices.Contains(idp.ResponseTypes(), known) {
		return known
	}
	return ""
}

func rank(word string) int { return slices.Index([]string{wordCode, wordIDToken, wordToken}, word) }

func hasWord(responseType, word string) bool {
	return slices.Contains(strings.Fields(responseType), word)
}

// frontChannel says whether a token comes in the authorization answer itself.
func frontChannel(responseType string) bool {
	return hasWord(responseType, wordIDToken) || hasWord(responseType, wordToken)
}

// defaultMode of a response type: a token never stands in a query, which ends
// up in logs.
func defaultMode(responseType string) string {
	if frontChannel(responseType) {
		return ModeFragment
	}
	return ModeQuery
}

// modeFor is how the answer travels, an error's too. What can't be had is
// replaced by the default, so that the error that tells of it arrives.
func modeFor(responseType, asked string) string {
	if !slices.Contains(Modes(), asked) || asked == ModeQuery && frontChannel(responseType) {
		return defaultMode(responseType)
	}
	return asked
}

func checkType(c *check) *oauth.Failure {
	known := c.request.ResponseType
	switch {
	case c.asked.Get("response_type") == "":
		return oauth.Fail(oauth.InvalidRequest, "response_type is missing")
	case known == "":
		return oauth.Fail(oauth.UnsupportedResponseType, "response_type must be one of: "+strings.Join(idp.ResponseTypes(), ", "))
	case !allowsType(c.client, known):
		return oauth.Fail(oauth.UnauthorizedClient, "the client is not registered for this response_type")
	}
	return nil
}

// allowsType says whether the client is registered for the response type and
// for the grants that it takes (OpenID Connect Dynamic Client Registration,
// section 2).
func allowsType(client *idp.Client, responseType string) bool {
	if !client.Responds(responseType) || hasWord(responseType, wordCode) && !client.Allows(idp.GrantCode) {
		return false
	}
	return !frontChannel(responseType) || client.Allows(idp.GrantImplicit)
}

func checkMode(c *check) *oauth.Failure {
	asked := c.asked.Get("response_mode")
	switch {
	case asked == "":
		return nil
	case !slices.Contains(Modes(), asked):
		return oauth.Fail(oauth.InvalidRequest, "response_mode must be one of: "+strings.Join(Modes(), ", "))
	case asked != c.request.ResponseMode:
		return oauth.Fail(oauth.InvalidRequest, "response_mode=query can't carry tokens")
	}
	return nil
}

// checkNonce wants a nonce where an ID token comes from the authorization
// endpoint (OpenID Connect Core, sections 3.2.2.1 and 3.3.2.11).
func checkNonce(c *check) *oauth.Failure {
	if c.request.Nonce == "" && hasWord(c.request.ResponseType, wordIDToken) {
		return oauth.Fail(oauth.InvalidRequest, "nonce is missing")
	}
	return nil
}
