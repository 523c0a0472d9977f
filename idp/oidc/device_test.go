package oidc_test

import (
	"net/http"
	"net/netip"
	"net/url"
	"testing"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/device"
	"github.com/ringtail-id/ringtail/idp/oidc"
)

// mountDevices adds what stands beside these endpoints for devices; package device
// tests the whole way through it.
func (w *world) mountDevices(mux *http.ServeMux) {
	h, err := device.New(device.Options{
		Issuer: w.issuer, Keyring: w.keys, Devices: w.store, Guesses: w.store, Auth: w.provider.Auth, Registered: w.store,
		Scopes: w.provider.Claims.Scopes, Logins: w.store, Jar: w.jar, Pages: pages{},
		ClientIP: func(*http.Request) netip.Addr { return netip.MustParseAddr("192.0.2.1") }, Now: w.clock.Now,
	})
	w.must(err)
	h.Mount(mux)
}

func (pages) Device(w http.ResponseWriter, _ *http.Request, p device.Page) {
	show(w, http.StatusOK, "device", p)
}

// The token endpoint's own part: what it says to polls that can't be right.
func TestPollsOfNoDevice(t *testing.T) {
	w := newWorld(t)
	_, err := w.store.UpdateClient(t.Context(), "app", func(c *idp.Client) error {
		c.Grants = append(c.Grants, idp.GrantDevice)
		return nil
	})
	w.must(err)
	for name, c := range map[string]struct {
		code string
		want string
	}{
		"no code":                    {"", "invalid_request"},
		"a code of nobody":           {"x", "invalid_grant"},
		"an authorization code":      {w.agent().code("app"), "invalid_grant"},
		"a refresh token for a code": {w.agent().signIn("app", "scope", "openid offline_access").Refresh, "invalid_grant"},
	} {
		t.Run(name, func(t *testing.T) {
			form := url.Values{"grant_type": {idp.GrantDevice}, "device_code": {c.code}}
			w.agent().post(oidc.PathToken, form, basic("app", secret)).wantError(t, http.StatusBadRequest, c.want)
		})
	}
}
