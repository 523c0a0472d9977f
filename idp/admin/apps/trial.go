package apps

import (
	"context"
	"crypto/hmac"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/admin/party"
	"github.com/ringtail-id/ringtail/idp/keyring"
	"github.com/ringtail-id/ringtail/idp/oauth/clientauth"
)

// trialPrefix begins the IDs of stand-ins for applications in trials. "~" is in no
// ID that somebody can register.
const trialPrefix = "_blitz_try~"

// trialLife is how long tokens of a trial live.
const trialLife = time.Minute

// pathTried is where the provider answers a trial.
const pathTried = path + "/tried"

// problemTrial: the answer is of no trial of this session, or was seen before; 400.
const problemTrial = "app_trial_over"

// WithTrials are the clients, and for each a stand-in for trials: like it in what is
// asked of a person and told of them, and with the console's secret, the console's
// redirect URI (below console, its address) and nothing of its other powers. So no
// trial has to do with a code or a secret of the application itself.
func WithTrials(others idp.Clients, k *keyring.Keyring, console string) idp.Clients {
	return trials{others, k, console + pathTried}
}

type trials struct {
	idp.Clients
	keyring  *keyring.Keyring
	redirect string
}

// ClientByID implements idp.Clients.
func (t trials) ClientByID(ctx context.Context, id string) (*idp.Client, error) {
	of, ok := strings.CutPrefix(id, trialPrefix)
	if !ok {
		return t.Clients.ClientByID(ctx, id)
	}
	c, err := t.Clients.ClientByID(ctx, of)
	if err != nil {
		return nil, err
	}
	return &idp.Client{
		ID: id, Name: c.DisplayName(), SecretHash: clientauth.HashSecret(t.keyring, id, trialSecret(t.keyring, of)), AuthMethod: idp.AuthSecretBasic,
		RedirectURIs: []string{t.redirect}, Grants: []string{idp.GrantCode}, Scopes: personal(c), SigningAlg: c.SigningAlg,
		AskConsent: c.AskConsent || c.Dynamic(), RequiredFactor: c.RequiredFactor, SecondFactors: c.SecondFactors,
		AccessTokenLife: trialLife, IDTokenLife: trialLife,
		ClientMetadata: idp.ClientMetadata{
			ApplicationType: idp.ApplicationWeb, DefaultMaxAge: c.DefaultMaxAge, DefaultACRs: c.DefaultACRs, IDTokenClaims: c.IDTokenClaims,
			ClientURI: c.ClientURI, LogoURI: c.LogoURI, PolicyURI: c.PolicyURI, TOSURI: c.TOSURI,
		},
	}, nil
}

// personal are the scopes of the client that are about people.
func personal(c *idp.Client) []string {
	return slices.DeleteFunc(slices.Clone(c.Scopes), func(scope string) bool {
		return slices.Contains(idp.OwnScopes(), scope) || scope == idp.ScopeOfflineAccess
	})
}

func trialSecret(k *keyring.Keyring, of string) string { return k.Hash("trial-client", of) }

// TrialOptions are what trials need. All are required but Rand.
type TrialOptions struct {
	Issuer string
	// Console is the address of the console, without a slash at its end.
	Console  string
	Provider http.Handler
	Keyring  *keyring.Keyring
	// Scopes are all that are about people.
	Scopes []string
	Now    func() time.Time
	Rand   io.Reader
}

// Trial tries logins; nil where none can be tried.
type Trial = *TrialOptions

func (s *Section) trialRoutes() []admin.Route {
	return []admin.Route{
		{Method: http.MethodGet, Path: onePath + "/try", Right: admin.AppsView, Serve: s.try},
		{Method: http.MethodGet, Path: pathTried, Right: admin.AppsView, Serve: s.tried},
	}
}

func (t *TrialOptions) party(c *idp.Client) *party.Party {
	scopes := []string{idp.ScopeOpenID}
	for _, scope := range t.Scopes {
		if scope != idp.ScopeOpenID && scope != idp.ScopeOfflineAccess && c.AllowsScope(scope) {
			scopes = append(scopes, scope)
		}
	}
	return party.New(party.Options{
		Issuer: t.Issuer, ClientID: trialPrefix + c.ID, Secret: trialSecret(t.Keyring, c.ID), Redirect: t.Console + pathTried,
		Scopes: scopes, Provider: t.Provider, Now: t.Now,
	})
}

// attempt ties the answer to the administrator's session of the console, whose form
// token nobody else has.
func (t *TrialOptions) attempt(a *admin.Actor, unique, id string) party.Attempt {
	hash := func(what string) string { return t.Keyring.Hash("trial", what, a.FormToken, unique, id) }
	state := unique + "." + base64.RawURLEncoding.EncodeToString([]byte(id)) + "." + hash("state")
	return party.Attempt{State: state, Nonce: hash("nonce"), Verifier: hash("verifier")}
}

// try sends the browser to sign in as the application would.
func (s *Section) try(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	app, err := s.service.app(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	unique, err := idp.NewID(s.trial.Rand)
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, s.trial.party(app.Client).Request(s.trial.attempt(a, unique, app.ID)), http.StatusSeeOther)
	return nil
}

// triedData is what the page apps/tried shows.
type triedData struct {
	ID, Back, Again         string
	Error, Description      string
	Scope                   string
	IDToken, Userinfo       []line
	Grants, HasRefreshGrant bool
}

// tried takes the answer, and shows what the application would get to know. No token
// comes to the page.
func (s *Section) tried(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	query := r.URL.Query()
	unique, rest, _ := strings.Cut(query.Get("state"), ".")
	encoded, _, _ := strings.Cut(rest, ".")
	id, err := base64.RawURLEncoding.DecodeString(encoded)
	attempt := s.trial.attempt(a, unique, string(id))
	if err != nil || !hmac.Equal([]byte(attempt.State), []byte(query.Get("state"))) || query.Get("iss") != s.trial.Issuer {
		return &idp.Problem{ID: problemTrial, Status: http.StatusBadRequest}
	}
	app, err := s.service.app(r.Context(), string(id))
	if err != nil {
		return err
	}
	data := triedData{ID: app.ID, Back: s.view.URL(at(app.ID)), Again: s.view.URL(at(app.ID, "/try")), HasRefreshGrant: app.Allows(idp.GrantRefresh)}
	if query.Has("error") {
		data.Error, data.Description = query.Get("error"), query.Get("error_description")
		return s.view.Show(w, r, a, admin.Page{Name: "apps/tried", Title: "The login was refused", Data: data})
	}
	p := s.trial.party(app.Client)
	said, err := p.Redeem(r.Context(), attempt, query.Get("code"))
	if err == nil {
		err = p.Userinfo(r.Context(), &said)
	}
	if err != nil {
		return &idp.Problem{ID: problemTrial, Status: http.StatusBadRequest, Cause: err}
	}
	data.Scope, data.IDToken, data.Userinfo = said.Scope, lines(said.Claims), lines(said.Userinfo)
	return s.view.Show(w, r, a, admin.Page{Name: "apps/tried", Title: "What " + app.DisplayName() + " would get", Data: data})
}

// lines are claims by name.
func lines(claims map[string]any) (all []line) {
	for _, name := range slices.Sorted(maps.Keys(claims)) {
		text, err := json.Marshal(claims[name])
		if err != nil {
			text = fmt.Append(nil, claims[name])
		}
		all = append(all, line{name, string(text)})
	}
	return all
}
