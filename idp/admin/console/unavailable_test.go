package console_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/idp/admin"
)

// Without its database the console, its pages and the admin API say when to come again.
func TestTheConsoleWithoutADatabase(t *testing.T) {
	w := newWorld(t)
	token := http.Header{"Authorization": {"Bearer " + w.apiClient("editor", admin.UsersView.Scope())}}
	a := w.signedIn("root", 2)
	a.get("/blitz/console/users").wants(t, http.StatusOK, "")
	w.must(w.store.Close())
	for name, v := range map[string]*view{
		"a page":  a.get("/blitz/console/users"),
		"a form":  a.post("/blitz/console/users", nil),
		"the API": w.agent().once(http.MethodGet, "/blitz/admin/api/v3/users", "", token),
	} {
		v.wants(t, http.StatusServiceUnavailable, "unavailable")
		if v.Header().Get("Retry-After") == "" || !strings.Contains(v.Body.String(), "Try again shortly") || strings.Contains(v.Body.String(), "closed") {
			t.Errorf("%s: %v %s", name, v.Header(), v.Body)
		}
	}
}
