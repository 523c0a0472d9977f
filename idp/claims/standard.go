package claims

import (
	"strconv"

	"github.com/ringtail-id/ringtail/idp"
)

// Standard scopes (OpenID Connect Core, sections 5.4 and 11); idp has the others.
const (
	ScopeProfile = "profile"
	ScopeEmail   = "email"
	ScopePhone   = "phone"
	ScopeAddress = "address"
)

// Claims that others look at too.
const (
	PhoneNumber = "phone_number"
	// claimPhoneVerifiedAt is our own claim: when the number was confirmed last, in
	// Unix seconds.
	claimPhoneVerifiedAt = "phone_number_verified_at"
	claimUpdatedAt       = "updated_at"
)

// IsTime says whether the claim is a time in Unix seconds.
func IsTime(claim string) bool { return claim == claimPhoneVerifiedAt || claim == claimUpdatedAt }

// source finds one claim of a person. False: they have none.
type source func(u *idp.User) (any, bool)

// plain is the attribute under its own name.
func plain(attribute string) source {
	return func(u *idp.User) (any, bool) {
		v := u.Attribute(attribute)
		return v, v != ""
	}
}

// profileClaims are the attributes that the profile scope shows under their own
// names; preferred_username and updated_at come beside them.
func profileClaims() []string {
	return []string{
		"name", "given_name", "family_name", "middle_name", "nickname", "profile",
		"picture", "website", "gender", "birthdate", "zoneinfo", "locale",
	}
}

// addStandard enters the standard scopes. The number is in the attribute phone.
func (s *Set) addStandard(phone string) {
	s.add(scope{name: idp.ScopeOpenID, standard: true})
	profile := scope{name: ScopeProfile, standard: true}
	for _, name := range profileClaims() {
		s.define(&profile, name, plain(name))
	}
	s.define(&profile, "preferred_username", preferredUsername)
	s.define(&profile, claimUpdatedAt, updatedAt)
	s.add(profile)

	email := scope{name: ScopeEmail, standard: true}
	s.define(&email, "email", plain("email"))
	s.define(&email, "email_verified", emailVerified)
	s.add(email)

	number := scope{name: ScopePhone, standard: true}
	s.define(&number, PhoneNumber, phoneNumber(phone))
	s.define(&number, "phone_number_verified", phoneVerified(phone))
	s.define(&number, claimPhoneVerifiedAt, phoneVerifiedAt(phone))
	s.add(number)

	address := scope{name: ScopeAddress, standard: true}
	s.define(&address, "address", postalAddress)
	s.add(address)
	s.add(scope{name: idp.ScopeOfflineAccess, standard: true})
}

func preferredUsername(u *idp.User) (any, bool) {
	if v := u.Attribute("preferred_username"); v != "" {
		return v, true
	}
	return u.Login, u.Login != ""
}

func updatedAt(u *idp.User) (any, bool) { return u.UpdatedAt.Unix(), !u.UpdatedAt.IsZero() }

func emailVerified(u *idp.User) (any, bool) {
	return u.Attribute("email_verified") == "true", u.Attribute("email") != ""
}

// phoneNumber is the number in the attribute, as E.164; the other two tell of it
// and are left out with it.
func phoneNumber(attribute string) source {
	return func(u *idp.User) (any, bool) {
		number := e164(u.Attribute(attribute))
		return number, number != ""
	}
}

func phoneVerified(attribute string) source {
	return func(u *idp.User) (any, bool) {
		return u.PhoneVerified(), e164(u.Attribute(attribute)) != ""
	}
}

func phoneVerifiedAt(attribute string) source {
	return func(u *idp.User) (any, bool) {
		at, err := strconv.ParseInt(u.Attribute(idp.AttributePhoneVerifiedAt), 10, 64)
		return at, err == nil && u.PhoneVerified() && e164(u.Attribute(attribute)) != ""
	}
}

// addressMembers are the members of the address claim (OpenID Connect Core,
// section 5.1.1) and the attribute of each.
func addressMembers() map[string]string {
	return map[string]string{
		"formatted": "address", "street_address": "street_address", "locality": "locality",
		"region": "region", "postal_code": "postal_code", "country": "country",
	}
}

// postalAddress is an object of those members that the person has.
func postalAddress(u *idp.User) (any, bool) {
	address := map[string]any{}
	for member, attribute := range addressMembers() {
		if v := u.Attribute(attribute); v != "" {
			address[member] = v
		}
	}
	return address, len(address) > 0
}
