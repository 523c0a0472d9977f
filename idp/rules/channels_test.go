package rules_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"time"

	rp "github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/logout"
)

// backchannelModules are those of the plan
// oidcc-backchannel-rp-initiated-logout-certification-test-plan.
func backchannelModules() []module {
	return []module{
		{"oidcc-backchannel-logout-discovery-endpoint-verification", "discovery says that back-channel logout and its sid are supported, and has end_session_endpoint", logoutSupported("backchannel")},
		{"oidcc-backchannel-rp-initiated-logout", "at a logout the relying party is posted one logout token, signed by a published key, of the type `logout+jwt`, with iss, aud, iat, jti, the ID token's sub and sid, " +
			"one empty event and no nonce; the person goes back with the state, and is signed out", backchannelLogout},
	}
}

// frontchannelModules are those of the plan
// oidcc-frontchannel-rp-initiated-logout-certification-test-plan.
func frontchannelModules() []module {
	return []module{
		{"oidcc-frontchannel-logout-discovery-endpoint-verification", "discovery says that front-channel logout and its sid are supported, and has end_session_endpoint", logoutSupported("frontchannel")},
		{"oidcc-frontchannel-rp-initiated-logout", "at a logout the browser loads the relying party's address with iss and the ID token's sid in a frame, goes on with the state, and is signed out", frontchannelLogout},
	}
}

func logoutSupported(channel string) func(*trial) {
	return func(r *trial) {
		doc := r.discovery()
		if doc[channel+"_logout_supported"] != true || doc[channel+"_logout_session_supported"] != true {
			r.Errorf("%v, %v", doc[channel+"_logout_supported"], doc[channel+"_logout_session_supported"])
		}
		r.httpsEndpoints(doc, "end_session_endpoint")
	}
}

// told is what a relying party's server was sent.
type told struct {
	method, media string
	form          url.Values
}

// listener is a relying party's server; it tells of each request.
func (s *site) listener() (*httptest.Server, chan told) {
	heard := make(chan told, 8)
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			http.Error(w, "", http.StatusBadRequest)
			return
		}
		heard <- told{r.Method, r.Header.Get("Content-Type"), r.PostForm}
		w.Header().Set("Cache-Control", "no-store")
	}))
	s.Cleanup(server.Close)
	return server, heard
}

// as is the trial by another client, registered for it.
func (r *trial) as(c idp.Client) *trial {
	r.Helper()
	c.AuthMethod, c.WaivePKCE, c.SigningAlg = idp.AuthSecretBasic, true, r.alg
	r.site.client(c)
	next := *r
	next.client = r.party(c.ID)
	return &next
}

func backchannelLogout(r *trial) {
	r = r.as(idp.Client{ID: "told-" + r.mode, ClientMetadata: idp.ClientMetadata{BackchannelLogoutURI: r.rpServer.URL + "/backchannel", BackchannelSession: true}})
	q := r.leaving()
	if got := r.b.get(logout.Path, q); got.out == nil || got.out.String() != goodbye+"?state="+q.Get("state") {
		r.Errorf("%d, out %v\n%s", got.status, got.out, got.body)
	}
	select {
	case <-time.After(time.Minute):
		r.Fatalf("the relying party was told nothing\n%s", r.log)
	case heard := <-r.heard:
		if heard.method != http.MethodPost || heard.media != formType || len(heard.form) != 1 {
			r.Errorf("told by %+v", heard)
		}
		r.logoutToken(heard.form.Get("logout_token"), fields(r.site, q.Get("id_token_hint"), 1))
	}
	if !r.signedOut() {
		r.Error("still signed in")
	}
}

// logoutToken checks a logout token (Back-Channel Logout 1.0, section 2.4).
func (r *trial) logoutToken(token string, idToken map[string]any) {
	r.Helper()
	signed, err := jwt.ParseSigned(token, []jose.SignatureAlgorithm{jose.SignatureAlgorithm(r.alg)})
	r.must(err)
	claims := map[string]any{}
	r.must(signed.Claims(r.keySet(), &claims))
	head := fields(r.site, token, 0)
	if head["typ"] != "logout+jwt" || head["kid"] == nil {
		r.Errorf("header %v", head)
	}
	for _, name := range []string{"iss", "sub", "sid"} {
		if claims[name] == nil || claims[name] != idToken[name] {
			r.Errorf("%s is %v, of the ID token %v", name, claims[name], idToken[name])
		}
	}
	iat, _ := claims["iat"].(float64)
	if claims["jti"] == nil || claims["exp"] == nil || claims["nonce"] != nil || r.clock.Now().Sub(time.Unix(int64(iat), 0)).Abs() > 5*time.Minute || !sameAudience(claims["aud"], idToken["aud"]) {
		r.Errorf("claims %v", claims)
	}
	events, _ := claims["events"].(map[string]any)
	event, ok := events["http://schemas.openid.net/event/backchannel-logout"].(map[string]any)
	if !ok || len(event) != 0 || len(events) != 1 {
		r.Errorf("events %v", claims["events"])
	}
	provider, ctx := r.provider()
	if _, err := provider.Verifier(&rp.Config{ClientID: r.client.id, Now: r.clock.Now}).Verify(ctx, token); err == nil && claims["nonce"] != nil {
		r.Error("the logout token passes for an ID token")
	}
}

func frontchannelLogout(r *trial) {
	address := "https://rp.example/frontchannel"
	r = r.as(idp.Client{ID: "framed-" + r.mode, ClientMetadata: idp.ClientMetadata{FrontchannelLogoutURI: address, FrontchannelSession: true}})
	q := r.leaving()
	page := r.b.get(logout.Path, q)
	frame, err := url.Parse(page.page().Find("iframe").AttrOr("src", ""))
	r.must(err)
	sent := frame.Query()
	if !strings.HasPrefix(frame.String(), address+"?") || len(sent) != 2 || sent.Get("iss") != r.issuer || sent.Get("sid") != fields(r.site, q.Get("id_token_hint"), 1)["sid"] {
		r.Errorf("%d, frame %v\n%s", page.status, frame, page.body)
	}
	if policy := page.header.Get("Content-Security-Policy"); !strings.Contains(policy, "frame-src https://rp.example") || !strings.Contains(policy, "frame-ancestors 'none'") {
		r.Errorf("policy %s", policy)
	}
	if next := page.page().Find("a[data-go-on]").AttrOr("href", ""); next != goodbye+"?state="+q.Get("state") {
		r.Errorf("goes on to %q", next)
	}
	if !r.signedOut() {
		r.Error("still signed in")
	}
}
