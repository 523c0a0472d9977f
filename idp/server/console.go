package server

import (
	"fmt"
	"net/http"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/admin/apps"
	"github.com/ringtail-id/ringtail/idp/admin/console"
	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/browser"
	"github.com/ringtail-id/ringtail/idp/oidc"
	"github.com/ringtail-id/ringtail/idp/pages"
	"github.com/ringtail-id/ringtail/idp/settings"
	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/egress"
	"github.com/ringtail-id/ringtail/loops/sandbox"
	"github.com/ringtail-id/ringtail/static"
)

// ConsoleOptions switch the administrators' console and the admin API on. Trail is
// required.
type ConsoleOptions struct {
	// URL is the origin at which browsers reach a console on a listener of its own,
	// which serves Server.Console; empty: it is part of Server.Handler.
	URL string
	// Life and FreshFor are those of console.Options.
	Life     console.Life
	FreshFor time.Duration
	// ReadOnly shows everything and changes nothing.
	ReadOnly bool
	// SecondAdministrator has another administrator than the one who drafted a driver
	// publish it.
	SecondAdministrator bool
	// Trail keeps what administrators do.
	Trail audit.Trail
	// Settings are what administrators save.
	Settings *settings.Service
	// Node is the ID under which this process tells of itself; see health.Node.
	Node string
	// Loops runs drivers, whether or not a method in use needs any.
	Loops *Loops
}

// Loops is what drivers are tried with.
type Loops struct {
	// Workers run scripts; Requests makes what they ask for, by the settings' rules.
	Workers  *sandbox.Lease
	Requests *egress.Client
	// Known are the drivers that ship, those of the installation's folder, and what is
	// wrong with that folder; they are read anew each time.
	Known func() (shipped, folder []*loops.Driver, faults error)
}

// consoleParts are what sections are made of, beside the server itself.
type consoleParts struct {
	*ConsoleOptions
	view     admin.View
	provider *oidc.Provider
	shown    *pages.Pages
	clients  idp.Clients
	public   http.Handler // the provider
}

// sections makes the sections of the console, in the order of the menu. A nil
// section is left out. Each has a file console_SECTION.go.
func (s *Server) sections(c *consoleParts) ([]admin.Section, error) {
	var sections []admin.Section
	for _, one := range []func(*consoleParts) (admin.Section, error){
		s.settingsSection,
		s.driversSection,
		s.callsSection,
		s.usersSection,
		s.appsSection,
		s.administratorsSection,
		s.auditSection,
		s.healthSection,
	} {
		section, err := one(c)
		if err != nil {
			return nil, err
		}
		if section != nil {
			sections = append(sections, section)
		}
	}
	return sections, nil
}

// Console serves the console where it has a listener of its own; nil elsewhere.
func (s *Server) Console() http.Handler { return s.console }

// Sections are those of the console, for who documents and tests them; none where
// there is no console.
func (s *Server) Sections() []admin.Section { return s.parts }

// consoleClient is the console's own client among the others.
func (s *Server) consoleClient(others idp.Clients) idp.Clients {
	o := &s.options
	if o.Console == nil {
		return others
	}
	tried := apps.WithTrials(others, o.Keyring, console.Address(o.issuer(), o.Console.URL))
	return console.WithClient(console.Client(o.issuer(), o.Console.URL, o.Keyring), tried)
}

// withConsole is the public handler with the console before it, which has bounds
// of its own for what is sent to it, unless it has a listener of its own.
func (s *Server) withConsole(public http.Handler, files *static.Files, jar *browser.Jar, parts *consoleParts) (http.Handler, error) {
	o := &s.options
	if o.Console == nil {
		return public, nil
	}
	parts.ConsoleOptions, parts.public = o.Console, public
	options := console.Options{
		Issuer: o.issuer(), URL: o.Console.URL, Provider: public, Secret: console.Secret(o.Keyring), Users: o.Store, Sessions: o.Store,
		Records: o.Store, Administrators: o.Store, Tokens: parts.provider, Pages: parts.shown, Asset: files.URL, Trail: o.Console.Trail,
		Sections: func(view admin.View) ([]admin.Section, error) { parts.view = view; return s.sections(parts) },
		Hash:     s.hash("console"), ClientIP: proxies(o.TrustedProxies).clientIP, Life: o.Console.Life, FreshFor: o.Console.FreshFor,
		ReadOnly: o.Console.ReadOnly, Now: o.Now, Rand: o.Rand, Log: o.Log,
	}
	if o.Console.URL == "" {
		options.Jar = jar
	}
	handler, err := console.New(options)
	if err != nil {
		return nil, fmt.Errorf("making the console: %w", err)
	}
	s.parts = handler.Sections()
	mux := newRoutes(s.front)
	handler.Mount(mux)
	if o.Console.URL == "" {
		return beside(public, mux.ServeMux, o.Metrics.Requests.Count(o.Tracing.Requests(mux))), mux.check()
	}
	mux.Handle(files.Prefix(), files)
	s.console = s.followed(s.front.Before(o.Metrics.Requests.Count(o.Tracing.Requests(mux))))
	return public, mux.check()
}

// beside gives what the mux has a pattern for to counted, which is the mux with
// its requests counted, and the rest to public, which counts by itself.
func beside(public http.Handler, mux *http.ServeMux, counted http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, pattern := mux.Handler(r); pattern != "" {
			counted.ServeHTTP(w, r)
			return
		}
		public.ServeHTTP(w, r)
	})
}
