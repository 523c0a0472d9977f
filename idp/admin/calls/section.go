package calls

import (
	"context"
	_ "embed"
	"net/http"
	"slices"

	"github.com/ringtail-id/ringtail/idp/admin"
)

// Paths of the section, in the console and in the API.
const (
	path      = "/calls"
	pathLog   = path + "/log"
	pathStops = path + "/stops"
)

// openapi describes the endpoints; see idp/admin/openapi.
//
//go:embed openapi.json
var openapi []byte

// Section is the section of the console and of the API.
type Section struct {
	service *Service
	view    admin.View
}

var (
	_ admin.Section  = (*Section)(nil)
	_ admin.Noticing = (*Section)(nil)
)

// NewSection returns the section over the service.
func NewSection(service *Service, view admin.View) *Section {
	return &Section{service: service, view: view}
}

// Menu implements admin.Section.
func (s *Section) Menu() []admin.Item {
	return []admin.Item{{Title: "Calls", Path: path, Group: "Sign-in", Right: admin.CallsView}}
}

// Pages implements admin.Section.
func (s *Section) Pages() []admin.Route {
	return []admin.Route{
		{Method: http.MethodGet, Path: path, Right: admin.CallsView, Serve: s.showOverview},
		{Method: http.MethodGet, Path: pathLog, Right: admin.CallsView, Serve: s.showLog},
		{Method: http.MethodGet, Path: pathLog + "/{id}", Right: admin.CallsView, Serve: s.showOne},
		{Method: http.MethodGet, Path: pathStops, Right: admin.CallsView, Serve: s.showStops},
		{Method: http.MethodGet, Path: pathStops + "/confirm", Right: admin.CallsStop, Serve: s.showConfirm},
		{Method: http.MethodPost, Path: pathStops, Right: admin.CallsStop, Serve: s.postSwitch},
	}
}

// Endpoints implements admin.Section.
func (s *Section) Endpoints() []admin.Route {
	return []admin.Route{
		{Method: http.MethodGet, Path: path, Right: admin.CallsView, Serve: s.list},
		{Method: http.MethodGet, Path: path + "/statistics", Right: admin.CallsView, Serve: s.statistics},
		{Method: http.MethodGet, Path: path + "/{id}", Right: admin.CallsView, Serve: s.get},
		{Method: http.MethodGet, Path: pathStops, Right: admin.CallsView, Serve: s.stops},
		{Method: http.MethodPost, Path: path + "/stop", Right: admin.CallsStop, Serve: s.apiSwitch(true)},
		{Method: http.MethodPost, Path: path + "/allow", Right: admin.CallsStop, Serve: s.apiSwitch(false)},
	}
}

// OpenAPI is the section's part of the description of the API.
func (s *Section) OpenAPI() []byte { return slices.Clone(openapi) }

// Notices implements admin.Noticing: what is switched off stands on every page.
func (s *Section) Notices(ctx context.Context, a *admin.Actor) []admin.Notice {
	text, err := s.service.notice(ctx)
	if err != nil {
		s.service.o.Log.ErrorContext(ctx, "what is switched off can't be told", "error", err)
		return nil
	}
	if text == "" {
		return nil
	}
	n := admin.Notice{Text: text}
	if a.May(admin.CallsView) {
		n.Path = pathStops
	}
	return []admin.Notice{n}
}
