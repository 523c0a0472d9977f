package console

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/admin/openapi"
	"github.com/ringtail-id/ringtail/idp/api"
)

// URLOfAPI is the whole address of the API.
func (h *Handler) URLOfAPI() string {
	return strings.TrimSuffix(Address(h.Issuer, h.Options.URL), Path) + PathAPI
}

// newAPI serves the endpoints of all sections to clients, and to anybody what they
// are.
func (h *Handler) newAPI() (http.Handler, error) {
	description, err := openapi.Join(h.URLOfAPI(), h.Issuer, openapi.Parts(h.sections)...)
	if err != nil {
		return nil, fmt.Errorf("describing the endpoints: %w", err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET "+h.baseAPI+openapi.Path, api.Description(string(description), h.Issuer))
	for _, section := range h.sections {
		for _, route := range section.Endpoints() {
			mux.Handle(route.Method+" "+h.baseAPI+route.Path, h.endpoint(route))
		}
	}
	return found(mux, h.teller.Refuse), nil
}

// endpoint serves a route to clients.
func (h *Handler) endpoint(route admin.Route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen := &watched{ResponseWriter: w}
		clientID, err := h.admitClient(seen, r, route)
		if err != nil {
			h.teller.Refuse(seen, r, err)
		}
		h.log(r, route, []any{"route", r.Pattern, "status", max(seen.status, http.StatusOK), "client_id", clientID})
	})
}

// admitClient serves the route where the client may have it. A person's token opens
// nothing here: see oidc.Provider.ClientToken.
func (h *Handler) admitClient(w http.ResponseWriter, r *http.Request, route admin.Route) (string, error) {
	scope := route.Right.Scope()
	tokens := &remembering{Tokens: h.Tokens}
	clientID, err := api.Client(w, r, tokens, scope)
	if err != nil {
		return "", err
	}
	if h.ReadOnly && route.Changes() {
		return clientID, &idp.Problem{ID: admin.ProblemReadOnly, Status: http.StatusForbidden}
	}
	most := route.Body
	if most == 0 {
		most = defaultBody
	}
	r.Body = http.MaxBytesReader(w, r.Body, most)
	actor := &admin.Actor{ClientID: clientID, Scopes: tokens.scopes, IP: h.ClientIP(r), UserAgent: r.UserAgent()}
	return clientID, route.Serve(w, r, actor)
}

// remembering keeps the scopes of the token that it was asked about.
type remembering struct {
	api.Tokens
	scopes []string
}

// ClientToken implements api.Tokens.
func (t *remembering) ClientToken(ctx context.Context, secret string) (clientID string, scopes []string, err error) {
	clientID, t.scopes, err = t.Tokens.ClientToken(ctx, secret)
	return clientID, t.scopes, err
}
