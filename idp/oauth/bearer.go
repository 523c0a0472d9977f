package oauth

import (
	"net/http"
	"strings"
)

// BearerToken reads the token of RFC 6750, sections 2.1 and 2.2: the header or
// a posted form, never both and never the query. Empty where there is none.
func BearerToken(w http.ResponseWriter, r *http.Request) (string, *Failure) {
	if r.URL.RawQuery != "" {
		return "", Fail(InvalidRequest, "a token must not be in the query")
	}
	headers := r.Header.Values("Authorization")
	if len(headers) > 1 {
		return "", Fail(InvalidRequest, "the Authorization header is repeated")
	}
	token := ""
	if len(headers) == 1 {
		scheme, rest, _ := strings.Cut(headers[0], " ")
		if !strings.EqualFold(scheme, SchemeBearer) {
			return "", Fail(InvalidToken, "the Authorization header holds no bearer token")
		}
		token = strings.TrimSpace(rest)
	}
	if r.Method != http.MethodPost || r.ContentLength == 0 {
		return token, nil
	}
	p, f := PostedParams(w, r)
	if f != nil {
		return "", f
	}
	if posted := p.Get("access_token"); posted != "" && token != "" {
		return "", Fail(InvalidRequest, "the token is sent twice")
	} else if posted != "" {
		token = posted
	}
	return token, nil
}
