package main

import (
	"fmt"

	"github.com/ringtail-id/ringtail/conf"
	"github.com/ringtail-id/ringtail/idp/admin/console"
	"github.com/ringtail-id/ringtail/idp/server"
)

// console are the console's options; nil where it is switched off.
func (in *installation) console() *server.ConsoleOptions {
	c := in.settings.Console
	if !c.Enabled {
		return nil
	}
	return &server.ConsoleOptions{
		URL: c.URL, Life: console.Life{Idle: c.Session.Idle, Absolute: c.Session.Absolute}, FreshFor: c.FreshFor,
		ReadOnly: c.ReadOnly, SecondAdministrator: c.SecondAdministrator, Trail: in.trail(),
	}
}

// consoleLine tells where the console is, empty where there is none.
func consoleLine(s *conf.Settings) string {
	if !s.Console.Enabled {
		return ""
	}
	return fmt.Sprintf("console        %s\n", console.Address(s.Issuer, s.Console.URL))
}
