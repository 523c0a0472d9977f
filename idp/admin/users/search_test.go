package users_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/ringtail-id/ringtail/idp/admin"
)

// Who doesn't get to see a number can't find it out by searches either: neither digit
// by digit, nor from where a page ends.
func TestNobodyReadsNumbersBySearching(t *testing.T) {
	w := newWorld(t)
	only := &admin.Actor{ClientID: "reports", Scopes: []string{admin.UsersView.Scope()}}
	both := &admin.Actor{ClientID: "desk", Scopes: []string{admin.UsersView.Scope(), admin.UsersEdit.Scope()}}
	for _, c := range []struct {
		actor *admin.Actor
		typed string
		found int
	}{
		{both, "7916", 1}, {only, "7916", 0}, {only, "7916123456", 0}, {only, "%2B7%20916", 0}, {only, "anna%207916", 0}, {only, "79", 0},
		{only, "79161234567", 1}, {only, "8%20(916)%20123-45-67", 1}, {only, "anna", 1},
	} {
		w.actor = c.actor
		users, _ := w.ask(http.MethodGet, "/users?limit=1&q="+c.typed, "").wants(http.StatusOK).json()["users"].([]any)
		if len(users) != c.found {
			t.Errorf("%s searches %q: %s", c.actor.ClientID, c.typed, fmt.Sprint(users...))
		}
	}
}
