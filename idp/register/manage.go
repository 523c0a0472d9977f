package register

import (
	"context"
	"errors"
	"net/http"

	"github.com/go-jose/go-jose/v4/json"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/oauth"
	"github.com/ringtail-id/ringtail/idp/oauth/clientauth"
)

// errDenied leaves a transaction without a change; see denied.
var errDenied = errors.New("the token is not the client's")

// serveClient is the client configuration endpoint (RFC 7592, section 2).
func (h *Handler) serveClient(w http.ResponseWriter, r *http.Request) {
	oauth.NoStore(w)
	if !oauth.OnlyMethods(w, r, http.MethodGet, http.MethodPut, http.MethodDelete) {
		return
	}
	token, f := bearer(r)
	if f == nil && token == "" {
		f = unproved("the client's registration access token is needed")
	}
	if f == nil {
		switch r.Method {
		case http.MethodGet:
			f = h.read(w, r, token)
		case http.MethodPut:
			f = h.update(w, r, token)
		default:
			f = h.remove(w, r, token)
		}
	}
	if f != nil {
		h.refuse(w, r, f)
	}
}

// own finds the client whose token it is.
func (h *Handler) own(ctx context.Context, id, token string) (*Registered, *oauth.Failure) {
	registered, err := h.Records.RegisteredClient(ctx, id)
	if err != nil && !errors.Is(err, idp.ErrNotFound) {
		return nil, h.fault(ctx, "reading a registered client", err)
	}
	if err != nil {
		registered = nil
	}
	if ok, _ := h.proves(registered, id, token); !ok {
		return nil, denied()
	}
	return registered, nil
}

// read answers GET. The client shows that it has its token, so the one before is
// void from now on.
func (h *Handler) read(w http.ResponseWriter, r *http.Request, token string) *oauth.Failure {
	registered, f := h.own(r.Context(), r.PathValue("id"), token)
	if f != nil {
		return f
	}
	if _, previous := h.proves(registered, registered.Client.ID, token); !previous && registered.Previous != "" {
		err := h.Records.UpdateRegistered(r.Context(), registered.Client.ID, func(now *Registered) error {
			if now.Client.RegistrationHash == registered.Client.RegistrationHash {
				now.Previous = ""
			}
			return nil
		})
		if err != nil && !errors.Is(err, idp.ErrNotFound) {
			return h.fault(r.Context(), "voiding a registration access token", err)
		}
	}
	h.tell(w, http.StatusOK, registered.Client, "", token)
	return nil
}

// update answers PUT: the metadata replaces what was there, and the registration
// access token is replaced by a new one (RFC 7592, section 2.2 and section 5).
func (h *Handler) update(w http.ResponseWriter, r *http.Request, token string) *oauth.Failure {
	ctx := r.Context()
	registered, f := h.own(ctx, r.PathValue("id"), token)
	if f != nil {
		return f
	}
	metadata, f := h.replacement(w, r, registered.Client)
	if f != nil {
		return f
	}
	var client *idp.Client
	var secret, management string
	var refusal *oauth.Failure
	err := h.Records.UpdateRegistered(ctx, registered.Client.ID, func(now *Registered) (err error) {
		if ok, _ := h.proves(now, now.Client.ID, token); !ok {
			return errDenied
		}
		secret, refusal, err = h.change(now, metadata)
		if err != nil || refusal != nil {
			return errors.Join(err, errDenied)
		}
		// The token in force goes on for a while, whichever was used: who has only the
		// one before can't make it void.
		now.Previous, now.RotatedAt = now.Client.RegistrationHash, h.Now()
		management, err = h.newManagementToken(now.Client)
		client = now.Client
		return err
	})
	switch {
	case refusal != nil:
		return refusal
	case errors.Is(err, errDenied) || errors.Is(err, idp.ErrNotFound):
		return denied()
	case err != nil:
		return h.fault(ctx, "changing a registered client", err)
	}
	h.Audit.Record(ctx, audit.Event{Type: audit.TypeClientChanged, Object: client.ID, Params: map[string]any{"by": "itself"}})
	h.Log.DebugContext(ctx, "registered client changed", "client_id", client.ID)
	h.tell(w, http.StatusOK, client, secret, management)
	return nil
}

// change gives the client the metadata. It keeps what its initial access token
// allowed it, and can't gain more, nor back what an administrator took.
func (h *Handler) change(r *Registered, m Metadata) (secret string, refusal *oauth.Failure, err error) {
	c := r.Client
	policy := h.Policy.with(r.Grants, r.Scopes)
	if r.Held {
		policy = policy.held(c)
	}
	if f := policy.apply(c, m); f != nil {
		return "", f, nil
	}
	if secret, err = h.giveSecret(c); err != nil {
		return "", nil, err
	}
	if err := c.Validate(h.Rules); err != nil {
		return "", faulty(err), nil
	}
	return secret, nil, nil
}

// replacement reads the metadata of a PUT. What a software statement fixed stays
// fixed, whether the request repeats the statement or not; a new one must be of the
// same issuer and the same software: what one calls shop-suite may be something else
// to another.
func (h *Handler) replacement(w http.ResponseWriter, r *http.Request, c *idp.Client) (Metadata, *oauth.Failure) {
	document, f := readDocument(w, r)
	if f != nil {
		return Metadata{}, f
	}
	if f := h.same(document, c); f != nil {
		return Metadata{}, f
	}
	statement, f := document.statement()
	if f != nil {
		return Metadata{}, f
	}
	stored := c.SoftwareStatement != "" && (statement == "" || statement == c.SoftwareStatement)
	if stored {
		claims, err := storedClaims(c.SoftwareStatement)
		if err != nil {
			return Metadata{}, h.fault(r.Context(), "reading a stored software statement", err)
		}
		document = document.under(claims)
	} else if document, f = h.vouched(r.Context(), document); f != nil {
		return Metadata{}, f
	} else if c.SoftwareStatement != "" && statementIssuer(statement) != statementIssuer(c.SoftwareStatement) {
		return Metadata{}, refused(UnapprovedStatement, "the software statement is of another issuer than the one of this client")
	}
	m, f := document.metadata()
	if f != nil {
		return m, f
	}
	if stored {
		m.SoftwareStatement = c.SoftwareStatement
	}
	if c.SoftwareID != "" && m.SoftwareID != c.SoftwareID {
		return m, refused(InvalidMetadata, "software_id can't change; register the other software on its own")
	}
	return m, nil
}

// same holds a PUT to be about this client, and to bring no secret of its own
// choice (RFC 7592, section 2.2).
func (h *Handler) same(m members, c *idp.Client) *oauth.Failure {
	var id, secret string
	if json.Unmarshal(m["client_id"], &id) != nil || id != c.ID {
		return refused(InvalidMetadata, "client_id is not this client's")
	}
	raw, ok := m["client_secret"]
	if !ok {
		return nil
	}
	if json.Unmarshal(raw, &secret) != nil || !clientauth.SecretIs(h.Keyring, c, secret) {
		return refused(InvalidMetadata, "client_secret is not this client's; a client can't choose its secret")
	}
	return nil
}

// remove answers DELETE. It is for the token in force alone: nothing that comes
// after could make it good.
func (h *Handler) remove(w http.ResponseWriter, r *http.Request, token string) *oauth.Failure {
	id := r.PathValue("id")
	err := h.Records.DeleteRegistered(r.Context(), id, func(now *Registered) error {
		if ok, previous := h.proves(now, id, token); !ok || previous {
			return errDenied
		}
		return nil
	})
	switch {
	case errors.Is(err, idp.ErrNotFound):
		h.proves(nil, id, token) // costs the same
		return denied()
	case errors.Is(err, errDenied):
		return denied()
	case err != nil:
		return h.fault(r.Context(), "removing a registered client", err)
	}
	h.Audit.Record(r.Context(), audit.Event{Type: audit.TypeClientDeleted, Object: id, Params: map[string]any{"by": "itself"}})
	h.Log.DebugContext(r.Context(), "registered client removed", "client_id", id)
	w.WriteHeader(http.StatusNoContent)
	return nil
}
