package server

import (
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/browser"
	"github.com/ringtail-id/ringtail/idp/device"
	"github.com/ringtail-id/ringtail/idp/oidc"
	"github.com/ringtail-id/ringtail/idp/pages"
)

// Device is how devices without a browser sign in; zero values mean the defaults
// of package device.
type Device struct {
	// Life of the codes, and the least time between two polls to begin with.
	Life, Interval time.Duration
	Limits         device.Limits
}

// device is the endpoint where devices begin, and the page where people type codes.
func (s *Server) device(jar *browser.Jar, clients idp.Clients, provider *oidc.Provider, shown *pages.Pages) (*device.Handler, error) {
	o := &s.options
	return device.New(device.Options{
		Issuer: o.issuer(), Keyring: o.Keyring, Devices: o.Store, Guesses: o.Store, Auth: provider.Auth, Registered: clients,
		Scopes: s.claims.Scopes, Logins: o.Store, LoginLife: o.Lives.Login, Jar: jar, Pages: shown,
		ClientIP: proxies(o.TrustedProxies).clientIP, Life: o.Device.Life, Interval: o.Device.Interval, Limits: o.Device.Limits,
		Audit: o.Audit, Now: o.Now, Rand: o.Rand, Log: o.Log,
	})
}
