package openapi_test

import (
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/admin/openapi"
)

// part is a section's description.
type part string

func (p part) OpenAPI() []byte { return []byte(p) }

// The API may be at another address than the provider that gives tokens for it.
const (
	address = "https://console.example.org/blitz/admin/api/v3"
	issuer  = "https://login.example.org/blitz"
)

const things = `{
	"tags": [{"name": "things"}],
	"paths": {"/things": {"get": {
		"operationId": "listThings", "security": [{"client": ["blitz_admin_users"]}],
		"responses": {"200": {"description": "All.", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}}, "403": {"$ref": "#/components/responses/Forbidden"}}
	}}},
	"components": {"schemas": {"Thing": {"type": "object"}}}
}`

func TestJoinIsOneDocument(t *testing.T) {
	text, err := openapi.Join(address, issuer, part(things), part(`{"paths": {"/things": {"post": {"operationId": "addThing", "responses": {"201": {"description": "Added."}}}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := openapi3.NewLoader().LoadFromData(text)
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(t.Context()); err != nil {
		t.Error(err)
	}
	things := doc.Paths.Find("/things")
	if things == nil || things.Get == nil || things.Post == nil || doc.Servers[0].URL != address {
		t.Errorf("the document lacks a part: %s", text)
	}
	flow := doc.Components.SecuritySchemes["client"].Value.Flows.ClientCredentials
	if flow.TokenURL != "https://login.example.org/blitz/oauth/te" || len(flow.Scopes) != len(admin.Rights()) {
		t.Errorf("tokens come from %s, with the scopes %v", flow.TokenURL, flow.Scopes)
	}
}

func TestPartsMustAgree(t *testing.T) {
	for name, tt := range map[string]struct{ other, want string }{
		"the same":        {things, ""},
		"another schema":  {`{"components": {"schemas": {"Thing": {"type": "string"}}}}`, "schemas has another Thing"},
		"another get":     {`{"paths": {"/things": {"get": {}}}}`, "/things has another get"},
		"one of the base": {`{"components": {"responses": {"Fault": {}}}}`, "responses has another Fault"},
		"no JSON":         {`{`, "reading the description"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := openapi.Join(address, issuer, part(things), part(tt.other))
			if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}
