package server

import (
	"maps"

	"github.com/ringtail-id/ringtail/idp/device"
	"github.com/ringtail-id/ringtail/idp/logout"
)

// announce is what the discovery document says of handlers beside those of idp/oidc.
func (o *Options) announce() map[string]any {
	all := logout.Announce(o.issuer())
	maps.Copy(all, device.Announce(o.issuer()))
	return all
}
