package oidc

import (
	"net/http"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oauth"
)

// clientRules are what an endpoint for clients asks of a request.
type clientRules struct {
	public bool // clients without a secret may come
}

// admit reads a request about a token: single-valued, posted, and from a client
// that is authenticated. With a failure the client is the one that was named, if
// there is one, and is not authenticated.
func (p *Provider) admit(w http.ResponseWriter, r *http.Request, rules clientRules) (*idp.Client, oauth.Params, *oauth.Failure) {
	posted, f := oauth.PostedParams(w, r)
	if f != nil {
		return nil, posted, f
	}
	client, f := p.Auth.Authenticate(r.Context(), r, posted)
	switch {
	case f != nil:
		return client, posted, f
	case client.Public() && !rules.public:
		return client, posted, oauth.Fail(oauth.InvalidClient, "this endpoint is for clients with a secret")
	case posted.Get("token") == "":
		return client, posted, oauth.Fail(oauth.InvalidRequest, "a parameter is missing: token")
	}
	return client, posted, nil
}
