package request

import "strings"

// pushedPrefix begins the request_uri of a pushed request (RFC 9126, section
// 2.2).
const pushedPrefix = "urn:ietf:params:oauth:request_uri:"

// PushedURI is the request_uri under which a pushed request is asked for.
func PushedURI(secret string) string { return pushedPrefix + secret }

// PushedSecret is the reverse of PushedURI; false where the request_uri is of
// another kind.
func PushedSecret(uri string) (string, bool) { return strings.CutPrefix(uri, pushedPrefix) }
