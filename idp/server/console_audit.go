package server

import (
	"github.com/ringtail-id/ringtail/idp/admin"
	section "github.com/ringtail-id/ringtail/idp/admin/audit"
	"github.com/ringtail-id/ringtail/idp/audit"
)

func (s *Server) auditSection(c *consoleParts) (admin.Section, error) {
	o := &s.options
	return section.NewSection(section.Options{
		Records: o.Store, Chain: audit.NewChain(o.Keyring), Users: o.Store, Trail: c.Trail, View: c.view, Now: o.Now,
	})
}
