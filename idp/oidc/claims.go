package oidc

import (
	"slices"
	"strconv"
	"strings"

	"github.com/zitadel/oidc/v3/pkg/oidc"

	"github.com/ringtail-id/ringtail/idp"
)

// profileClaims are the attributes that the profile scope shows under their own
// names (OpenID Connect Core, section 5.4).
func profileClaims() []string {
	return []string{
		"name", "given_name", "family_name", "middle_name", "nickname", "profile",
		"picture", "website", "gender", "birthdate", "zoneinfo", "locale",
	}
}

// claims are what the scopes show of the user. An attribute that the user
// doesn't have gives no claim.
func (p *Provider) claims(user *idp.User, scopes []string) *oidc.UserInfo {
	info := &oidc.UserInfo{Subject: user.ID}
	if slices.Contains(scopes, oidc.ScopeProfile) {
		addProfile(info, user)
	}
	if email := user.Attribute("email"); email != "" && slices.Contains(scopes, oidc.ScopeEmail) {
		info.AppendClaims("email", email)
		info.AppendClaims("email_verified", user.Attribute("email_verified") == "true")
	}
	if phone := e164(user.Attribute(p.PhoneAttribute)); phone != "" && slices.Contains(scopes, oidc.ScopePhone) {
		addPhone(info, user, phone)
	}
	return info
}

// addPhone tells of the number, and when it was confirmed, where that is known.
func addPhone(info *oidc.UserInfo, user *idp.User, phone string) {
	info.AppendClaims("phone_number", phone)
	info.AppendClaims("phone_number_verified", user.PhoneVerified())
	at, err := strconv.ParseInt(user.Attribute(idp.AttributePhoneVerifiedAt), 10, 64)
	if err == nil && user.PhoneVerified() {
		info.AppendClaims(claimPhoneVerifiedAt, at)
	}
}

// claimPhoneVerifiedAt is our own claim: when the number was confirmed last, in
// Unix seconds.
const claimPhoneVerifiedAt = "phone_number_verified_at"

func addProfile(info *oidc.UserInfo, user *idp.User) {
	for _, name := range profileClaims() {
		if value := user.Attribute(name); value != "" {
			info.AppendClaims(name, value)
		}
	}
	preferred := user.Attribute("preferred_username")
	if preferred == "" {
		preferred = user.Login
	}
	info.AppendClaims("preferred_username", preferred)
	if !user.UpdatedAt.IsZero() {
		info.UpdatedAt = oidc.FromTime(user.UpdatedAt)
	}
}

// e164 writes a stored number as relying parties want it (OpenID Connect Core,
// section 5.1): "+" and digits. Empty where it can't be one.
func e164(number string) string {
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, number)
	if len(digits) < 7 || len(digits) > 15 {
		return ""
	}
	return "+" + digits
}
