package console_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/oauth/clientauth"
)

const appsPage = pagesBase + "/apps"

// formOf is the page's form, as a browser would send it.
func (v *view) formOf(action string) url.Values {
	form := url.Values{}
	fields := v.page.Find(`form[action="` + action + `"]`)
	for _, input := range fields.Find("input[name]").EachIter() {
		_, checked := input.Attr("checked")
		if input.AttrOr("type", "text") != "checkbox" || checked {
			form.Add(input.AttrOr("name", ""), input.AttrOr("value", ""))
		}
	}
	for _, area := range fields.Find("textarea").EachIter() {
		form.Add(area.AttrOr("name", ""), area.Text())
	}
	for _, choice := range fields.Find("select").EachIter() {
		form.Add(choice.AttrOr("name", ""), choice.Find("option[selected]").AttrOr("value", choice.Find("option").First().AttrOr("value", "")))
	}
	return form
}

func TestRegisteringAnApplication(t *testing.T) {
	w := newWorld(t)
	w.appoint("ann", admin.RoleAppAdmin)
	a := w.signedIn("ann", 2)
	form := a.get(appsPage+"/new").wants(t, http.StatusOK, "").formOf(appsPage + "/new")
	form.Set("client_id", "shop/1")
	form.Set("client_name", "<b>Shop</b>")
	form.Set("redirect_uris", "nowhere")
	v := a.post(appsPage+"/new", form)
	if v.Code != http.StatusUnprocessableEntity || v.page.Find("#field-redirect_uris[aria-invalid]").Length() != 1 || v.formOf(appsPage+"/new").Get("client_name") != "<b>Shop</b>" {
		t.Fatalf("a wrong redirect URI: %d\n%s", v.Code, v.page.Find("main").Text())
	}
	form.Set("redirect_uris", "https://shop.example/cb\r\nhttps://shop.example/other\r\n")
	v = a.post(appsPage+"/new", form).wants(t, http.StatusOK, "")
	secret := strings.TrimSpace(v.page.Find("[data-secret]").Text())
	c, err := w.store.ClientByID(t.Context(), "shop/1")
	w.must(err)
	if !clientauth.SecretIs(w.ring, c, secret) || !slices.Equal(c.RedirectURIs, []string{"https://shop.example/cb", "https://shop.example/other"}) || c.CreatedAt.IsZero() {
		t.Errorf("registered is %+v, its secret %q", c, secret)
	}
	one := appsPage + "/app/shop%2F1"
	v = a.get(one).wants(t, http.StatusOK, "")
	if strings.Contains(v.Body.String(), secret) || v.page.Find("h1").Text() != "<b>Shop</b>" {
		t.Errorf("its page holds the secret, or its name as HTML:\n%s", v.Body)
	}
	a.get(one+"/connect").wants(t, http.StatusOK, "")

	edit := a.get(one + "/edit").formOf(one + "/edit")
	stale := a.get(one + "/edit").formOf(one + "/edit")
	edit.Set("required_factor", "2")
	edit.Del("grant_types")
	edit.Add("grant_types", idp.GrantCode)
	if v := a.post(one+"/edit", edit); v.Code != http.StatusSeeOther {
		t.Fatalf("a change: %d %s", v.Code, v.page.Find("main").Text())
	}
	if c, _ := w.store.ClientByID(t.Context(), "shop/1"); c.RequiredFactor != 2 || !slices.Equal(c.Grants, []string{idp.GrantCode}) || !clientauth.SecretIs(w.ring, c, secret) {
		t.Errorf("changed is %+v", c)
	}
	stale.Set("client_name", "Other")
	a.post(one+"/edit", stale).wants(t, http.StatusConflict, admin.ProblemConflict)

	rotate := a.get(one).formOf(one + "/secret")
	v = a.post(one+"/secret", rotate).wants(t, http.StatusOK, "")
	if c, _ := w.store.ClientByID(t.Context(), "shop/1"); clientauth.SecretIs(w.ring, c, secret) || !clientauth.SecretIs(w.ring, c, v.page.Find("[data-secret]").Text()) {
		t.Error("the secret isn't the new one")
	}
	if v := a.post(one+"/delete", a.get(one).formOf(one+"/delete")); v.Code != http.StatusSeeOther {
		t.Errorf("deleting: %d", v.Code)
	}
	a.get(one).wants(t, http.StatusNotFound, "app_unknown")
	want := []string{audit.TypeConsoleEntered, audit.TypeClientRegistered, audit.TypeClientChanged, audit.TypeClientChanged, audit.TypeClientDeleted}
	if got := w.types(); !slices.Equal(got, want) {
		t.Errorf("recorded are %v", got)
	}
	if text, _ := json.Marshal(w.trail.Events()); strings.Contains(string(text), secret) {
		t.Error("the record holds the secret")
	}
}

// Who edits applications can't come to the admin API by them.
func TestApplicationsAreNoWayToTheAPI(t *testing.T) {
	w := newWorld(t)
	w.appoint("ann", admin.RoleAppAdmin)
	w.apiClient("robot", admin.UsersEdit.Scope())
	a := w.signedIn("ann", 2)
	token := a.get(appsPage).token()
	form := url.Values{
		"client_id": {"mine"}, "grant_types": {idp.GrantClientCredentials}, "scope": {admin.UsersEdit.Scope()}, "form_token": {token},
		"id_token_signed_response_alg": {"RS256"}, "pkce": {"required"}, "access_tokens": {"opaque"},
	}
	v := a.post(appsPage+"/new", form)
	if _, err := w.store.ClientByID(t.Context(), "mine"); err == nil || v.page.Find("#field-scope[aria-invalid]").Length() != 1 {
		t.Errorf("a client with an admin scope: %d %v", v.Code, err)
	}
	robot, err := w.store.ClientByID(t.Context(), "robot")
	w.must(err)
	page := a.get(appsPage + "/app/robot")
	if page.page.Find(`form[action$="/secret"]`).Length() > 0 {
		t.Error("its page offers a new secret")
	}
	tag := a.get(appsPage + "/app/robot/edit").formOf(appsPage + "/app/robot/edit").Get("tag")
	for _, what := range []string{"/secret", "/delete", "/edit"} {
		form := url.Values{"form_token": {token}, "tag": {tag}, "grant_types": {idp.GrantClientCredentials}, "id_token_signed_response_alg": {"RS256"}, "pkce": {"required"}, "access_tokens": {"opaque"}}
		a.post(appsPage+"/app/robot"+what, form)
		after, err := w.store.ClientByID(t.Context(), "robot")
		if err != nil || after.SecretHash != robot.SecretHash || !slices.Equal(after.Scopes, robot.Scopes) {
			t.Errorf("%s changed it: %+v, %v", what, after, err)
		}
	}
	header := http.Header{"Authorization": {"Bearer " + w.apiClient("editor", admin.AppsEdit.Scope())}}
	body := `{"client_id":"more","grant_types":["client_credentials"],"scope":"blitz_admin_users_chg"}`
	a.once(http.MethodPost, apiBase+"/apps", body, header).wants(t, http.StatusForbidden, "app_admin_scopes")
	both := http.Header{"Authorization": {"Bearer " + w.apiClient("both", admin.AppsEdit.Scope(), admin.AdministratorsEdit.Scope())}}
	v = a.once(http.MethodPost, apiBase+"/apps", body, both).wants(t, http.StatusCreated, "")
	if !strings.Contains(v.Body.String(), `"client_secret":"`) {
		t.Errorf("no secret: %s", v.Body)
	}
}

func TestReservedIDs(t *testing.T) {
	w := newWorld(t)
	header := http.Header{"Authorization": {"Bearer " + w.apiClient("api", admin.AppsEdit.Scope(), admin.AdministratorsEdit.Scope())}}
	for id, status := range map[string]int{"_blitz_console": 409, "_blitz_profile": 409, "_blitz_try~shop": 422, "a:b": 422, "": 422, "api": 409} {
		body, err := json.Marshal(map[string]any{"client_id": id, "grant_types": []string{idp.GrantCode}, "redirect_uris": []string{"https://evil.example/"}})
		w.must(err)
		if v := w.agent().once(http.MethodPost, apiBase+"/apps", string(body), header); v.Code != status {
			t.Errorf("%q: %d %s", id, v.Code, v.Body)
		}
	}
}

// A trial shows what the application would get to know, without the application.
func TestTryingALogin(t *testing.T) {
	w := newWorld(t)
	w.appoint("ann", admin.RoleAppAdmin)
	_, err := w.store.UpdateUser(t.Context(), "ann", func(u *idp.User) error {
		u.Attributes = map[string]string{"name": "Ann <i>", "email": "ann@shop.example"}
		return nil
	})
	w.must(err)
	w.must(w.store.CreateClient(t.Context(), &idp.Client{
		ID: "shop", Name: "Shop", SecretHash: "x", AuthMethod: idp.AuthSecretBasic, RedirectURIs: []string{"https://shop.example/cb"},
		Grants: []string{idp.GrantCode, idp.GrantRefresh}, Scopes: []string{"openid", "email"}, SigningAlg: "ES256", RequiredFactor: 2,
	}))
	a := w.signedIn("ann", 2)
	v := a.get(appsPage+"/app/shop/try").wants(t, http.StatusOK, "")
	text := v.page.Find("main").Text()
	for _, want := range []string{"ann@shop.example", "_blitz_try~shop", "openid email"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %s: %s", want, text)
		}
	}
	if strings.Contains(text, "Ann <i>") {
		t.Error("it shows what the scopes don't")
	}
	a.once(http.MethodGet, v.at.String(), "", nil).wants(t, http.StatusBadRequest, "app_trial_over")

	// Another administrator's answer is nobody's here, and without a session there is none.
	w.appoint("bob", admin.RoleAppAdmin)
	b := w.signedIn("bob", 2)
	b.get(appsPage)
	asked := a.once(http.MethodGet, appsPage+"/app/shop/try", "", nil)
	at, err := url.Parse(asked.Header().Get("Location"))
	w.must(err)
	answer := a.once(http.MethodGet, at.String(), "", nil)
	for !strings.Contains(answer.Header().Get("Location"), "/apps/tried") {
		next, err := answer.at.Parse(answer.Header().Get("Location"))
		w.must(err)
		answer = a.once(http.MethodGet, next.String(), "", nil)
	}
	b.once(http.MethodGet, answer.Header().Get("Location"), "", nil).wants(t, http.StatusBadRequest, "app_trial_over")
	denied := answer.Header().Get("Location")
	denied = denied[:strings.Index(denied, "?")] + "?" + url.Values{
		"state": {at.Query().Get("state")}, "iss": {issuer}, "error": {"access_denied"}, "error_description": {"<script>"},
	}.Encode()
	if v := a.once(http.MethodGet, denied, "", nil).wants(t, http.StatusOK, ""); !strings.Contains(v.page.Find("main").Text(), "access_denied: <script>") {
		t.Errorf("a refusal is shown as %s", v.page.Find("main").Text())
	}
}

// The stand-in of a trial has none of the application's powers.
func TestATrialsClientHasNoPower(t *testing.T) {
	w := newWorld(t)
	w.apiClient("robot", admin.UsersEdit.Scope())
	for name, form := range map[string]url.Values{
		"a token of its own": {"grant_type": {idp.GrantClientCredentials}, "scope": {admin.UsersEdit.Scope()}},
		"a refresh":          {"grant_type": {idp.GrantRefresh}, "refresh_token": {"x"}},
	} {
		for _, secret := range []string{"secret", "", w.ring.Hash("trial-client", "robot")} {
			r, err := http.NewRequest(http.MethodPost, "/", nil)
			w.must(err)
			r.SetBasicAuth(url.QueryEscape("_blitz_try~robot"), secret)
			header := http.Header{"Content-Type": {"application/x-www-form-urlencoded"}, "Authorization": r.Header["Authorization"]}
			if v := w.agent().once(http.MethodPost, "/blitz/oauth/te", form.Encode(), header); v.Code == http.StatusOK {
				t.Errorf("%s: %s", name, v.Body)
			}
		}
	}
}
