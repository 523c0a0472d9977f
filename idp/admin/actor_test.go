package admin_test

import (
	"net/netip"
	"testing"

	"github.com/ringtail-id/ringtail/idp/admin"
)

func TestActorMay(t *testing.T) {
	for name, c := range map[string]struct {
		actor admin.Actor
		want  bool
	}{
		"by a role":                         {admin.Actor{UserID: "u", Roles: []admin.Role{admin.RoleUIAdmin, admin.RoleSupport}}, true},
		"without a role":                    {admin.Actor{UserID: "u"}, false},
		"a person by a scope":               {admin.Actor{UserID: "u", Scopes: []string{"blitz_admin_users_chg"}}, false},
		"a client by a scope":               {admin.Actor{ClientID: "c", Scopes: []string{"blitz_admin_users_chg"}}, true},
		"a client by the scope for reading": {admin.Actor{ClientID: "c", Scopes: []string{"blitz_admin_users"}}, false},
		"a client by a role":                {admin.Actor{ClientID: "c", Roles: []admin.Role{admin.RoleRoot}}, false},
		"nobody":                            {admin.Actor{}, false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := c.actor.May(admin.UsersEdit); got != c.want {
				t.Errorf("got %v", got)
			}
		})
	}
}

func TestEventSaysWhoActs(t *testing.T) {
	a := admin.Actor{UserID: "u1", Login: "root", ClientID: "_blitz_console", SessionID: "s1", UserAgent: "Lynx", IP: netip.MustParseAddr("192.0.2.7")}
	e := a.Event("user_changed", "u2", map[string]any{"n": 1})
	if e.Subject != "u1" || e.Object != "u2" || e.ClientID != "_blitz_console" || e.SessionID != "s1" || e.UserAgent != "Lynx" || e.IP != a.IP || e.Params["n"] != 1 {
		t.Errorf("%+v", e)
	}
	if got := (&admin.Actor{ClientID: "ci"}).Name(); got != "client ci" {
		t.Errorf("a client is called %q", got)
	}
}
