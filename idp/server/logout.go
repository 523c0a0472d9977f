package server

import (
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/browser"
	"github.com/ringtail-id/ringtail/idp/logout"
	"github.com/ringtail-id/ringtail/idp/logout/backchannel"
	"github.com/ringtail-id/ringtail/idp/oidc"
	"github.com/ringtail-id/ringtail/idp/pages"
	"github.com/ringtail-id/ringtail/idp/sessions"
)

// Logout is how relying parties are told of the end of a session. Zero values
// mean the defaults of the packages.
type Logout struct {
	// FrameWait is how long frames of applications have on the page of a sign-out.
	FrameWait time.Duration
	// RetryFor is how long it is tried to tell a relying party from server to server.
	RetryFor time.Duration
}

// logout are the endpoints that sign out, and the sender that tells of it, which
// Run keeps going.
func (s *Server) logout(jar *browser.Jar, clients idp.Clients, shown *pages.Pages) (*logout.Handler, error) {
	o := &s.options
	sender, err := backchannel.New(backchannel.Options{
		Issuer: o.issuer(), Queue: o.Store, Clients: clients, Keys: s.signing, Post: backchannel.NewPost(o.Egress),
		Timing: backchannel.Timing{GiveUpAfter: o.Logout.RetryFor}, Now: o.Now, Rand: o.Rand, Log: o.Log,
	})
	if err != nil {
		return nil, err
	}
	s.backchannel = sender
	return logout.New(logout.Options{
		Issuer: o.issuer(), Keyring: o.Keyring, Keys: s.signing, Sessions: o.Store, Clients: clients, Users: o.Store,
		Jar: jar, Pages: shown, Wait: o.Logout.FrameWait, Audit: o.Audit, Now: o.Now, Log: o.Log,
	})
}

// mountSessions mounts the REST endpoints that list and end people's sessions.
func (s *Server) mountSessions(mux *routes, base string, provider *oidc.Provider, shown *pages.Pages) error {
	o := &s.options
	h, err := sessions.New(sessions.Options{
		Issuer: o.issuer(), Tokens: provider, Store: o.Store, Pages: shown, Audit: o.Audit, Now: o.Now, Log: o.Log,
	})
	if err != nil {
		return err
	}
	mux.Handle(base+sessions.PathAPI, h)
	return nil
}
