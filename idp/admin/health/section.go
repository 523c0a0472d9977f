package health

import (
	_ "embed"
	"errors"
	"net/http"

	"github.com/ringtail-id/ringtail/idp/admin"
)

// path of the section, in the console and in the API.
const path = "/health"

//go:embed openapi.json
var description []byte

// Section is the section of the console and of the API.
type Section struct {
	o    Options
	view admin.View
}

var _ admin.Section = (*Section)(nil)

// NewSection makes the section.
func NewSection(o Options, view admin.View) (*Section, error) {
	if o.Nodes == nil || o.Keys == nil || o.Database == nil || o.Latest == nil || o.Now == nil {
		return nil, errors.New("health: Nodes, Keys, Database, Latest and Now are needed")
	}
	return &Section{o: o, view: view}, nil
}

// Menu implements admin.Section.
func (s *Section) Menu() []admin.Item {
	return []admin.Item{{Title: "Health", Path: path, Group: "Operations", Right: admin.HealthView}}
}

// Pages implements admin.Section.
func (s *Section) Pages() []admin.Route {
	return []admin.Route{{Method: http.MethodGet, Path: path, Right: admin.HealthView, Serve: s.show}}
}

// Endpoints implements admin.Section.
func (s *Section) Endpoints() []admin.Route {
	return []admin.Route{{Method: http.MethodGet, Path: path, Right: admin.HealthView, Serve: s.get}}
}

// OpenAPI is the section's part of the API's description.
func (s *Section) OpenAPI() []byte { return description }
