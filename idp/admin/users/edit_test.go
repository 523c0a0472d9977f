package users_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/audit"
)

func TestFindPeople(t *testing.T) {
	w := newWorld(t)
	for typed, found := range map[string]bool{
		"anna": true, "петр": true, "ANNA@shop": true, "8 (916) 123-45-67": true, "+7 916 123 45 67": true, "79161234567": true, "916 123": false, "boris": false,
	} {
		page := w.get("/users?q=" + strings.NewReplacer(" ", "%20", "+", "%2B").Replace(typed)).page()
		if got := page.Find("tbody th a").Text() == "anna"; got != found {
			t.Errorf("%q: found %v, want %v", typed, got, found)
		}
		if got := page.Find("#field-q").AttrOr("value", ""); got != typed {
			t.Errorf("the page shows %q, typed was %q", got, typed)
		}
	}
	if got := w.send(http.MethodGet, base+"/users?after=x", "", nil); got.status != http.StatusBadRequest {
		t.Errorf("a made-up place: %d", got.status)
	}
}

func TestListPages(t *testing.T) {
	w := newWorld(t)
	var many []*idp.User
	for i := range 60 {
		many = append(many, &idp.User{ID: fmt.Sprint("u", i), Login: fmt.Sprintf("user%02d", i)})
	}
	w.must(w.store.CreateUsers(t.Context(), many))
	first := w.get("/users?q=user").page()
	next := first.Find("a[rel=next]").AttrOr("href", "")
	if first.Find("tbody tr").Length() != 50 || next == "" {
		t.Fatalf("%d rows, next %q", first.Find("tbody tr").Length(), next)
	}
	second := w.send(http.MethodGet, next, "", nil).page()
	if second.Find("tbody tr").Length() != 10 || second.Find("a[rel=next]").Length() != 0 {
		t.Errorf("the second page has %d rows", second.Find("tbody tr").Length())
	}
}

func TestMakeAUser(t *testing.T) {
	w := newWorld(t)
	got := w.post("/users", "login", "Boris ", "attributes.name", "Борис", "attributes.phone_number", "8 (999) 000-00-02", "attributes.email", "",
		"password", "a-first-password", "must_change", "true", "required_factor", "2").wants(http.StatusSeeOther)
	u, err := w.store.UserByLogin(t.Context(), "boris")
	w.must(err)
	if u.Attribute("phone_number") != "79990000002" || len(u.Attributes) != 2 || !u.MustChangePassword || u.RequiredFactor != 2 || u.PasswordHash == "" {
		t.Errorf("user %+v", u)
	}
	if got.header.Get("Location") != base+"/users/"+u.ID {
		t.Errorf("leads to %s", got.header.Get("Location"))
	}
	e := w.last()
	if e.Type != audit.TypeUserCreated || e.Object != u.ID || e.Subject != "sue" || strings.Contains(fmt.Sprint(e.Params), "79990000002") || !strings.Contains(fmt.Sprint(e.Params), "+7 999 ***-**-02") {
		t.Errorf("record %+v", e)
	}
	if strings.Contains(fmt.Sprint(w.trail.Events()), "a-first-password") {
		t.Error("the password is on record")
	}
	for name, c := range map[string]struct {
		pairs []string
		field string
	}{
		"a login that is taken": {[]string{"login", "ANNA"}, "login"},
		"no login":              {[]string{"login", " "}, "login"},
		"a short password":      {[]string{"login", "carl", "password", "short"}, "password"},
		"no number":             {[]string{"login", "carl", "attributes.phone_number", "12"}, "attributes.phone_number"},
		"no name":               {[]string{"login", "carl", "new_name", "1st", "new_value", "x"}, "attributes"},
		"a guarded attribute":   {[]string{"login", "carl", "new_name", "phone_number_verified", "new_value", "true"}, "attributes.phone_number_verified"},
		"no factor":             {[]string{"login", "carl", "required_factor", "7"}, "required_factor"},
		"an odd value":          {[]string{"login", "carl", "attributes.name", "a\x00b"}, "attributes.name"},
		"a long value":          {[]string{"login", "carl", "attributes.name", strings.Repeat("x", 1025)}, "attributes.name"},
	} {
		page := w.post("/users", c.pairs...).wants(http.StatusUnprocessableEntity).page()
		if page.Find(`.alert a[href="#field-`+c.field+`"]`).Length() != 1 {
			t.Errorf("%s: %s", name, page.Find(".alert").Text())
		}
		if page.Find("#field-password").AttrOr("value", "") != "" {
			t.Errorf("%s: the page repeats the password", name)
		}
	}
	if _, err := w.store.UserByLogin(t.Context(), "carl"); !errors.Is(err, idp.ErrNotFound) {
		t.Error("a refused user was made")
	}
}

func TestEdit(t *testing.T) {
	w := newWorld(t)
	w.must(w.store.ConfirmPhone(t.Context(), "anna", "phone_number", "+79161234567", noon))
	w.must(w.engine.Request(t.Context(), otp.Target{LoginID: "l", PersonID: "anna", Phone: "+79161234567", Country: "RU"}))
	page := w.get("/users/anna").page()
	if page.Find(`[name="attributes.roles"]`).Length() != 0 || strings.Contains(page.Text(), "buyer") {
		t.Error("a support person sees the attribute of roles")
	}
	if page.Find(`[name="attributes.phone_number_verified"]`).Length() != 0 || !strings.Contains(page.Text(), "phone_number_verified") {
		t.Error("what a call confirmed can be edited, or isn't shown")
	}
	version := page.Find(`[name=base]`).AttrOr("value", "")
	w.post("/users/anna", "base", version, "login", "anna", "attributes.name", "Анна Сидорова", "attributes.email", "", "attributes.phone_number", "+7 999 000-00-02",
		"new_name", "city", "new_value", "Пермь", "required_factor", "2").wants(http.StatusSeeOther)
	u := w.user("anna")
	if u.Attribute("name") != "Анна Сидорова" || u.Attribute("city") != "Пермь" || u.Attribute("phone_number") != "79990000002" || u.RequiredFactor != 2 {
		t.Errorf("user %+v", u)
	}
	if _, there := u.Attributes["email"]; there || u.PhoneVerified() || u.Attribute("roles") != "buyer" {
		t.Errorf("attributes %v", u.Attributes)
	}
	if c, err := w.engine.Current(t.Context(), "l"); err != nil || c.State != otp.Failed {
		t.Errorf("the call to the old number is %v, %v", c.State, err)
	}
	e := w.last()
	if e.Type != audit.TypeUserChanged || strings.Contains(fmt.Sprint(e.Params), "000-00-02") || !strings.Contains(fmt.Sprint(e.Params["before"]), "Петрова") {
		t.Errorf("record %+v", e)
	}
	// Somebody else's change in between is not overwritten.
	w.post("/users/anna", "base", version, "login", "anna", "attributes.name", "X", "required_factor", "0").wants(http.StatusConflict)
	if w.user("anna").Attribute("name") != "Анна Сидорова" {
		t.Error("a change was overwritten")
	}
	before := len(w.trail.Events())
	version = w.get("/users/anna").page().Find(`[name=base]`).AttrOr("value", "")
	w.post("/users/anna", "base", version, "login", "anna", "attributes.name", "Анна Сидорова", "required_factor", "2").wants(http.StatusSeeOther)
	if len(w.trail.Events()) != before {
		t.Error("a change that changes nothing is on record")
	}
	if page := w.post("/users/anna", "login", "anna", "attributes.phone_number", "rubbish", "required_factor", "0").wants(http.StatusUnprocessableEntity).page(); page.Find(`#field-attributes\.phone_number[value=rubbish]`).Length() != 1 {
		t.Error("what was typed is gone")
	}
}

func TestRoleAttributes(t *testing.T) {
	w := newWorld(t)
	for name, c := range map[string]struct {
		actor *admin.Actor
		want  int
	}{
		"support": {person("sue", admin.RoleSupport), http.StatusForbidden}, "root": {person("root", admin.RoleRoot), http.StatusOK},
		"a client": {&admin.Actor{ClientID: "ci", Scopes: []string{admin.UsersEdit.Scope()}}, http.StatusForbidden},
	} {
		w.actor = c.actor
		if got := w.ask(http.MethodPost, "/users/anna", `{"attributes":{"roles":"boss"}}`); got.status != c.want {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
		if got := w.ask(http.MethodGet, "/users/anna", ""); strings.Contains(got.body, `"roles"`) != (c.want == http.StatusOK) {
			t.Errorf("%s sees %s", name, got.body)
		}
	}
}

func TestEmailVerifiedIsOfTheAddress(t *testing.T) {
	w := newWorld(t)
	w.ask(http.MethodPost, "/users/anna", `{"attributes":{"email_verified":"true"}}`).wants(http.StatusOK)
	w.ask(http.MethodPost, "/users/anna", `{"attributes":{"email_verified":"yes"}}`).wants(http.StatusUnprocessableEntity)
	w.ask(http.MethodPost, "/users/anna", `{"attributes":{"email":"other@shop.example"}}`).wants(http.StatusOK)
	if got := w.user("anna").Attribute("email_verified"); got != "" {
		t.Errorf("the new address is verified: %q", got)
	}
}

// What can't be kept on record isn't done.
func TestWithoutTheTrailNothingIsDone(t *testing.T) {
	w := newWorld(t)
	w.trail.Break(errors.New("disk full"))
	for _, request := range [][3]string{
		{http.MethodPost, "/users", `{"login":"boris"}`}, {http.MethodPost, "/users/anna", `{"login":"other"}`}, {http.MethodPost, "/users/anna/block", ""},
		{http.MethodPost, "/users/anna/pswd", `{"password":"another-password"}`}, {http.MethodDelete, "/users/anna", ""},
		{http.MethodDelete, "/users/anna/methods/password", ""}, {http.MethodPost, "/users/import", "login\nboris\n"},
	} {
		if got := w.ask(request[0], request[1], request[2]); got.status != http.StatusInternalServerError {
			t.Errorf("%s %s answers %d", request[0], request[1], got.status)
		}
	}
	u := w.user("anna")
	if u.Blocked || u.Login != "anna" || u.PasswordHash == "" || !u.UpdatedAt.Equal(noon) {
		t.Errorf("user %+v", u)
	}
	if _, err := w.store.UserByLogin(t.Context(), "boris"); !errors.Is(err, idp.ErrNotFound) {
		t.Error("a user was made")
	}
}
