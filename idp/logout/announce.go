package logout

// Announce is what the discovery document says of these endpoints (OpenID
// Connect RP-Initiated Logout, section 2.1; Back-Channel Logout, section 2.1;
// Front-Channel Logout, section 3).
func Announce(issuer string) map[string]any {
	return map[string]any{
		"end_session_endpoint":                  issuer + Path,
		"backchannel_logout_supported":          true,
		"backchannel_logout_session_supported":  true,
		"frontchannel_logout_supported":         true,
		"frontchannel_logout_session_supported": true,
	}
}
