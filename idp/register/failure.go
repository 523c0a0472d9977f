package register

import (
	"errors"
	"net/http"
	"strings"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oauth"
)

// Error codes of RFC 7591, section 3.2.2.
const (
	InvalidRedirectURI  = "invalid_redirect_uri"
	InvalidMetadata     = "invalid_client_metadata"
	InvalidStatement    = "invalid_software_statement"
	UnapprovedStatement = "unapproved_software_statement"
)

// refused is a failure about the metadata. Descriptions are ASCII without quotes
// and backslashes, as RFC 6749, section 5.2, has them.
func refused(code, description string) *oauth.Failure {
	return oauth.Fail(code, plain(description))
}

// maxDescription bounds an error's description, in bytes.
const maxDescription = 600

func plain(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '"':
			return '\''
		case r == '\\':
			return '/'
		case r == '\n':
			return ';'
		case r < ' ' || r > '~':
			return '?'
		}
		return r
	}, text)
	return text[:min(len(text), maxDescription)]
}

// faulty tells what is wrong with the registration. A redirect URI and a software
// statement have codes of their own; they are told alone.
func faulty(err error) *oauth.Failure {
	var faults idp.Faults
	if !errors.As(err, &faults) {
		return refused(InvalidMetadata, err.Error())
	}
	codes := map[string]string{"redirect_uris": InvalidRedirectURI, nameStatement: InvalidStatement}
	for _, f := range faults {
		if code := codes[f.Field]; code != "" {
			return refused(code, f.String())
		}
	}
	return refused(InvalidMetadata, faults.Error())
}

// denied is the one answer to every wrong way of managing a client: who guesses
// learns nothing about which clients there are (RFC 7592, section 2).
func denied() *oauth.Failure {
	return oauth.Fail(oauth.InvalidToken, "this registration access token is not the client's")
}

// unproved asks for a token.
func unproved(what string) *oauth.Failure {
	return &oauth.Failure{Code: oauth.InvalidRequest, Description: what, Status: http.StatusUnauthorized}
}
