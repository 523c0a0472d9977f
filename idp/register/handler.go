package register

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/oauth"
	"github.com/ringtail-id/ringtail/idp/oauth/clientauth"
)

// Path of the endpoint, below the issuer.
const Path = "/oauth/register"

// Handler serves the endpoints. It is safe for concurrent use.
type Handler struct {
	Options
	mux *http.ServeMux
}

var _ http.Handler = (*Handler)(nil)

// New returns the endpoints; mount them at the issuer's path followed by Path,
// and by Path with a slash.
func New(o Options) (*Handler, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	issuer, err := url.Parse(o.Issuer)
	if err != nil {
		return nil, err
	}
	h := &Handler{Options: o, mux: http.NewServeMux()}
	h.mux.HandleFunc(issuer.Path+Path, h.serveRegister)
	h.mux.HandleFunc(issuer.Path+Path+"/{id}", h.serveClient)
	return h, nil
}

// ServeHTTP implements http.Handler.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) { h.mux.ServeHTTP(w, r) }

// maxToken bounds a bearer token, in bytes; ours are far shorter.
const maxToken = 512

// bearer reads the token of the header (RFC 6750, section 2.1), empty where there
// is none. What is in the body or the query is no token here.
func bearer(r *http.Request) (string, *oauth.Failure) {
	headers := r.Header.Values("Authorization")
	switch {
	case r.URL.RawQuery != "":
		return "", oauth.Fail(oauth.InvalidRequest, "there are no parameters in the query here")
	case len(headers) == 0:
		return "", nil
	case len(headers) > 1:
		return "", oauth.Fail(oauth.InvalidRequest, "the Authorization header is repeated")
	}
	scheme, token, _ := strings.Cut(headers[0], " ")
	token = strings.TrimSpace(token)
	if !strings.EqualFold(scheme, oauth.SchemeBearer) || token == "" || len(token) > maxToken {
		return "", oauth.Fail(oauth.InvalidToken, "the Authorization header holds no bearer token")
	}
	return token, nil
}

// refuse answers with the failure.
func (h *Handler) refuse(w http.ResponseWriter, r *http.Request, f *oauth.Failure) {
	if !f.Ours() {
		h.Log.InfoContext(r.Context(), "registration refused", "method", r.Method, "error", f.Code, "description", f.Description)
		h.Audit.Record(r.Context(), audit.Event{Type: audit.TypeRegistrationRefused, Object: r.PathValue("id"), Params: map[string]any{"error": f.Code}})
	}
	oauth.WriteFailure(w, f, oauth.SchemeBearer)
}

// fault logs an unexpected error and gives the answer that says nothing of it.
func (h *Handler) fault(ctx context.Context, doing string, err error) *oauth.Failure {
	h.Log.ErrorContext(ctx, "registration failed", "doing", doing, "error", err)
	return oauth.FailureOf(err)
}

// information is the answer about a client (RFC 7591, section 3.2.1; RFC 7592,
// section 3).
type information struct {
	ID              string `json:"client_id"`
	IssuedAt        int64  `json:"client_id_issued_at"`
	Secret          string `json:"client_secret,omitempty"`
	SecretExpiresAt *int64 `json:"client_secret_expires_at,omitempty"`
	Token           string `json:"registration_access_token"`
	URI             string `json:"registration_client_uri"`
	Metadata
}

// tell answers with the client as it is stored. The secret is there where it is
// new: what is stored is its hash alone.
func (h *Handler) tell(w http.ResponseWriter, status int, c *idp.Client, secret, token string) {
	info := information{
		ID: c.ID, IssuedAt: c.CreatedAt.Unix(), Secret: secret, Token: token, URI: h.Issuer + Path + "/" + c.ID, Metadata: Of(c),
	}
	info.SubjectType = "public"
	if secret != "" {
		info.SecretExpiresAt = new(int64) // never
	}
	oauth.WriteJSON(w, status, info)
}

// giveSecret gives the client a secret where it takes one and has none, and
// returns it; a client that takes none loses it.
func (h *Handler) giveSecret(c *idp.Client) (string, error) {
	if !c.TakesSecret() {
		c.SecretHash = ""
		return "", nil
	}
	if c.SecretHash != "" {
		return "", nil
	}
	secret, err := idp.NewSecret(h.Rand)
	if err != nil {
		return "", err
	}
	c.SecretHash = clientauth.HashSecret(h.Keyring, c.ID, secret)
	return secret, nil
}
