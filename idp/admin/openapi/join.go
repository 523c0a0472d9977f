package openapi

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/ringtail-id/ringtail/idp/admin"
)

// Part is a section that describes its endpoints. Its document has paths below the
// API, and components and tags of its own.
type Part interface {
	OpenAPI() []byte
}

// Path is where the description is served, below the API.
const Path = "/openapi.json"

//go:embed base.json
var base []byte

// document is what of a description is joined.
type document struct {
	OpenAPI    string                    `json:"openapi,omitempty"`
	Info       map[string]any            `json:"info,omitempty"`
	Servers    []map[string]any          `json:"servers,omitempty"`
	Tags       []map[string]any          `json:"tags,omitempty"`
	Paths      map[string]map[string]any `json:"paths"`
	Components map[string]map[string]any `json:"components"`
}

// Join is the description of the API at the address, of the provider at the issuer,
// which gives the tokens for it; made of the parts. It fails
// where a part is no JSON, or where two of them describe one thing differently.
func Join(address, issuer string, parts ...Part) ([]byte, error) {
	var all document
	if err := json.Unmarshal(base, &all); err != nil {
		return nil, fmt.Errorf("reading the base of the description: %w", err)
	}
	all.Servers = []map[string]any{{"url": address}}
	all.secure(issuer)
	for _, p := range parts {
		var part document
		if err := json.Unmarshal(p.OpenAPI(), &part); err != nil {
			return nil, fmt.Errorf("reading the description of %T: %w", p, err)
		}
		if err := all.add(part); err != nil {
			return nil, fmt.Errorf("the description of %T: %w", p, err)
		}
	}
	text, err := json.Marshal(all)
	if err != nil {
		return nil, fmt.Errorf("writing the description: %w", err)
	}
	return text, nil
}

// Parts are those of the sections that describe endpoints.
func Parts(sections []admin.Section) []Part {
	var parts []Part
	for _, s := range sections {
		if p, ok := s.(Part); ok {
			parts = append(parts, p)
		}
	}
	return parts
}

// secure says where a client gets its token, and which scopes there are.
func (d *document) secure(issuer string) {
	scopes := map[string]any{}
	for _, r := range admin.Rights() {
		scopes[r.Scope()] = "what the right " + string(r) + " allows"
	}
	d.Components["securitySchemes"] = map[string]any{"client": map[string]any{
		"type": "oauth2", "description": "An access token of the client's own. Each scope must be registered for the client by name.",
		"flows": map[string]any{"clientCredentials": map[string]any{"tokenUrl": issuer + "/oauth/te", "scopes": scopes}},
	}}
}

// add takes in a part.
func (d *document) add(part document) error {
	d.Tags = append(d.Tags, part.Tags...)
	for path, item := range part.Paths {
		if d.Paths[path] == nil {
			d.Paths[path] = map[string]any{}
		}
		if err := merge(d.Paths[path], item, path); err != nil {
			return err
		}
	}
	for kind, components := range part.Components {
		if d.Components[kind] == nil {
			d.Components[kind] = map[string]any{}
		}
		if err := merge(d.Components[kind], components, kind); err != nil {
			return err
		}
	}
	return nil
}

// merge adds what isn't there. The same twice is fine.
func merge(into, from map[string]any, where string) error {
	for name, v := range from {
		if old, there := into[name]; there && !reflect.DeepEqual(old, v) {
			return fmt.Errorf("%s has another %s already", where, name)
		}
		into[name] = v
	}
	return nil
}
