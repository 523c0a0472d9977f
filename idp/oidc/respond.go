package oidc

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/ringtail-id/ringtail/idp"
)

// answerError sends an error to the relying party (OpenID Connect Core, section
// 3.1.2.6). The request's redirect URI must have been found registered.
func (p *Provider) answerError(w http.ResponseWriter, r *http.Request, request *idp.AuthorizationRequest, f *failure) {
	p.Log.InfoContext(r.Context(), "authorization refused", "client_id", request.ClientID, "error", f.code, "description", f.description)
	answer := map[string]string{"error": f.code}
	if f.description != "" {
		answer["error_description"] = f.description
	}
	p.answer(w, r, request, answer)
}

// answer sends the answer by the request's response mode, with the request's
// state and with our issuer against mix-up (RFC 9207).
func (p *Provider) answer(w http.ResponseWriter, r *http.Request, request *idp.AuthorizationRequest, answer map[string]string) {
	answer["iss"] = p.Issuer
	if request.State != "" {
		answer["state"] = request.State
	}
	noStore(w)
	if request.ResponseMode == modeFormPost {
		p.Pages.FormPost(w, r, FormPostPage{Action: request.RedirectURI, Fields: answer})
		return
	}
	w.Header().Set("Referrer-Policy", "no-referrer")
	http.Redirect(w, r, withQuery(request.RedirectURI, answer), http.StatusSeeOther)
}

// withQuery appends to a registered URI's query and leaves the rest of it as it
// is, to the letter.
func withQuery(uri string, answer map[string]string) string {
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
