package store_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/idp"
)

func TestNumberAttributesAreThoseThatHoldNumbers(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "ringtail.db"))
	if names, err := s.NumberAttributes(t.Context()); err != nil || len(names) != 0 {
		t.Errorf("without users: %v, %v", names, err)
	}
	for i, attributes := range []map[string]string{
		{"phone_number": "+79990000001", "name": "Anna"}, {"phone_number": "+79990000002", "work": "8 495 123-45-67"}, {"email": "a@example.org"},
	} {
		if err := s.CreateUser(t.Context(), &idp.User{ID: string(rune('a' + i)), Login: string(rune('a' + i)), Attributes: attributes}); err != nil {
			t.Fatal(err)
		}
	}
	names, err := s.NumberAttributes(t.Context())
	if got := strings.Join(names, " "); err != nil || got != "phone_number work" {
		t.Errorf("the attributes are %q, %v", got, err)
	}
}
