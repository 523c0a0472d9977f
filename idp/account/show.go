package account

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/ringtail-id/ringtail/factors/flashcall"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oidc"
	"github.com/ringtail-id/ringtail/templates"
)

// shownCalls is how many of the last calls the page has.
const shownCalls = 10

// page is the page as things stand.
func (h *Handler) page(r *http.Request, v visitor) (templates.Page, error) {
	data := templates.Account{
		Person: v.user.Login, URL: h.path, SignOut: h.base + oidc.PathLogout, Proof: h.proof(v), Recent: h.recent(v),
	}
	if v.phone != "" {
		data.Phone = flashcall.Mask(v.phone)
	}
	if h.Stops != nil {
		if err := h.fillCalls(r.Context(), v, &data); err != nil {
			return templates.Page{}, err
		}
	}
	lang := h.Pages.Language(r, nil)
	if err := h.fillAccess(r.Context(), v, lang, &data); err != nil {
		return templates.Page{}, err
	}
	if err := h.fillSessions(r.Context(), v, &data); err != nil {
		return templates.Page{}, err
	}
	return templates.Page{Name: templates.PageAccount, Lang: lang, Data: data}, nil
}

// fillCalls tells of calls, where there is a method that calls.
func (h *Handler) fillCalls(ctx context.Context, v visitor, data *templates.Account) error {
	data.Calling, data.OnlyWay = true, h.onlyWay(v.user)
	if v.phone != "" {
		stopped, err := h.Stops.Stopped(ctx, v.phone)
		if err != nil {
			return fmt.Errorf("reading whether calls are stopped: %w", err)
		}
		data.Stopped = stopped
	}
	if h.Calls == nil {
		return nil
	}
	calls, err := h.Calls.RecentCalls(ctx, v.user.ID, v.phone, shownCalls)
	if err != nil {
		return fmt.Errorf("reading the last calls: %w", err)
	}
	for _, c := range calls {
		name, err := h.clientName(ctx, c.ClientID)
		if err != nil {
			return err
		}
		data.Calls = append(data.Calls, templates.AccountCall{At: c.At, Channel: c.Channel, Client: name, State: c.State})
	}
	return nil
}

// clientName is what the application is called; empty for none.
func (h *Handler) clientName(ctx context.Context, id string) (string, error) {
	if id == "" {
		return "", nil
	}
	client, err := h.Clients.ClientByID(ctx, id)
	if errors.Is(err, idp.ErrNotFound) {
		return id, nil
	}
	if err != nil {
		return "", fmt.Errorf("reading a client: %w", err)
	}
	return client.DisplayName(), nil
}

// onlyWay says whether the person can't sign in without a call: it is the one
// first factor, or the one second factor where two are asked for.
func (h *Handler) onlyWay(user *idp.User) bool {
	alone := func(methods []string) bool { return len(methods) == 1 && methods[0] == flashcall.ID }
	policy := h.Policy()
	return alone(policy.First) || alone(policy.Second) && max(policy.Level, user.RequiredFactor) >= 2
}
