package server

import (
	"slices"

	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/admin/calls"
)

// newLedger is what settles calls, watches them and shows them, also where nobody is
// called any more.
func (s *Server) newLedger() (*calls.Service, error) {
	o := &s.options
	options := calls.Options{
		Records: o.Store, Metrics: o.Metrics.calls, Pools: s.CodePools, Zone: o.Calls.Zone, Keep: o.Calls.Keep, KeepFigures: o.Calls.KeepFigures,
		Limits: o.Calls.Alarms, Now: o.Now, Log: o.Log,
	}
	if o.Console != nil && o.Console.Settings != nil {
		options.Settings = o.Console.Settings
	}
	if f := o.FlashCall; f != nil {
		for _, r := range f.Routes {
			if !slices.Contains(options.Drivers, r.Driver.Name) {
				options.Drivers = append(options.Drivers, r.Driver.Name)
			}
		}
		options.Countries, options.Stops = f.Numbers.Countries, f.Stops
		options.Currency, options.SpendDay = f.Codes.Limits.Currency, f.Codes.Limits.SpendDay
	}
	return calls.New(options)
}

func (s *Server) callsSection(c *consoleParts) (admin.Section, error) {
	return calls.NewSection(s.ledger, c.view), nil
}
