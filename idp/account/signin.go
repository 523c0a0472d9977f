package account

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oidc"
	"github.com/ringtail-id/ringtail/templates"
)

// signIn sends the browser to sign in; where age is given, anew unless the last
// time was not longer ago than that, in seconds.
func (h *Handler) signIn(w http.ResponseWriter, r *http.Request, age *int64) {
	visit, err := h.Jar.Ensure(w, r)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	target, err := h.authorization(visit.Browser, age)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, target, http.StatusSeeOther)
}

// authorization is the address of the request (OpenID Connect Core, section
// 3.1.2.1). The challenge's verifier is forgotten at once: nobody redeems the code.
func (h *Handler) authorization(browser string, age *int64) (string, error) {
	state, err := h.newState(browser)
	if err != nil {
		return "", err
	}
	verifier, err := idp.NewSecret(h.Rand)
	if err != nil {
		return "", err
	}
	challenge := sha256.Sum256([]byte(verifier))
	query := url.Values{
		"client_id": {ClientID}, "redirect_uri": {h.client.RedirectURIs[0]}, "response_type": {"code"},
		"scope": {idp.ScopeOpenID}, "state": {state}, "code_challenge_method": {"S256"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(challenge[:])},
	}
	if age != nil {
		query.Set("max_age", strconv.FormatInt(*age, 10))
	}
	return h.base + oidc.PathAuthorize + "?" + query.Encode(), nil
}

// newState is a random value with a keyed hash of it and of the browser, so that
// nothing need be remembered.
func (h *Handler) newState(browser string) (string, error) {
	nonce, err := idp.NewID(h.Rand)
	if err != nil {
		return "", err
	}
	return nonce + "." + h.Hash("state", browser, nonce), nil
}

func (h *Handler) ownState(browser, state string) bool {
	nonce, proof, _ := strings.Cut(state, ".")
	return browser != "" && hmac.Equal([]byte(proof), []byte(h.Hash("state", browser, nonce)))
}

// returned takes the answer to the authorization request. All that it is good
// for is to know whether the person gave up: asking them again by ourselves
// would keep them from leaving. The address is cleaned of the rest.
func (h *Handler) returned(w http.ResponseWriter, r *http.Request) {
	v, err := h.visitor(r)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	query := r.URL.Query()
	switch {
	case !h.ownState(v.visit.Browser, query.Get("state")):
		h.fail(w, r, &idp.Problem{ID: idp.ProblemLoginUnknown, Status: http.StatusBadRequest})
	case query.Has("error") && !h.suffices(v, nil):
		h.Pages.Show(w, r, templates.Page{
			Name: templates.PageAccount, Status: http.StatusForbidden, Lang: h.Pages.Language(r, nil),
			Data: templates.Account{URL: h.path},
		})
	default:
		h.reload(w, r)
	}
}
