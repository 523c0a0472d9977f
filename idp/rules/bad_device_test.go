package rules_test

import (
	"net/http"
	"net/url"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oidc"
)

const pathDevice = "/oauth/da"

// deviceCode begins a device authorization of the client "device".
func (s *scene) deviceCode() string {
	s.Helper()
	got := s.party("device").send(pathDevice, url.Values{"scope": {"openid"}})
	code, _ := got.json()["device_code"].(string)
	if got.status != http.StatusOK || code == "" || got.json()["user_code"] == nil {
		s.Fatalf("no device code: %d %s", got.status, got.body)
	}
	return code
}

func badDevices() []attack {
	polls := func(client string, code func(*scene) string) func(*scene) reply {
		return func(s *scene) reply {
			return s.party(client).send(oidc.PathToken, with(url.Values{"grant_type": {idp.GrantDevice}}, "device_code", code(s)))
		}
	}
	grant := refused(http.StatusBadRequest, "invalid_grant")
	return []attack{
		{"a code that nobody has approved", "RFC 8628, 3.5", polls("device", (*scene).deviceCode), refused(http.StatusBadRequest, "authorization_pending")},
		{"an unknown device code", "RFC 8628, 3.5", polls("device", func(*scene) string { return "unknown" }), grant},
		{"no device code", "RFC 8628, 3.4", polls("device", func(*scene) string { return "" }), refused(http.StatusBadRequest, "invalid_request")},
		{"an authorization code as device code", "ASVS 9.2.2", polls("device", func(s *scene) string { return s.ada.code("app") }), grant},
		{"polling by a client without the grant", "RFC 8628, 3.4; ASVS 10.4.4", polls("app", (*scene).deviceCode), refused(http.StatusBadRequest, "unauthorized_client")},
		{"a client without the grant begins", "RFC 8628, 3.1; ASVS 10.4.4", func(s *scene) reply { return s.app.send(pathDevice, url.Values{"scope": {"openid"}}) }, refused(http.StatusBadRequest, "unauthorized_client")},
		{"nobody begins", "RFC 8628, 3.1", func(s *scene) reply { return s.app.post(s.issuer+pathDevice, url.Values{"scope": {"openid"}}) }, unauthenticated()},
		{"a GET", "RFC 8628, 3.1; ASVS 4.1.4", func(s *scene) reply { return s.app.get(pathDevice, nil) }, answers405()},
		{"the scope twice", "RFC 8628, 3.1; ASVS 15.3.7", func(s *scene) reply {
			return s.party("device").send(pathDevice, url.Values{"scope": {"openid", "openid"}})
		}, refused(http.StatusBadRequest, "invalid_request")},
	}
}
