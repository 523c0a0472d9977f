package server

import (
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/admin/drivers"
	"github.com/ringtail-id/ringtail/idp/vault"
)

// driversSection is the section for drivers, where settings can be saved and
// drivers run.
func (s *Server) driversSection(c *consoleParts) (admin.Section, error) {
	o := &s.options
	if c.Settings == nil || c.Loops == nil {
		return nil, nil
	}
	facts := func() drivers.Facts {
		served, _ := c.Settings.Served()
		f := drivers.FactsOf(served, c.Loops.Known, c.SecondAdministrator)
		f.Message = func(code string) string { return s.message("en", code) }
		return f
	}
	service, err := drivers.New(drivers.Options{
		Records: o.Store, Settings: c.Settings, Secrets: vault.NewSecrets(o.Store, o.Keyring, o.Now), Workers: c.Loops.Workers,
		Requests: c.Loops.Requests, Trail: c.Trail, Facts: facts, Hash: s.hash("driver-trial"), Limits: c.Loops.Workers.Limits(), Now: o.Now, Rand: o.Rand,
	})
	if err != nil {
		return nil, err
	}
	return drivers.NewSection(service, c.view, c.ReadOnly), nil
}
