package storetest

import (
	"errors"
	"testing"

	"github.com/ringtail-id/ringtail/idp"
)

func numbered(id, phone string) *idp.User {
	return &idp.User{ID: id, Login: id, Attributes: map[string]string{"phone_number": phone, "name": "Anna"}}
}

// foundBy gives the ID of the user of a number, "" of none.
func foundBy(t *testing.T, s Stores, attribute, e164 string) string {
	t.Helper()
	u, err := s.Users.UserByNumber(t.Context(), attribute, e164)
	has, errHas := s.Users.HasNumber(t.Context(), attribute, e164)
	if errHas != nil || has != (err == nil && !u.Blocked) {
		t.Errorf("HasNumber says %v, %v, and UserByNumber gives %+v", has, errHas, u)
	}
	if err != nil {
		wantError(t, "by number", err, idp.ErrNotFound)
		return ""
	}
	return u.ID
}

func findsByNumber(t *testing.T, s Stores) {
	tests := []struct{ stored, asked, want string }{
		{"+79991110001", "+79991110001", "found"},
		{"79991110002", "+79991110002", "found"},
		{"+7 (999) 111-00-03", "+79991110003", "found"},
		{" 7.999.111.00.04\t", "+79991110004", "found"},
		{"+7\u00a0999\u202f111\u201000\u201305", "+79991110005", "found"},
		{"+290 5123", "+2905123", "found"},
		{"+888 123 456 789 012", "+888123456789012", "found"},
		{"89991110006", "+79991110006", ""}, // no country is known here
		{"+7 999 111-00-07 ext. 1", "+79991110007", ""},
		{"+79991110008", "+7999111000", ""},
		{"+79991110009", "+799911100091", ""},
		{"+79991110010, +79991110011", "+79991110010", ""},
		{"none", "", ""},
		{"", "", ""},
		{"+", "+", ""},
		{"12345", "+12345", ""},
		{"+79991110012", "' OR '1'='1", ""},
		{"٧٩٩٩١١١٠٠١٣", "+79991110013", ""},
	}
	for _, test := range tests {
		must(t, s.Users.CreateUser(t.Context(), numbered("u"+test.stored, test.stored)))
		want := test.want
		if want != "" {
			want = "u" + test.stored
		}
		if got := foundBy(t, s, "phone_number", test.asked); got != want {
			t.Errorf("stored %q, asked %q: found %q, want %q", test.stored, test.asked, got, want)
		}
		for _, attribute := range []string{"name", "phone", "", "%"} {
			if got := foundBy(t, s, attribute, test.asked); got != "" {
				t.Errorf("stored %q as phone_number, found by %q", test.stored, attribute)
			}
		}
	}
}

func sharesNumber(t *testing.T, s Stores) {
	must(t, s.Users.CreateUser(t.Context(), numbered("u1", "79991234567")))
	must(t, s.Users.CreateUser(t.Context(), numbered("u2", "+7 999 123-45-67")))
	must(t, s.Users.CreateUser(t.Context(), numbered("u3", "+7 (999) 123-45-67")))
	if got := foundBy(t, s, "phone_number", "+79991234567"); got != "" {
		t.Errorf("three users have the number, and %q was found", got)
	}
	for _, id := range []string{"u1", "u3"} {
		_, err := s.Users.UpdateUser(t.Context(), id, func(u *idp.User) error {
			delete(u.Attributes, "phone_number")
			return nil
		})
		must(t, err)
	}
	if got := foundBy(t, s, "phone_number", "+79991234567"); got != "u2" {
		t.Errorf("one user has the number now, and %q was found", got)
	}
}

func changesNumber(t *testing.T, s Stores) {
	const first, second = "+79990000001", "+79990000002"
	found := func(when, wantFirst, wantSecond string) {
		t.Helper()
		if a, b := foundBy(t, s, "phone_number", first), foundBy(t, s, "phone_number", second); a != wantFirst || b != wantSecond {
			t.Errorf("%s: %q and %q are found, want %q and %q", when, a, b, wantFirst, wantSecond)
		}
	}
	u := numbered("u1", first)
	u.Blocked = true
	must(t, s.Users.CreateUser(t.Context(), u))
	found("created, blocked", "u1", "")

	refusal := errors.New("refused")
	_, err := s.Users.UpdateUser(t.Context(), "u1", func(u *idp.User) error {
		u.Attributes["phone_number"] = second
		return refusal
	})
	wantError(t, "update", err, refusal)
	found("a refused update", "u1", "")

	must(t, s.Users.CreateUser(t.Context(), &idp.User{ID: "u2", Login: "boris"}))
	_, err = s.Users.UpdateUser(t.Context(), "u1", func(u *idp.User) error {
		u.Attributes["phone_number"], u.Login = second, "boris"
		return nil
	})
	wantError(t, "update to a login that is taken", err, idp.ErrTaken)
	found("an update that failed", "u1", "")

	_, err = s.Users.UpdateUser(t.Context(), "u1", func(u *idp.User) error {
		u.Attributes["phone_number"], u.Attributes["work"] = second, "7 999 000-00-01"
		return nil
	})
	must(t, err)
	found("updated in place", "", "u1")
	if got := foundBy(t, s, "work", first); got != "u1" {
		t.Errorf("by the new attribute %q is found", got)
	}

	must(t, s.Users.ResetUser(t.Context(), "u1", func(u *idp.User) error {
		u.Attributes = map[string]string{"phone_number": first}
		return nil
	}))
	found("reset", "u1", "")
	if got := foundBy(t, s, "work", first); got != "" {
		t.Errorf("by the attribute that is gone %q is found", got)
	}
	full, err := s.Users.UserByNumber(t.Context(), "phone_number", first)
	must(t, err)
	if full.Login != "u1" || !full.Blocked || full.Attribute("phone_number") != first {
		t.Errorf("found %+v", full)
	}
}
