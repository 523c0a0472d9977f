package oidc

import (
	"context"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/oauth"
)

func (p *Provider) recordLogin(ctx context.Context, l *idp.Login) {
	params := map[string]any{"scopes": l.Request.Scopes}
	if len(l.Request.Prompt) > 0 {
		params["prompt"] = l.Request.Prompt
	}
	if len(l.Request.ACRValues) > 0 {
		params["acr_values"] = l.Request.ACRValues
	}
	p.Audit.Record(ctx, audit.Event{Type: audit.TypeLoginBegun, At: l.CreatedAt, ClientID: l.Request.ClientID, Procedure: l.ID, Params: params})
}

// grantEvent is the record of something about a person's grant.
func grantEvent(kind string, g *Grant, params map[string]any) audit.Event {
	return audit.Event{Type: kind, Subject: g.UserID, ClientID: g.ClientID, SessionID: g.Session, Params: params}
}

func (p *Provider) recordTokens(ctx context.Context, kind, grantType string, m *mint) {
	params := map[string]any{"grant": m.grant.ID, "scopes": m.scopes}
	if kind == audit.TypeTokenIssued {
		params["grant_type"] = grantType
	}
	e := grantEvent(kind, m.grant, params)
	e.At, e.ClientID, e.AuthMethod = m.now, m.client.ID, m.client.AuthMethod
	p.Audit.Record(ctx, e)
}

// recordRefusal leaves out what a device hears while it polls: nothing was refused. Nor was
// it where the database failed, which could keep no record either.
func (p *Provider) recordRefusal(ctx context.Context, client *idp.Client, grantType string, f *oauth.Failure) {
	if f.Code == oauth.AuthorizationPending || f.Code == oauth.SlowDown || f.Code == oauth.TemporarilyUnavailable {
		return
	}
	p.Audit.Record(ctx, audit.Event{
		Type: audit.TypeTokenRefused, ClientID: client.ID, AuthMethod: client.AuthMethod, Params: map[string]any{"grant_type": grantType, "error": f.Code},
	})
}
