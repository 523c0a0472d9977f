package idp_test

import (
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/idp"
)

func TestLoginsThatAreTheSame(t *testing.T) {
	for name, pair := range map[string][2]string{
		"letter case":          {"Alice", "aLICE"},
		"Cyrillic case":        {"Анна", "АННА"},
		"blanks around":        {" alice\t", "alice"},
		"composition":          {"caf\u00e9", "cafe\u0301"},
		"ligature":             {"\ufb01n", "fin"},
		"full width":           {"\uff21lice", "alice"},
		"case after composing": {"CAFE\u0301", "caf\u00e9"},
	} {
		if a, b := idp.NormalizeLogin(pair[0]), idp.NormalizeLogin(pair[1]); a != b {
			t.Errorf("%s: %q and %q differ", name, a, b)
		}
		if once := idp.NormalizeLogin(pair[0]); idp.NormalizeLogin(once) != once {
			t.Errorf("%s: normalizing twice changes %q", name, once)
		}
	}
}

func TestValidLogins(t *testing.T) {
	for login, want := range map[string]bool{
		"alice": true, "Анна Иванова": true, "a@b.example": true,
		"": false, "  ": false, "a\u200bb": false, "a\nb": false, "a\x00b": false, "\xff": false, strings.Repeat("a", 257): false,
	} {
		if got := idp.ValidLogin(login); got != want {
			t.Errorf("ValidLogin(%q) = %v, want %v", login, got, want)
		}
	}
}
