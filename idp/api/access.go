package api

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/ringtail-id/ringtail/idp"
)

// Tokens says whose own access token it is, and for which scopes; idp.ErrNotFound
// for any other token. oidc.Provider implements it.
type Tokens interface {
	ClientToken(ctx context.Context, secret string) (clientID string, scopes []string, err error)
}

// Client says which client asks, by its own access token with the scope (RFC
// 6750, section 2.1). Where it may not, the answer's WWW-Authenticate is set
// already.
func Client(w http.ResponseWriter, r *http.Request, tokens Tokens, scope string) (string, error) {
	headers := r.Header.Values("Authorization")
	if len(headers) == 0 {
		challenge(w)
		return "", Problem(ProblemToken, http.StatusUnauthorized)
	}
	scheme, token, _ := strings.Cut(headers[0], " ")
	if len(headers) > 1 || !strings.EqualFold(scheme, "Bearer") {
		challenge(w, `error="invalid_request"`)
		return "", Problem(ProblemToken, http.StatusUnauthorized)
	}
	clientID, scopes, err := tokens.ClientToken(r.Context(), strings.TrimSpace(token))
	switch {
	case errors.Is(err, idp.ErrNotFound):
		challenge(w, `error="invalid_token"`)
		return "", Problem(ProblemToken, http.StatusUnauthorized)
	case err != nil:
		return "", err
	case !slices.Contains(scopes, scope):
		challenge(w, `error="insufficient_scope"`, `scope="`+scope+`"`)
		return "", Problem(ProblemScope, http.StatusForbidden)
	}
	return clientID, nil
}

func challenge(w http.ResponseWriter, more ...string) {
	w.Header().Set("WWW-Authenticate", strings.Join(append([]string{`Bearer realm="ringtail"`}, more...), ", "))
}
