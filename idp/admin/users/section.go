package users

import (
	_ "embed"
	"net/http"

	"github.com/ringtail-id/ringtail/idp/admin"
)

// path of the section, in the console and in the API.
const path = "/users"

// Section is the section of the console and of the API.
type Section struct {
	*Service
}

var _ admin.Section = (*Section)(nil)

// New returns the section. It fails where an option is missing.
func New(o Options) (*Section, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	return &Section{Service: &Service{Options: o}}, nil
}

//go:embed openapi.json
var description []byte

// OpenAPI is the section's part of the API's description.
func (s *Section) OpenAPI() []byte { return description }

// Menu implements admin.Section.
func (s *Section) Menu() []admin.Item {
	return []admin.Item{{Title: "Users", Path: path, Group: "People", Right: admin.UsersView}}
}

type serve = func(http.ResponseWriter, *http.Request, *admin.Actor) error

func shows(path string, serve serve) admin.Route {
	return admin.Route{Method: http.MethodGet, Path: path, Right: admin.UsersView, Serve: serve}
}

func changes(path string, serve serve) admin.Route {
	return admin.Route{Method: http.MethodPost, Path: path, Right: admin.UsersEdit, Serve: serve}
}

// fresh is a change that the administrator must have signed in for just now.
func fresh(path string, serve serve) admin.Route {
	r := changes(path, serve)
	r.Fresh = true
	return r
}

// Pages implements admin.Section.
func (s *Section) Pages() []admin.Route {
	const one = path + "/{id}"
	upload := fresh(path+"/import", s.lookPage)
	upload.Body = MaxImport + 64<<10
	return []admin.Route{
		shows(path, s.listPage),
		{Method: http.MethodGet, Path: path + "/new", Right: admin.UsersEdit, Serve: s.newPage},
		changes(path, s.createPage),
		{Method: http.MethodGet, Path: path + "/export", Right: admin.UsersEdit, Fresh: true, Serve: s.export},
		{Method: http.MethodGet, Path: path + "/import", Right: admin.UsersEdit, Fresh: true, Serve: s.importPage},
		upload,
		fresh(path+"/import/apply", s.applyPage),
		shows(one, s.showPage),
		changes(one, s.editPage),
		shows(one+"/sign-in", s.signInPage),
		fresh(one+"/password", s.passwordPage),
		changes(one+"/password/require", s.requirePage),
		fresh(one+"/methods/reset", s.resetPage),
		fresh(one+"/recovery", s.recoveryPage),
		changes(one+"/limits/lift", s.liftPage),
		changes(one+"/calls", s.callsPage),
		shows(one+"/sessions", s.sessionsPage),
		changes(one+"/sessions/end", s.endPage),
		changes(one+"/access/revoke", s.revokePage),
		changes(one+"/block", s.blockPage),
		changes(one+"/unblock", s.unblockPage),
		{Method: http.MethodGet, Path: one + "/delete", Right: admin.UsersEdit, Serve: s.askDeletePage},
		fresh(one+"/delete", s.deletePage),
	}
}

// Endpoints implements admin.Section.
func (s *Section) Endpoints() []admin.Route {
	const one = path + "/{id}"
	gone := func(path string, serve serve) admin.Route {
		return admin.Route{Method: http.MethodDelete, Path: path, Right: admin.UsersEdit, Serve: serve}
	}
	upload := changes(path+"/import", s.importAPI)
	upload.Body = MaxImport
	return []admin.Route{
		shows(path, s.list),
		changes(path, s.create),
		{Method: http.MethodGet, Path: path + "/export", Right: admin.UsersEdit, Serve: s.export},
		upload,
		shows(one, s.get),
		changes(one, s.edit),
		gone(one, s.remove),
		shows(one+"/auth", s.auth),
		changes(one+"/auth", s.setAuth),
		changes(one+"/pswd", s.setPassword),
		changes(one+"/block", s.block),
		changes(one+"/unblock", s.unblock),
		shows(one+"/phone", s.phone),
		shows(one+"/methods", s.methods),
		gone(one+"/methods/{method}", s.reset),
		changes(one+"/recovery", s.issue),
		shows(one+"/limits", s.limits),
		gone(one+"/limits", s.liftAPI),
		changes(one+"/calls/stop", s.stop),
		changes(one+"/calls/allow", s.allow),
		shows(one+"/sessions", s.sessions),
		changes(one+"/sessions/reset", s.endAll),
		gone(one+"/sessions/{session}", s.end),
		shows(one+"/access", s.access),
		gone(one+"/access/{client}", s.revoke),
	}
}
