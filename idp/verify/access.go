package verify

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/ringtail-id/ringtail/idp"
)

// client says which client asks, by its own access token (RFC 6750, section
// 2.1). Where it may not, the answer's WWW-Authenticate is set already.
func (h *Handler) client(w http.ResponseWriter, r *http.Request) (string, error) {
	headers := r.Header.Values("Authorization")
	if len(headers) == 0 {
		challenge(w)
		return "", problem(ProblemToken, http.StatusUnauthorized)
	}
	scheme, token, _ := strings.Cut(headers[0], " ")
	if len(headers) > 1 || !strings.EqualFold(scheme, "Bearer") {
		challenge(w, `error="invalid_request"`)
		return "", problem(ProblemToken, http.StatusUnauthorized)
	}
	clientID, scopes, err := h.Tokens.ClientToken(r.Context(), strings.TrimSpace(token))
	switch {
	case errors.Is(err, idp.ErrNotFound):
		challenge(w, `error="invalid_token"`)
		return "", problem(ProblemToken, http.StatusUnauthorized)
	case err != nil:
		return "", err
	case !slices.Contains(scopes, idp.ScopePhoneVerification):
		challenge(w, `error="insufficient_scope"`, `scope="`+idp.ScopePhoneVerification+`"`)
		return "", problem(ProblemScope, http.StatusForbidden)
	}
	return clientID, nil
}

func challenge(w http.ResponseWriter, more ...string) {
	w.Header().Set("WWW-Authenticate", strings.Join(append([]string{`Bearer realm="ringtail"`}, more...), ", "))
}
