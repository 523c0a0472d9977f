package server

import (
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/admin/administrators"
)

func (s *Server) administratorsSection(c *consoleParts) (admin.Section, error) {
	o := &s.options
	service := &administrators.Service{Store: o.Store, Users: o.Store, Trail: c.Trail, Now: o.Now}
	return administrators.NewSection(service, c.view), nil
}
