package register_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/register"
)

// What an administrator took from a client it doesn't give back to itself.
func TestAClientStaysAsNarrowAsItWasMade(t *testing.T) {
	const all = `"openid profile email offline_access"`
	for name, c := range map[string]struct {
		edit    func(*idp.Client)
		asked   []string
		refused bool
	}{
		"scopes":                       {func(c *idp.Client) { c.Scopes = []string{"openid", "email"} }, []string{"scope", all}, false},
		"scopes, where none are asked": {func(c *idp.Client) { c.Scopes = slices.Delete(c.Scopes, 1, 3) }, nil, false},
		"grants":                       {func(c *idp.Client) { c.Grants = slices.Delete(c.Grants, 1, 2) }, []string{"grant_types", `["authorization_code","refresh_token"]`}, true},
		"response types":               {func(c *idp.Client) { c.ResponseTypes = []string{"code"} }, []string{"response_types", `["code","code id_token"]`, "grant_types", `["authorization_code","implicit"]`}, true},
		"PKCE":                         {func(c *idp.Client) { c.WaivePKCE = false }, nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, func(o *register.Options) {
				o.Policy.WaivePKCE = true
				o.Policy.ResponseTypes = append(o.Policy.ResponseTypes, "code id_token")
				o.Policy.Grants = append(o.Policy.Grants, idp.GrantImplicit)
			})
			a := w.registered("grant_types", `["authorization_code","refresh_token","implicit"]`, "response_types", `["code","code id_token"]`)
			id, token := a.text("client_id"), a.text("registration_access_token")
			put := func(pairs ...string) answer {
				a := w.send("PUT", "/"+id, token, document(append([]string{"client_id", `"` + id + `"`}, pairs...)...))
				if a.status == http.StatusOK {
					token = a.text("registration_access_token")
				}
				return a
			}
			// Until then it may drop something and take it again.
			narrow, wide := put("scope", `"openid"`), put("scope", all, "grant_types", `["authorization_code","refresh_token","implicit"]`, "response_types", `["code","code id_token"]`)
			if narrow.text("scope") != "openid" || wide.text("scope") != "openid profile email offline_access" {
				t.Fatalf("its own changes: %v, %v", narrow.body, wide.body)
			}
			want := must[*idp.Client](t)(w.store.UpdateClient(t.Context(), id, func(client *idp.Client) error { c.edit(client); return nil }))
			changed := put(c.asked...)
			if c.refused {
				w.wantError("what was taken", changed, http.StatusBadRequest, "invalid_client_metadata")
			} else if changed.status != http.StatusOK {
				t.Errorf("%d %v", changed.status, changed.body)
			}
			got := w.stored(id)
			for _, scope := range got.Scopes {
				if !slices.Contains(want.Scopes, scope) {
					t.Errorf("it has the scope %s again", scope)
				}
			}
			if got.WaivePKCE && !want.WaivePKCE {
				t.Error("PKCE is waived again")
			}
		})
	}
}

// An edit of something else, as of its name, holds it to nothing.
func TestAnEditOfTheNameHoldsNothing(t *testing.T) {
	w := newWorld(t)
	a := w.registered("scope", `"openid"`)
	id := a.text("client_id")
	must[*idp.Client](t)(w.store.UpdateClient(t.Context(), id, func(c *idp.Client) error { c.Name = "Edited"; return nil }))
	if put := w.send("PUT", "/"+id, a.text("registration_access_token"), document("client_id", `"`+id+`"`, "scope", `"openid email"`)); put.text("scope") != "openid email" {
		t.Errorf("%d %v", put.status, put.body)
	}
}
