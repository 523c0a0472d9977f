package oauth

import (
	"net/url"
	"strings"
)

// WithQuery appends to a registered URI's query and leaves the rest of it as it
// is, to the letter.
func WithQuery(uri string, answer map[string]string) string {
	query := url.Values{}
	for name, value := range answer {
		query.Set(name, value)
	}
	base, fragment, hasFragment := strings.Cut(uri, "#")
	separator := "?"
	if strings.Contains(base, "?") {
		separator = "&"
	}
	base += separator + query.Encode()
	if hasFragment {
		base += "#" + fragment
	}
	return base
}

// WithFragment makes the answer the fragment of a registered URI, which has none
// of its own (OAuth 2.0 Multiple Response Type Encoding Practices, section 2.1).
func WithFragment(uri string, answer map[string]string) string {
	fragment := url.Values{}
	for name, value := range answer {
		fragment.Set(name, value)
	}
	return uri + "#" + fragment.Encode()
}
