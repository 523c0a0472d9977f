package audit

import (
	_ "embed"
	"errors"
	"net/http"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	trail "github.com/ringtail-id/ringtail/idp/audit"
)

// path of the section, in the console and in the API.
const path = "/audit"

//go:embed openapi.json
var openapi []byte

// Options for NewSection. All are required.
type Options struct {
	Records trail.Reading
	Chain   trail.Chain
	// Users give names to IDs.
	Users idp.Users
	// Trail is told of exports.
	Trail trail.Trail
	View  admin.View
	Now   func() time.Time
}

// Section is the section of the console and of the API.
type Section struct{ o Options }

var _ admin.Section = (*Section)(nil)

// NewSection refuses incomplete Options.
func NewSection(o Options) (*Section, error) {
	if o.Records == nil || o.Users == nil || o.Trail == nil || o.View == nil || o.Now == nil {
		return nil, errors.New("audit section: Records, Users, Trail, View and Now are needed")
	}
	return &Section{o: o}, nil
}

// Menu implements admin.Section.
func (s *Section) Menu() []admin.Item {
	return []admin.Item{{Title: "Audit", Path: path, Group: "Security", Right: admin.AuditView}}
}

// Pages implements admin.Section.
func (s *Section) Pages() []admin.Route {
	return []admin.Route{
		{Method: http.MethodGet, Path: path, Right: admin.AuditView, Serve: s.showList},
		{Method: http.MethodGet, Path: path + "/export", Right: admin.AuditView, Serve: s.export},
		{Method: http.MethodGet, Path: path + "/{seq}", Right: admin.AuditView, Serve: s.showOne},
		{Method: http.MethodPost, Path: path + "/verify", Right: admin.AuditView, Reads: true, Serve: s.showVerified},
	}
}

// Endpoints implements admin.Section.
func (s *Section) Endpoints() []admin.Route {
	return []admin.Route{
		{Method: http.MethodGet, Path: path, Right: admin.AuditView, Serve: s.list},
		{Method: http.MethodGet, Path: path + "/export", Right: admin.AuditView, Serve: s.export},
		{Method: http.MethodGet, Path: path + "/{seq}", Right: admin.AuditView, Serve: s.get},
		{Method: http.MethodPost, Path: path + "/verify", Right: admin.AuditView, Reads: true, Serve: s.verify},
	}
}

// OpenAPI is the section's part of the API's description.
func (s *Section) OpenAPI() []byte { return openapi }
