package logout

import (
	"errors"
	"net/http"
	"strings"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oauth"
)

// confirmPurpose is the keyring's purpose for the proof that a posted form is ours.
const confirmPurpose = "logout-form"

// ask shows the question. Its form carries the request on, but not the ID token,
// and a proof that it was made for this browser and session.
func (h *Handler) ask(w http.ResponseWriter, r *http.Request, q *request) {
	question := Question{Action: h.base + PathConfirm, UILocales: q.uiLocales, Hidden: map[string]string{"proof": h.proof(q)}}
	if len(q.uiLocales) > 0 {
		question.Hidden["ui_locales"] = strings.Join(q.uiLocales, " ")
	}
	if q.client != nil {
		question.Client = q.client.DisplayName()
		question.Hidden["client_id"] = q.client.ID
	}
	if q.target != "" {
		question.FormTargets = []string{q.target}
		question.Hidden["post_logout_redirect_uri"] = q.target
		question.Hidden["state"] = q.state
	}
	if q.user != nil {
		question.Person = q.user.Login
	}
	h.Pages.ConfirmLogout(w, r, question)
}

func (h *Handler) proof(q *request) string {
	return h.Keyring.Hash(confirmPurpose, q.visit.Browser, q.session.ID)
}

// serveConfirm is the answer "yes, sign out". Only now may the browser go to a
// post_logout_redirect_uri that no ID token vouched for.
func (h *Handler) serveConfirm(w http.ResponseWriter, r *http.Request) {
	oauth.NoStore(w)
	if !oauth.OnlyMethods(w, r, http.MethodPost) {
		return
	}
	posted, f := oauth.PostedParams(w, r)
	if f != nil {
		h.problem(w, r, idp.ProblemRequest, f)
		return
	}
	q, id, err := h.read(r, posted)
	if err != nil {
		h.problem(w, r, id, err)
		return
	}
	if q.session == nil {
		h.nobody(w, r, q)
		return
	}
	if !h.Keyring.Equal(posted.Get("proof"), confirmPurpose, q.visit.Browser, q.session.ID) {
		h.problem(w, r, idp.ProblemRequest, errors.New("the logout form was not made for this session"))
		return
	}
	h.signOut(w, r, q)
}
