package server

import (
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oauth/clientauth"
	"github.com/ringtail-id/ringtail/idp/oauth/keyset"
	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/egress"
)

// Bounds of fetching a client's keys, while whoever named the client waits.
const (
	keysConnect = 3 * time.Second
	keysReply   = 5 * time.Second
)

// keySets reads the keys of those who sign JWTs for us, at the addresses too that
// were registered for them.
func (s *Server) keySets() (*keyset.Sets, error) {
	o := &s.options
	outbound := o.Egress
	outbound.Limits = loops.DefaultLimits()
	outbound.Limits.Answer, outbound.Limits.Connect, outbound.Limits.Reply = keyset.MaxDocument, keysConnect, keysReply
	return keyset.New(keyset.Options{Requests: egress.New(outbound), Now: o.Now, Log: o.Log})
}

// authenticator tells clients apart, for every endpoint that they come to.
func (s *Server) authenticator(clients idp.Clients) (*clientauth.Authenticator, error) {
	o := &s.options
	keys, err := s.keySets()
	if err != nil {
		return nil, err
	}
	return &clientauth.Authenticator{Clients: clients, Keyring: o.Keyring, Audit: o.Audit, Limit: s.front.Client, Log: o.Log, Signed: &clientauth.Assertions{
		Issuer: o.issuer(), Keys: keys, Used: o.Store, Keyring: o.Keyring, Now: o.Now,
	}}, nil
}
