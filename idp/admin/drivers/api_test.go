package drivers_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/admin/drivers"
)

// ask sends a body to the API and reads the answer, whose status must be the one that is wanted.
func (s *site) ask(want int, method, path, body, ifMatch string) (answer map[string]any, etag string) {
	s.t.Helper()
	r := httptest.NewRequest(method, apiAt+path, strings.NewReader(body))
	if ifMatch != "" {
		r.Header.Set("If-Match", ifMatch)
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	if w.Code != want {
		s.t.Fatalf("%s %s answers %d, want %d: %s", method, path, w.Code, want, w.Body)
	}
	_ = json.Unmarshal(w.Body.Bytes(), &answer) // some answers have no body
	return answer, w.Header().Get("ETag")
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// A client keeps a driver in version control: it makes a draft, publishes it, and rolls it back.
func TestAPI(t *testing.T) {
	w := newWorld(t)
	all := []string{}
	for _, right := range admin.Rights() {
		all = append(all, right.Scope())
	}
	s := w.site(&admin.Actor{ClientID: "ci", Scopes: all})
	s.ask(http.StatusNotFound, "GET", "/drivers/own/draft", "", "")
	s.ask(http.StatusBadRequest, "PUT", "/drivers/own/draft", `{"language":"js","sorce":""}`, "")
	s.ask(http.StatusPreconditionFailed, "PUT", "/drivers/own/draft", asJSON(t, script(calling)), `"7"`)
	made, first := s.ask(http.StatusCreated, "PUT", "/drivers/own/draft", asJSON(t, script(calling)), "")
	if made["digest"] != script(calling).Digest() {
		t.Errorf("%v", made)
	}
	s.ask(http.StatusPreconditionFailed, "PUT", "/drivers/own/draft", asJSON(t, script(calling)), "")
	_, second := s.ask(http.StatusOK, "PUT", "/drivers/own/draft", asJSON(t, script(calling+"//")), first)
	s.ask(http.StatusPreconditionFailed, "PUT", "/drivers/own/draft", asJSON(t, script(calling)), first)
	s.ask(http.StatusPreconditionFailed, "DELETE", "/drivers/own/draft", "", first)

	lint, _ := s.ask(http.StatusOK, "POST", "/drivers/own/lint", asJSON(t, script("retrun 1")), "")
	if list := lint["problems"].([]any); len(list) != 1 {
		t.Errorf("%v", lint)
	}
	tried, _ := s.ask(http.StatusOK, "POST", "/drivers/own/trials", `{"of":"draft","kind":"answers","answers":[{"status":200,"body":{"caller":"74950009876"}}]}`, "")
	if tried["verdict"].(map[string]any)["text"] != "The code would be 9876." {
		t.Errorf("%v", tried)
	}
	s.ask(http.StatusNoContent, "PUT", "/drivers/own/secrets/KEY", `{"value":"key-of-the-account"}`, "")
	called, _ := s.ask(http.StatusOK, "POST", "/drivers/own/calls", `{"of":"draft","phone":"+79991234567"}`, "")
	listed, _ := s.ask(http.StatusOK, "GET", "/drivers/own/secrets", "", "")
	if text := asJSON(t, []any{called, listed}); strings.Contains(text, "key-of-the-account") {
		t.Errorf("the secret comes back: %s", text)
	}

	order := fmt.Sprintf(`{"edition":%s,"digest":%q,"published":0,"comment":"by the pipeline"}`, strings.Trim(second, `"`), script(calling+"//").Digest())
	s.ask(http.StatusPreconditionFailed, "POST", "/drivers/own/publish", strings.Replace(order, `"published":0`, `"published":1`, 1), "")
	if done, _ := s.ask(http.StatusOK, "POST", "/drivers/own/publish", order, ""); done["version"] != 1.0 || done["waiting"] != false {
		t.Errorf("%v", done)
	}
	version, _ := s.ask(http.StatusOK, "GET", "/drivers/own/versions/1", "", "")
	if version["comment"] != "by the pipeline" || version["author"] != "client ci" {
		t.Errorf("%v", version)
	}
	one, _ := s.ask(http.StatusOK, "GET", "/drivers/own", "", "")
	if one["published"] != 1.0 || len(one["versions"].([]any)) != 1 || len(one["trials"].([]any)) != 2 {
		t.Errorf("%v", one)
	}
	s.ask(http.StatusOK, "GET", "/drivers/own/diff?from=1&to=1", "", "")
	s.ask(http.StatusBadRequest, "POST", "/drivers/own/rollback", `{"published":1}`, "")
	s.ask(http.StatusOK, "POST", "/drivers/own/rollback", `{"to":0,"published":1}`, "")
	s.ask(http.StatusNoContent, "DELETE", "/drivers/own/secrets/KEY", "", "")
	if list, _ := s.ask(http.StatusOK, "GET", "/drivers", "", ""); w.served("own") != 0 || len(list["drivers"].([]any)) < 20 {
		t.Errorf("version %d serves; %v", w.served("own"), list)
	}

	w.facts.SecondAdministrator = true
	w.saved("own", script(calling))
	d, err := w.service.Draft(t.Context(), "own")
	w.must(err)
	s.ask(http.StatusForbidden, "POST", "/drivers/own/publish", asJSON(t, drivers.PublishOrder{Edition: d.Edition, Digest: d.Digest(), Comment: "c"}), "")
	for _, route := range drivers.NewSection(w.service, nil, false).Endpoints() {
		if strings.Contains(route.Path, "request") || strings.Contains(route.Path, "confirm") {
			t.Errorf("the API confirms: %s", route.Path)
		}
	}
}
