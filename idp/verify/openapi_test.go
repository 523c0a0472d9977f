package verify_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/ringtail-id/ringtail/idp/api/apitest"
	"github.com/ringtail-id/ringtail/idp/verify"
)

func document(t testing.TB, w *world) *openapi3.T {
	t.Helper()
	return apitest.Document(t, w.server.Config.Handler, "/blitz"+verify.PathOpenAPI)
}

func TestTheDescriptionIsServedToAnybody(t *testing.T) {
	w := newWorld(t)
	g := w.ask(http.MethodGet, verify.PathOpenAPI, "", "Authorization", "")
	if g.status != http.StatusOK || g.header.Get("Access-Control-Allow-Origin") != "*" || g.text("openapi") != "3.1.0" {
		t.Errorf("answer %d %v %s", g.status, g.header, g.text("openapi"))
	}
	if strings.Contains(g.raw, "login.example.org") || !strings.Contains(g.raw, issuer+"/oauth/te") {
		t.Error("the description is another provider's")
	}
}

// Every endpoint is in the description, and all of the description is served.
func TestTheDescriptionNamesWhatIsServed(t *testing.T) {
	w := newWorld(t)
	doc := document(t, w)
	if err := doc.Validate(context.Background()); err != nil {
		t.Fatal(err)
	}
	var named []string
	for path, item := range doc.Paths.Map() {
		for method := range item.Operations() {
			named = append(named, method+" "+path)
		}
	}
	if served := verify.Served(w.server.Config.Handler.(*verify.Handler)); !slices.Equal(slices.Sorted(slices.Values(named)), slices.Sorted(slices.Values(served))) {
		t.Errorf("described: %v\nserved: %v", named, served)
	}
	for path := range doc.Paths.Map() {
		for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE"} {
			g := w.ask(method, strings.ReplaceAll(path, "{id}", "none"), "")
			if taken := g.status != http.StatusMethodNotAllowed; taken != slices.Contains(named, method+" "+path) {
				t.Errorf("%s %s: %d", method, path, g.status)
			}
			if g.status == http.StatusMethodNotAllowed && !strings.Contains(strings.Join(named, "\n"), g.header.Get("Allow")+" "+path) {
				t.Errorf("%s %s: Allow is %q", method, path, g.header.Get("Allow"))
			}
		}
	}
}

// A validator that lets everything pass would hold nothing.
func TestTheDescriptionRefuses(t *testing.T) {
	w := newWorld(t)
	schema := document(t, w).Components.Schemas["Verification"].Value
	good := map[string]any{"id": "v", "status": "pending", "phone": masked, "code_length": 4.0, "tries_left": 3.0,
		"created_at": "2026-03-04T12:00:00Z", "ends_at": "2026-03-04T13:00:00Z"}
	for name, c := range map[string]struct {
		change map[string]any
		good   bool
	}{
		"as it is":                     {nil, true},
		"another status":               {map[string]any{"status": "ringing"}, false},
		"a field more":                 {map[string]any{"code": "0042"}, false},
		"no time":                      {map[string]any{"ends_at": "soon"}, false},
		"verified without its time":    {map[string]any{"status": "verified"}, false},
		"verified":                     {map[string]any{"status": "verified", "verified_at": "2026-03-04T12:00:30Z"}, true},
		"pending, with a time of that": {map[string]any{"verified_at": "2026-03-04T12:00:30Z"}, false},
		"failed without a problem":     {map[string]any{"status": "failed"}, false},
		"a channel that isn't":         {map[string]any{"channel": "pigeon"}, false},
	} {
		value := map[string]any{}
		for _, part := range []map[string]any{good, c.change} {
			for k, v := range part {
				value[k] = v
			}
		}
		err := schema.VisitJSON(value, openapi3.EnableJSONSchema2020(), openapi3.EnableFormatValidation())
		if (err == nil) != c.good {
			t.Errorf("%s: %v", name, err)
		}
	}
	var none *openapi3.SchemaError
	if errors.As(schema.VisitJSON(map[string]any{}), &none); none == nil {
		t.Error("an empty object passes")
	}
}
