package console_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// The description has all endpoints, and nothing that isn't served.
func TestEveryEndpointIsDescribed(t *testing.T) {
	w := newWorld(t)
	rec := httptest.NewRecorder()
	w.server.Handler().ServeHTTP(rec, httptest.NewRequest(http.MethodGet, origin+apiBase+"/openapi.json", nil))
	doc, err := openapi3.NewLoader().LoadFromData(rec.Body.Bytes())
	w.must(err)
	w.must(doc.Validate(t.Context()))
	served := map[string]bool{"GET /openapi.json": true}
	for _, section := range w.server.Sections() {
		for _, route := range section.Endpoints() {
			served[route.Method+" "+route.Path] = true
			operation := doc.Paths.Find(route.Path)
			if operation == nil || operation.GetOperation(route.Method) == nil {
				t.Errorf("%s %s isn't described", route.Method, route.Path)
				continue
			}
			scopes := *operation.GetOperation(route.Method).Security
			if len(scopes) != 1 || len(scopes[0]["client"]) != 1 || scopes[0]["client"][0] != route.Right.Scope() {
				t.Errorf("%s %s needs the scope %s, and is described with %v", route.Method, route.Path, route.Right.Scope(), scopes)
			}
		}
	}
	for path, item := range doc.Paths.Map() {
		for method := range item.Operations() {
			if !served[method+" "+path] {
				t.Errorf("%s %s is described, and not served", method, path)
			}
		}
	}
}
