package administrators

import (
	"net/http"

	"github.com/ringtail-id/ringtail/idp/admin"
)

// path of the section, in the console and in the API.
const path = "/administrators"

// Section is the section of the console and of the API.
type Section struct {
	service *Service
	view    admin.View
}

var _ admin.Section = (*Section)(nil)

// NewSection returns the section over the service.
func NewSection(service *Service, view admin.View) *Section {
	return &Section{service: service, view: view}
}

// Menu implements admin.Section.
func (s *Section) Menu() []admin.Item {
	return []admin.Item{{Title: "Administrators", Path: path, Group: "Security", Right: admin.AdministratorsView}}
}

// Pages implements admin.Section.
func (s *Section) Pages() []admin.Route {
	return []admin.Route{
		{Method: http.MethodGet, Path: path, Right: admin.AdministratorsView, Serve: s.showList},
		{Method: http.MethodPost, Path: path, Right: admin.AdministratorsEdit, Fresh: true, Serve: s.add},
		{Method: http.MethodGet, Path: path + "/{id}", Right: admin.AdministratorsView, Serve: s.showOne},
		{Method: http.MethodPost, Path: path + "/{id}", Right: admin.AdministratorsEdit, Fresh: true, Serve: s.change},
	}
}

// Endpoints implements admin.Section.
func (s *Section) Endpoints() []admin.Route {
	return []admin.Route{
		{Method: http.MethodGet, Path: path, Right: admin.AdministratorsView, Serve: s.list},
		{Method: http.MethodGet, Path: path + "/{id}", Right: admin.AdministratorsView, Serve: s.get},
		{Method: http.MethodPut, Path: path + "/{id}", Right: admin.AdministratorsEdit, Serve: s.put},
	}
}
