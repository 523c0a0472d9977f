package storetest

import (
	"errors"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp"
)

// confirmed is what the user's attributes say of their number, "" where nothing.
func confirmed(t *testing.T, s Stores, id string) string {
	t.Helper()
	u, err := s.Users.UserByID(t.Context(), id)
	must(t, err)
	return u.Attribute(idp.AttributePhoneVerified) + " " + u.Attribute(idp.AttributePhoneVerifiedAt)
}

func confirmsNumber(t *testing.T, s Stores) {
	at := time.Unix(1_800_000_000, 999)
	for name, c := range map[string]struct{ stored, proved, want string }{
		"as digits":        {"79990000001", "+79990000001", "true 1800000000"},
		"E.164":            {"+79990000001", "+79990000001", "true 1800000000"},
		"as people write":  {"+7 (999) 000-00-01", "+79990000001", "true 1800000000"},
		"another number":   {"79990000002", "+79990000001", " "},
		"no number":        {"", "+79990000001", " "},
		"no number at all": {"", "", " "},
		"a longer number":  {"799900000011", "+79990000001", " "},
		"nothing proved":   {"79990000001", "", " "},
	} {
		u := numbered(name, c.stored)
		must(t, s.Users.CreateUser(t.Context(), u))
		must(t, s.Users.ConfirmPhone(t.Context(), name, idp.AttributePhone, c.proved, at))
		if got := confirmed(t, s, name); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
		got, err := s.Users.UserByID(t.Context(), name)
		must(t, err)
		if got.Attribute("phone_number") != c.stored || got.Attribute("name") != "Anna" || !got.UpdatedAt.Equal(Clock()) {
			t.Errorf("%s: confirming changed more: %+v", name, got)
		}
	}
	must(t, s.Users.ConfirmPhone(t.Context(), "E.164", idp.AttributePhone, "+79990000001", at.Add(time.Minute)))
	if got := confirmed(t, s, "E.164"); got != "true 1800000060" {
		t.Errorf("confirmed again: %q", got)
	}
	wantError(t, "nobody", s.Users.ConfirmPhone(t.Context(), "nobody", idp.AttributePhone, "+79990000001", at), idp.ErrNotFound)
	if err := s.Users.ConfirmPhone(t.Context(), "E.164", "name", "+79990000001", at); err == nil {
		t.Error("an attribute was confirmed that nobody looks at")
	}
}

func unconfirmsNumber(t *testing.T, s Stores) {
	set := func(pairs ...string) func(*idp.User) error {
		return func(u *idp.User) error {
			for i := 0; i < len(pairs); i += 2 {
				u.Attributes[pairs[i]] = pairs[i+1]
			}
			return nil
		}
	}
	replace := func(u *idp.User) error {
		u.Attributes = map[string]string{"phone_number": "79990000002", "phone_number_verified": "true", "phone_number_verified_at": "1800000000"}
		return nil
	}
	for name, c := range map[string]struct {
		change func(*idp.User) error
		want   string
	}{
		"another attribute":                 {set("name", "Boris"), "true 1800000000"},
		"the same number":                   {set("phone_number", "79990000001"), "true 1800000000"},
		"another number":                    {set("phone_number", "79990000002"), " "},
		"no number":                         {set("phone_number", ""), " "},
		"the number gone":                   {func(u *idp.User) error { delete(u.Attributes, "phone_number"); return nil }, " "},
		"all attributes gone":               {func(u *idp.User) error { u.Attributes = nil; return nil }, " "},
		"new attributes, old confirmation":  {replace, " "},
		"another number, confirmed anew":    {set("phone_number", "79990000002", "phone_number_verified_at", "1900000000"), "true 1900000000"},
		"another number, known to be wrong": {set("phone_number", "79990000002", "phone_number_verified", "false"), "false 1800000000"},
	} {
		for way, update := range map[string]func(id string, change func(*idp.User) error) error{
			"update": func(id string, change func(*idp.User) error) error {
				u, err := s.Users.UpdateUser(t.Context(), id, change)
				if err == nil && u.Attribute(idp.AttributePhoneVerified)+" "+u.Attribute(idp.AttributePhoneVerifiedAt) != c.want {
					err = errors.New("what was told isn't what is stored")
				}
				return err
			},
			"reset": func(id string, change func(*idp.User) error) error { return s.Users.ResetUser(t.Context(), id, change) },
		} {
			id := name + " " + way
			must(t, s.Users.CreateUser(t.Context(), numbered(id, "79990000001")))
			must(t, s.Users.ConfirmPhone(t.Context(), id, idp.AttributePhone, "+79990000001", time.Unix(1_800_000_000, 0)))
			must(t, update(id, c.change))
			if got := confirmed(t, s, id); got != c.want {
				t.Errorf("%s: %q, want %q", id, got, c.want)
			}
		}
	}
}
