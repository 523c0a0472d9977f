package apps

import (
	"net/http"

	"github.com/ringtail-id/ringtail/idp/admin"
)

// path of the section, in the console and in the API. onePath is an application's
// page: an ID may be any word, "new" too.
const (
	path    = "/apps"
	onePath = path + "/app/{id}"
)

// maxForm is above what a registration takes: its key set is the largest part.
const maxForm = 128 << 10

// Section is the section of the console and of the API.
type Section struct {
	service *Service
	view    admin.View
	issuer  string
	trial   Trial
}

var _ admin.Section = (*Section)(nil)

// NewSection returns the section over the service, of the provider at the issuer. A
// nil trial leaves out trying a login.
func NewSection(service *Service, view admin.View, issuer string, trial Trial) *Section {
	return &Section{service: service, view: view, issuer: issuer, trial: trial}
}

// Menu implements admin.Section.
func (s *Section) Menu() []admin.Item {
	return []admin.Item{{Title: "Applications", Path: path, Group: "Applications", Right: admin.AppsView}}
}

// Pages implements admin.Section.
func (s *Section) Pages() []admin.Route {
	routes := []admin.Route{
		{Method: http.MethodGet, Path: path, Right: admin.AppsView, Serve: s.showList},
		{Method: http.MethodGet, Path: path + "/new", Right: admin.AppsEdit, Serve: s.showNew},
		{Method: http.MethodPost, Path: path + "/new", Right: admin.AppsEdit, Body: maxForm, Serve: s.create},
		{Method: http.MethodGet, Path: onePath, Right: admin.AppsView, Serve: s.showOne},
		{Method: http.MethodGet, Path: onePath + "/edit", Right: admin.AppsEdit, Serve: s.showEdit},
		{Method: http.MethodPost, Path: onePath + "/edit", Right: admin.AppsEdit, Body: maxForm, Serve: s.edit},
		{Method: http.MethodGet, Path: onePath + "/connect", Right: admin.AppsView, Serve: s.showConnect},
		{Method: http.MethodPost, Path: onePath + "/secret", Right: admin.AppsEdit, Fresh: true, Serve: s.rotate},
		{Method: http.MethodPost, Path: onePath + "/delete", Right: admin.AppsEdit, Fresh: true, Serve: s.delete},
	}
	if s.trial != nil {
		routes = append(routes, s.trialRoutes()...)
	}
	return routes
}

// Endpoints implements admin.Section.
func (s *Section) Endpoints() []admin.Route {
	one := path + "/{id}"
	return []admin.Route{
		{Method: http.MethodGet, Path: path, Right: admin.AppsView, Serve: s.list},
		{Method: http.MethodPost, Path: path, Right: admin.AppsEdit, Body: maxForm, Serve: s.post},
		{Method: http.MethodGet, Path: one, Right: admin.AppsView, Serve: s.get},
		{Method: http.MethodPut, Path: one, Right: admin.AppsEdit, Body: maxForm, Serve: s.put},
		{Method: http.MethodDelete, Path: one, Right: admin.AppsEdit, Serve: s.remove},
		{Method: http.MethodPost, Path: one + "/secret", Right: admin.AppsEdit, Serve: s.postSecret},
	}
}
