package account

import (
	"context"
	"fmt"
	"net/http"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/login"
	"github.com/ringtail-id/ringtail/templates"
)

// ActionRevoke takes an application's access away.
const ActionRevoke = "revoke"

// fieldClient is the application that ActionRevoke is about.
const fieldClient = "client"

// maxClientID is longer than any client ID.
const maxClientID = 256

// fillAccess tells which applications have access, and to what.
func (h *Handler) fillAccess(ctx context.Context, v visitor, lang string, data *templates.Account) error {
	if h.Access == nil {
		return nil
	}
	data.Sharing = true
	all, err := h.Access.Accesses(ctx, v.user.ID, h.Now())
	if err != nil {
		return fmt.Errorf("reading who has access: %w", err)
	}
	for _, access := range all {
		if access.ClientID == ClientID {
			continue // this page, whose codes nobody redeems
		}
		name, err := h.clientName(ctx, access.ClientID)
		if err != nil {
			return err
		}
		shown := templates.AccountAccess{ClientID: access.ClientID, Client: name, Since: access.Since}
		for _, item := range access.Items {
			shown.Items = append(shown.Items, h.Words.Title(item, lang))
		}
		data.Accesses = append(data.Accesses, shown)
	}
	return nil
}

// revoke protects, so the session alone suffices for it, as for a stop. An
// application that has nothing is no error: the page is shown without it.
func (h *Handler) revoke(ctx context.Context, v visitor, clientID string) error {
	if h.Access == nil {
		return unknownAction()
	}
	if clientID == "" || len(clientID) > maxClientID {
		return &idp.Problem{ID: login.ProblemForm, Status: http.StatusBadRequest}
	}
	if err := h.Access.RevokeAccess(ctx, v.user.ID, clientID, h.Now()); err != nil {
		return fmt.Errorf("taking an application's access away: %w", err)
	}
	e := v.event(audit.TypeAccessRevoked, nil)
	e.Object = clientID
	h.Audit.Record(ctx, e)
	h.Log.DebugContext(ctx, "an application's access was taken away", "action", ActionRevoke,
		"user_id", v.user.ID, "session_id", v.session.ID, "client_id", clientID)
	return nil
}
