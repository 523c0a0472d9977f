package oidc_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oidc"
)

const (
	accessType = "urn:ietf:params:oauth:token-type:access_token"
	idType     = "urn:ietf:params:oauth:token-type:id_token"
)

func exchangeForm(token string, pairs ...string) url.Values {
	return with(url.Values{"grant_type": {idp.GrantExchange}, "subject_token": {token}, "subject_token_type": {accessType}}, pairs...)
}

// newExchangeWorld has a client "agent" that may exchange tokens of "app" and
// its own, and one that has JWTs for access tokens.
func newExchangeWorld(t *testing.T) *world {
	w := newWorld(t)
	grants := []string{idp.GrantCode, idp.GrantRefresh, idp.GrantExchange}
	may := idp.ClientMetadata{ExchangeFrom: []string{"app"}, Resources: []string{ordersAPI, "https://stock.example/"}}
	w.addClient(idp.Client{ID: "agent", Grants: grants, ClientMetadata: may})
	w.addClient(idp.Client{ID: "narrow", Grants: grants, Scopes: []string{"openid", "email"}, ClientMetadata: may})
	may.JWTAccessTokens = true
	w.addClient(idp.Client{ID: "jwt", Grants: grants, ClientMetadata: may})
	w.addClient(idp.Client{ID: "public", AuthMethod: idp.AuthNone, Grants: grants, ClientMetadata: may}) // no registration allows this
	return w
}

func (w *world) exchange(client string, form url.Values) answer {
	w.t.Helper()
	return w.agent().post(oidc.PathToken, form, basic(client, secret))
}

func TestTokenExchange(t *testing.T) {
	w := newExchangeWorld(t)
	theirs := w.agent().signIn("app").Access
	answer := w.exchange("agent", exchangeForm(theirs, "scope", "openid profile", "resource", ordersAPI, "audience", "https://stock.example/"))
	got := w.tokens(answer)
	if got.Refresh != "" || got.ID != "" || got.Type != "Bearer" || got.Scope != "openid profile" || answer.json(t)["issued_token_type"] != accessType {
		t.Errorf("the answer is %s", answer.body)
	}
	told := w.introspect(got.Access, "agent")
	for name, want := range map[string]any{"active": true, "sub": "user-1", "client_id": "agent", "acr": idp.ACRTwoFactors, "scope": "openid profile"} {
		if told[name] != want {
			t.Errorf("introspection: %s is %v, want %v", name, told[name], want)
		}
	}
	if act, ok := told["act"].(map[string]any); !ok || act["sub"] != "agent" {
		t.Errorf("introspection: act is %v", told["act"])
	}
	info := w.agent().get(oidc.PathUserinfo, nil, bearer(got.Access))
	if told := info.json(t); info.status != http.StatusOK || told["sub"] != "user-1" || told["name"] == nil || told["email"] != nil {
		t.Errorf("userinfo: %d %s", info.status, info.body)
	}
	if !w.works(theirs) {
		t.Error("the exchanged token doesn't work any more")
	}
}

func TestExchangedTokensAsJWTs(t *testing.T) {
	w := newExchangeWorld(t)
	got := w.tokens(w.exchange("jwt", exchangeForm(w.agent().signIn("app").Access, "scope", "profile", "resource", ordersAPI)))
	claims := w.claimsOf(got.Access)
	for name, want := range map[string]any{"iss": w.issuer, "sub": "user-1", "client_id": "jwt", "scope": "profile"} {
		if claims[name] != want {
			t.Errorf("%s is %v, want %v", name, claims[name], want)
		}
	}
	if act, ok := claims["act"].(map[string]any); !ok || act["sub"] != "jwt" {
		t.Errorf("act is %v", claims["act"])
	}
	if aud, ok := claims["aud"].([]any); !ok || len(aud) != 1 || aud[0] != ordersAPI {
		t.Errorf("aud is %v", claims["aud"])
	}
	own := w.tokens(w.exchange("jwt", exchangeForm(w.agent().signIn("jwt").Access)))
	if act, ok := w.claimsOf(own.Access)["act"].(map[string]any); !ok || act["sub"] != "jwt" {
		t.Error("a JWT of the client's own wasn't exchanged")
	}
}

func TestExchangeOfAnIDToken(t *testing.T) {
	w := newExchangeWorld(t)
	theirs := w.agent().signIn("app").ID
	got := w.tokens(w.exchange("agent", exchangeForm(theirs, "subject_token_type", idType)))
	if got.Scope != "openid" || got.Refresh != "" || got.ID != "" {
		t.Errorf("%+v", got)
	}
	if told := w.introspect(got.Access, "agent"); told["sub"] != "user-1" || told["acr"] != idp.ACRTwoFactors || told["active"] != true {
		t.Errorf("introspection: %v", told)
	}
	w.exchange("agent", exchangeForm(theirs, "subject_token_type", idType, "scope", "openid profile")).wantError(t, http.StatusBadRequest, "invalid_scope")
}

func TestExchangesThatAreRefused(t *testing.T) {
	w := newExchangeWorld(t)
	w.addClient(idp.Client{ID: "server", Grants: []string{idp.GrantClientCredentials}, Scopes: []string{idp.ScopePhoneVerification}})
	a := w.agent()
	app, other := a.signIn("app"), a.signIn("other")
	expiring := a.signIn("app").Refresh
	dead := a.signIn("app")
	a.post(oidc.PathRevoke, url.Values{"token": {dead.Refresh}}, basic("app", secret))
	narrow := w.tokens(a.post(oidc.PathToken, refreshForm(expiring, "scope", "openid"), basic("app", secret))).Access
	exchanged := w.tokens(w.exchange("agent", exchangeForm(app.Access))).Access
	for name, c := range map[string]struct {
		client string
		form   url.Values
		code   string
	}{
		"a client that isn't registered":      {"app", exchangeForm(app.Access), "unauthorized_client"},
		"another client's token":              {"agent", exchangeForm(other.Access), "invalid_request"},
		"another client's ID token":           {"agent", exchangeForm(other.ID, "subject_token_type", idType), "invalid_request"},
		"a refresh token":                     {"agent", exchangeForm(app.Refresh), "invalid_request"},
		"an ID token as an access token":      {"agent", exchangeForm(app.ID), "invalid_request"},
		"an access token as an ID token":      {"agent", exchangeForm(app.Access, "subject_token_type", idType), "invalid_request"},
		"a client's own token":                {"agent", exchangeForm(w.own("server")), "invalid_request"},
		"a revoked token":                     {"agent", exchangeForm(dead.Access), "invalid_request"},
		"an unknown token":                    {"agent", exchangeForm("unknown"), "invalid_request"},
		"an exchanged token":                  {"agent", exchangeForm(exchanged), "invalid_request"},
		"an ID token that was changed":        {"agent", exchangeForm(app.ID[:len(app.ID)-8]+"AAAAAAAA", "subject_token_type", idType), "invalid_request"},
		"an unsigned ID token":                {"agent", exchangeForm(unsigned(app.ID), "subject_token_type", idType), "invalid_request"},
		"no token":                            {"agent", exchangeForm(""), "invalid_request"},
		"no type":                             {"agent", exchangeForm(app.Access, "subject_token_type", ""), "invalid_request"},
		"another type":                        {"agent", exchangeForm(app.Refresh, "subject_token_type", "urn:ietf:params:oauth:token-type:refresh_token"), "invalid_request"},
		"a token for an actor":                {"agent", exchangeForm(app.Access, "actor_token", app.Access, "actor_token_type", accessType), "invalid_request"},
		"for a refresh token":                 {"agent", exchangeForm(app.Access, "requested_token_type", "urn:ietf:params:oauth:token-type:refresh_token"), "invalid_request"},
		"for an ID token":                     {"agent", exchangeForm(app.Access, "requested_token_type", idType), "invalid_request"},
		"for more scopes than the token's":    {"agent", exchangeForm(narrow, "scope", "openid profile"), "invalid_scope"},
		"for a scope that isn't the client's": {"narrow", exchangeForm(app.Access, "scope", "openid profile"), "invalid_scope"},
		"for a refresh token's scope":         {"agent", exchangeForm(app.Access, "scope", "openid offline_access"), "invalid_scope"},
		"for somebody else's resource":        {"agent", exchangeForm(app.Access, "resource", "https://evil.example/"), "invalid_target"},
		"for an audience among good ones":     {"agent", exchangeForm(app.Access, "resource", ordersAPI, "audience", "https://evil.example/"), "invalid_target"},
		"for another client by its name":      {"agent", exchangeForm(app.Access, "audience", "app"), "invalid_target"},
	} {
		t.Run(name, func(t *testing.T) {
			w.exchange(c.client, c.form).wantError(t, http.StatusBadRequest, c.code)
		})
	}
	a.post(oidc.PathToken, exchangeForm(app.Access, "client_id", "public")).wantError(t, http.StatusBadRequest, "unauthorized_client")
	twice := exchangeForm(app.Access)
	twice.Add("subject_token", other.Access)
	w.exchange("agent", twice).wantError(t, http.StatusBadRequest, "invalid_request")
}

// A token for a person whom a client vouched for can be exchanged too, though
// there is no session, and ends with its grant.
func TestExchangeOfATokenWithoutASession(t *testing.T) {
	w := newExchangeWorld(t)
	s := w.newVoucher("app2", func(c *idp.Client) { c.Grants = append(c.Grants, idp.GrantExchange) })
	own := w.tokens(w.agent().post(oidc.PathToken, bearerForm(s.jwt("sub", "user-1")), basic("app2", secret))).Access
	got := w.tokens(w.exchange("app2", exchangeForm(own)))
	if !w.works(got.Access) {
		t.Error("the exchanged token doesn't work")
	}
	_, grant, err := w.store.TokenByHash(t.Context(), w.keys.Hash("token", own))
	w.must(err)
	w.must(w.store.RevokeGrant(t.Context(), grant.ID, w.clock.Now()))
	if w.works(got.Access) {
		t.Error("it outlives the grant that it came from")
	}
}

// What a client asks for by default is what both the token and it have.
func TestExchangeGivesTheScopesOfBoth(t *testing.T) {
	w := newExchangeWorld(t)
	got := w.tokens(w.exchange("narrow", exchangeForm(w.agent().signIn("app").Access)))
	if scopes := strings.Fields(got.Scope); len(scopes) != 2 || scopes[0] != "openid" || scopes[1] != "email" {
		t.Errorf("scopes %q", got.Scope)
	}
	told := w.introspect(got.Access, "narrow")
	if aud := told["aud"]; aud != w.issuer && !(len(aud.([]any)) == 1 && aud.([]any)[0] == w.issuer) {
		t.Errorf("without a resource the token is for %v", aud)
	}
}

// An exchanged token lives no longer than the one it came with.
func TestExchangedTokensEndInTime(t *testing.T) {
	w := newExchangeWorld(t)
	theirs := w.agent().signIn("app").Access
	w.clock.advance(50 * time.Minute)
	got := w.tokens(w.exchange("agent", exchangeForm(theirs)))
	if got.Expires > 600 || got.Expires < 590 {
		t.Errorf("it lives %d seconds, want 600", got.Expires)
	}
	w.clock.advance(10 * time.Minute)
	if w.works(got.Access) {
		t.Error("it outlives the token that it came with")
	}
	w.exchange("agent", exchangeForm(theirs)).wantError(t, http.StatusBadRequest, "invalid_request")
}

func TestExchangedTokensEndWithTheirGrant(t *testing.T) {
	w := newExchangeWorld(t)
	end := func(how string, end func(a *agent, theirs tokens)) {
		t.Helper()
		a := w.agent()
		theirs := a.signIn("app", "scope", "openid")
		got := w.tokens(w.exchange("agent", exchangeForm(theirs.Access)))
		fromID := w.tokens(w.exchange("agent", exchangeForm(theirs.ID, "subject_token_type", idType)))
		if !w.works(got.Access) || !w.works(fromID.Access) {
			t.Fatalf("%s: the tokens don't work", how)
		}
		end(a, theirs)
		if w.works(got.Access) || w.works(fromID.Access) {
			t.Errorf("%s: a token still works", how)
		}
		w.exchange("agent", exchangeForm(theirs.ID, "subject_token_type", idType)).wantError(t, http.StatusBadRequest, "invalid_request")
	}
	end("the session's end", func(a *agent, theirs tokens) {
		a.get(oidc.PathLogout, url.Values{"id_token_hint": {theirs.ID}})
	})
	a := w.agent()
	theirs := a.signIn("app")
	got := w.tokens(w.exchange("agent", exchangeForm(theirs.Access)))
	a.get(oidc.PathLogout, url.Values{"id_token_hint": {theirs.ID}})
	if !w.works(got.Access) {
		t.Error("a token that came of one with offline_access ended with the session")
	}
	a.post(oidc.PathRevoke, url.Values{"token": {theirs.Refresh}}, basic("app", secret))
	if w.works(got.Access) {
		t.Error("it outlives the grant that it came from")
	}
	end("the end of what it came from", func(a *agent, theirs tokens) {
		grant, err := w.store.GrantOfSession(context.Background(), "user-1", w.claimsOf(theirs.ID)["sid"].(string), "app", w.clock.Now())
		w.must(err)
		w.must(w.store.RevokeGrant(context.Background(), grant.ID, w.clock.Now()))
	})
	end("the person's block", func(*agent, tokens) {
		_, err := w.store.UpdateUser(context.Background(), "user-1", func(u *idp.User) error { u.Blocked = true; return nil })
		w.must(err)
	})
}
