package register

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/oauth"
)

// serveRegister is the client registration endpoint (RFC 7591, section 3).
func (h *Handler) serveRegister(w http.ResponseWriter, r *http.Request) {
	oauth.NoStore(w)
	if !oauth.OnlyMethods(w, r, http.MethodPost) {
		return
	}
	token, f := h.admit(r)
	if f != nil {
		h.refuse(w, r, f)
		return
	}
	client, f := h.draft(w, r, token)
	if f != nil {
		h.refuse(w, r, f)
		return
	}
	secret, management, f := h.register(r, token, client)
	if f != nil {
		if f.Status == http.StatusTooManyRequests {
			w.Header().Set("Retry-After", strconv.Itoa(int(time.Hour/time.Second)))
		}
		h.refuse(w, r, f)
		return
	}
	h.Audit.Record(r.Context(), audit.Event{Type: audit.TypeClientRegistered, Object: client.ID, Params: map[string]any{"by": "itself", "initial_token": token.ID}})
	h.Log.DebugContext(r.Context(), "client registered", "client_id", client.ID, "initial_token", token.ID, "software_id", client.SoftwareID)
	h.tell(w, http.StatusCreated, client, secret, management)
}

// admit finds the initial access token. Where registration is open there need be
// none; one that comes must be good all the same.
func (h *Handler) admit(r *http.Request) (*InitialToken, *oauth.Failure) {
	text, f := bearer(r)
	switch {
	case f != nil:
		return nil, f
	case text == "" && h.Open:
		return &InitialToken{}, nil
	case text == "":
		return nil, unproved("an initial access token is needed")
	}
	token, err := h.Records.InitialToken(r.Context(), HashInitialToken(h.Keyring, text))
	if errors.Is(err, idp.ErrNotFound) || err == nil && !token.Usable(h.Now()) {
		return nil, over()
	}
	if err != nil {
		return nil, h.fault(r.Context(), "reading an initial access token", err)
	}
	return token, nil
}

func over() *oauth.Failure { return oauth.Fail(oauth.InvalidToken, ErrOver.Error()) }

// draft is the client that the request asks for, without secret and token.
func (h *Handler) draft(w http.ResponseWriter, r *http.Request, token *InitialToken) (*idp.Client, *oauth.Failure) {
	document, f := readDocument(w, r)
	if f != nil {
		return nil, f
	}
	if document, f = h.vouched(r.Context(), document); f != nil {
		return nil, f
	}
	metadata, f := document.metadata()
	if f != nil {
		return nil, f
	}
	if token.Software != "" && metadata.SoftwareID != token.Software {
		return nil, refused(InvalidMetadata, "software_id is not the software that the initial access token is for")
	}
	unique, err := idp.NewID(h.Rand)
	if err != nil {
		return nil, h.fault(r.Context(), "making a client's id", err)
	}
	client := &idp.Client{ID: idp.DynamicID(unique), CreatedAt: h.Now()}
	return client, h.Policy.with(token.Grants, token.Scopes).apply(client, metadata)
}

// register completes the client, holds it to the rules and stores it.
func (h *Handler) register(r *http.Request, token *InitialToken, client *idp.Client) (secret, management string, f *oauth.Failure) {
	secret, err := h.giveSecret(client)
	if err != nil {
		return "", "", h.fault(r.Context(), "making a client's secret", err)
	}
	if management, err = h.newManagementToken(client); err != nil {
		return "", "", h.fault(r.Context(), "making a registration access token", err)
	}
	if err := client.Validate(h.Rules); err != nil {
		return "", "", faulty(err)
	}
	err = h.Records.RegisterClient(r.Context(), &Registered{
		Client: client, InitialToken: token.ID, Grants: token.Grants, Scopes: token.Scopes,
	}, h.entry(r, token))
	return secret, management, h.notRegistered(r.Context(), err)
}

func (h *Handler) entry(r *http.Request, token *InitialToken) Entry {
	now := h.Now()
	e := Entry{Now: now, TokenHash: token.Hash, Most: h.Most}
	if token.Hash == "" && h.Network != nil {
		e.Network, e.PerNetwork, e.Until = h.Network(r), h.PerHour, now.Add(time.Hour)
	}
	return e
}

// notRegistered is the answer to why the client wasn't stored; nil where it was.
func (h *Handler) notRegistered(ctx context.Context, err error) *oauth.Failure {
	var busy *BusyError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, ErrOver):
		return over()
	case errors.Is(err, ErrFull):
		h.Log.WarnContext(ctx, "no more clients may register themselves", "most", h.Most)
		return &oauth.Failure{Code: oauth.TemporarilyUnavailable, Description: "no more clients can register themselves here", Status: http.StatusServiceUnavailable, RetryAfter: time.Hour}
	case errors.As(err, &busy):
		return &oauth.Failure{Code: oauth.TemporarilyUnavailable, Description: "too many clients were registered from here; try again later", Status: http.StatusTooManyRequests}
	}
	return h.fault(ctx, "storing a client", err)
}
