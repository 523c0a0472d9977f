package settings

import (
	"net/http"

	"github.com/ringtail-id/ringtail/idp/admin"
)

// largestForm bounds a form, in bytes: a chain has many fields.
const largestForm = 256 << 10

// Pages implements admin.Section.
func (s *Section) Pages() []admin.Route {
	var all []admin.Route
	for _, f := range s.forms {
		all = append(all,
			admin.Route{Method: http.MethodGet, Path: f.Path, Right: f.View, Serve: s.show(f)},
			admin.Route{Method: http.MethodPost, Path: f.Path, Right: f.Edit, Body: largestForm, Serve: s.post(f)})
		if f.root == flashCall {
			all = append(all, admin.Route{Method: http.MethodPost, Path: f.Path + "/odds", Right: f.View, Reads: true, Body: largestForm, Serve: s.preview(f)})
		}
	}
	for _, f := range factors() {
		all = append(all,
			admin.Route{Method: http.MethodGet, Path: f.path, Right: admin.SettingsView, Serve: s.showFactors(f)},
			admin.Route{Method: http.MethodPost, Path: f.path, Right: admin.SettingsEdit, Serve: s.postFactors(f)})
	}
	const one = pathHistory + "/{number}"
	return append(all,
		admin.Route{Method: http.MethodGet, Path: pathHistory, Right: admin.SettingsView, Serve: s.history},
		admin.Route{Method: http.MethodGet, Path: pathHistory + "/diff", Right: admin.SettingsView, Serve: s.diff},
		admin.Route{Method: http.MethodGet, Path: one, Right: admin.SettingsView, Serve: s.showRevision},
		admin.Route{Method: http.MethodGet, Path: one + "/restore", Right: admin.SettingsEdit, Serve: s.askRestore},
		admin.Route{Method: http.MethodPost, Path: one + "/restore", Right: admin.SettingsEdit, Serve: s.restore})
}
