package drivers

import (
	"net/http"

	"github.com/ringtail-id/ringtail/idp/admin"
)

// root of the section's paths, in the console and in the API.
const root = "/drivers"

// maxForm bounds what may be posted, in bytes: a script, a manifest and cases with what forms put around them.
const maxForm = 1 << 20

// Section is the section of the console and of the API.
type Section struct {
	service *Service
	view    admin.View
	// readOnly says that nothing can be changed, so that pages offer nothing.
	readOnly bool
}

var _ admin.Section = (*Section)(nil)

// NewSection returns the section over the service. readOnly only hides what can't be done: routes are refused by whoever
// mounts them.
func NewSection(service *Service, view admin.View, readOnly bool) *Section {
	return &Section{service: service, view: view, readOnly: readOnly}
}

// Menu implements admin.Section.
func (s *Section) Menu() []admin.Item {
	return []admin.Item{{Title: "Drivers", Path: root, Group: "Sign-in", Right: admin.DriversView}}
}

// Pages implements admin.Section.
func (s *Section) Pages() []admin.Route {
	const one = root + "/{name}"
	get, post := http.MethodGet, http.MethodPost
	return []admin.Route{
		{Method: get, Path: root, Right: admin.DriversView, Serve: s.showList},
		{Method: get, Path: root + "/new", Right: admin.DriversEdit, Serve: s.showNew},
		{Method: post, Path: root, Right: admin.DriversEdit, Serve: s.create},
		{Method: get, Path: root + "/words", Right: admin.DriversView, Serve: s.words},
		{Method: post, Path: root + "/lint", Right: admin.DriversEdit, Reads: true, Body: maxForm, Serve: s.lint},
		{Method: get, Path: one, Right: admin.DriversView, Serve: s.showDriver},
		{Method: post, Path: one, Right: admin.DriversEdit, Body: maxForm, Serve: s.save},
		{Method: post, Path: one + "/start", Right: admin.DriversEdit, Serve: s.start},
		{Method: post, Path: one + "/drop", Right: admin.DriversEdit, Serve: s.drop},
		{Method: get, Path: one + "/trial", Right: admin.DriversView, Serve: s.showTrial},
		{Method: post, Path: one + "/trial", Right: admin.DriversEdit, Reads: true, Body: maxForm, Serve: s.try},
		{Method: post, Path: one + "/call", Right: admin.DriversTrial, Fresh: true, Serve: s.call},
		{Method: post, Path: one + "/keep", Right: admin.DriversEdit, Body: maxForm, Serve: s.keep},
		{Method: get, Path: one + "/cases", Right: admin.DriversView, Serve: s.showCases},
		{Method: post, Path: one + "/cases", Right: admin.DriversEdit, Body: maxForm, Serve: s.changeCases},
		{Method: post, Path: one + "/cases/run", Right: admin.DriversEdit, Reads: true, Serve: s.runCases},
		{Method: get, Path: one + "/versions", Right: admin.DriversView, Serve: s.showVersions},
		{Method: get, Path: one + "/versions/{number}", Right: admin.DriversView, Serve: s.showVersion},
		{Method: get, Path: one + "/export", Right: admin.DriversView, Serve: s.export},
		{Method: get, Path: one + "/diff", Right: admin.DriversView, Serve: s.showDiff},
		{Method: get, Path: one + "/publish", Right: admin.DriversPublish, Fresh: true, Serve: s.showPublish},
		{Method: post, Path: one + "/publish", Right: admin.DriversPublish, Fresh: true, Serve: s.publish},
		{Method: get, Path: one + "/request", Right: admin.DriversPublish, Fresh: true, Serve: s.showRequest},
		{Method: post, Path: one + "/request/confirm", Right: admin.DriversPublish, Fresh: true, Serve: s.confirm},
		{Method: post, Path: one + "/request/refuse", Right: admin.DriversPublish, Fresh: true, Serve: s.refuse},
		{Method: get, Path: one + "/rollback", Right: admin.DriversPublish, Fresh: true, Serve: s.showRollback},
		{Method: post, Path: one + "/rollback", Right: admin.DriversPublish, Fresh: true, Serve: s.rollback},
		{Method: get, Path: one + "/secrets", Right: admin.DriversSecrets, Fresh: true, Serve: s.showSecrets},
		{Method: post, Path: one + "/secrets", Right: admin.DriversSecrets, Fresh: true, Serve: s.putSecret},
		{Method: post, Path: one + "/secrets/remove", Right: admin.DriversSecrets, Fresh: true, Serve: s.removeSecret},
	}
}
