package device

// Announce is what the discovery document says of the endpoint (RFC 8628, section 4).
func Announce(issuer string) map[string]any {
	return map[string]any{"device_authorization_endpoint": issuer + PathAuthorization}
}
