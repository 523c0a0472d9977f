package consent_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/claims"
	"github.com/ringtail-id/ringtail/idp/consent"
	"github.com/ringtail-id/ringtail/templates"
)

func words(t *testing.T, scopes ...claims.Scope) consent.Words {
	t.Helper()
	set, err := claims.New(claims.Options{Scopes: scopes})
	if err != nil {
		t.Fatal(err)
	}
	render, err := templates.New(templates.Options{Asset: func(name string) string { return name }})
	if err != nil {
		t.Fatal(err)
	}
	return consent.Words{Claims: set, Text: func(lang, key string) string { return render.Text(lang, key, nil) }}
}

// Every standard scope and claim is called something in both languages.
func TestStandardItemsHaveWords(t *testing.T) {
	w := words(t)
	for _, lang := range []string{"en", "ru"} {
		var items []consent.Item
		for _, scope := range w.Claims.Scopes() {
			items = append(items, consent.Item{Kind: consent.Scope, Name: scope})
		}
		for _, claim := range w.Claims.Names() {
			items = append(items, consent.Item{Kind: consent.Claim, Name: claim})
		}
		for _, item := range items {
			if w.Title(item, lang) == item.Name {
				t.Errorf("%s %s has no words in %s", item.Kind, item.Name, lang)
			}
		}
	}
}

func TestTitlesOfTheSettingsComeFirst(t *testing.T) {
	w := words(t,
		claims.Scope{Name: "email", Title: map[string]string{"en": "Mail"}, Description: map[string]string{"ru": "Письма"}},
		claims.Scope{Name: "orders"},
	)
	for _, c := range []struct{ got, want string }{
		{w.Title(consent.Item{Kind: consent.Scope, Name: "email"}, "en"), "Mail"},
		{w.Title(consent.Item{Kind: consent.Scope, Name: "orders"}, "en"), "orders"},
		{w.Title(consent.Item{Kind: consent.Scope, Name: "phone"}, "ru"), "Видеть ваш номер телефона"},
		{w.Title(consent.Item{Kind: consent.Claim, Name: "email"}, "en"), "E-mail address"},
		{w.Description(consent.Item{Kind: consent.Scope, Name: "email"}, "ru"), "Письма"},
		{w.Description(consent.Item{Kind: consent.Scope, Name: "phone"}, "en"), ""},
		{w.Description(consent.Item{Kind: consent.Claim, Name: "email"}, "ru"), ""},
	} {
		if c.got != c.want {
			t.Errorf("%q; want %q", c.got, c.want)
		}
	}
	if got := w.Description(consent.Item{Kind: consent.Scope, Name: "offline_access"}, "en"); !strings.Contains(got, "signed out") {
		t.Errorf("offline_access: %q", got)
	}
}

func TestValues(t *testing.T) {
	w := words(t, claims.Scope{Name: "all", Claims: map[string]string{
		"a_mobile": "${phone_number&digits}", "b_call": "Call ${phone_number&digits}", "c_age": "${age&number}", "d_height": "${height&number}",
		"e_staff": "${staff&boolean}", "f_roles": "${roles&list}", "g_long": "${long}", "h_other": "74950000000", "i_missing": "${missing}",
	}})
	u := &idp.User{Login: "anna", Attributes: map[string]string{
		"phone_number": "+7 (999) 123-45-67", "phone_number_verified": "true", "phone_number_verified_at": "1690000000",
		"age": "42", "height": "1.68", "staff": "true", "roles": "admin, editor", "long": strings.Repeat("ä", 300),
		"address": "Lenina 1\r\n101000 Moscow", "street_address": "Lenina 1", "country": "RU",
	}}
	for name, c := range map[string]struct {
		item consent.Item
		want []string
	}{
		"phone":   {consent.Item{Kind: consent.Scope, Name: "phone"}, []string{"+7 999 ***-**-67", "yes", "2023-07-22"}},
		"address": {consent.Item{Kind: consent.Scope, Name: "address"}, []string{"Lenina 1 101000 Moscow, Lenina 1, RU"}},
		"a claim": {consent.Item{Kind: consent.Claim, Name: "phone_number"}, []string{"+7 999 ***-**-67"}},
		"nothing": {consent.Item{Kind: consent.Scope, Name: "email"}, nil},
		"openid":  {consent.Item{Kind: consent.Scope, Name: "openid"}, nil},
		"unknown": {consent.Item{Kind: consent.Scope, Name: "unheard-of"}, nil},
		"types": {consent.Item{Kind: consent.Scope, Name: "all"}, []string{
			"+7 999 ***-**-67", "+7 999 ***-**-67", "42", "1.68", "yes", "admin, editor", strings.Repeat("ä", 200) + "…", "74950000000",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, v := range w.Values(u, c.item, "en") {
				got = append(got, v.Text)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("%q; want %q", got, c.want)
			}
		})
	}
}
