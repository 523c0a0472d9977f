package keyring_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/ringtail-id/ringtail/idp/keyring"
)

func ring(t *testing.T, fill byte) *keyring.Keyring {
	t.Helper()
	k, err := keyring.New(bytes.Repeat([]byte{fill}, keyring.MasterKeyBytes), nil)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestMasterKeyOfAnotherLengthIsRefused(t *testing.T) {
	for _, n := range []int{0, 16, 31, 33} {
		if _, err := keyring.New(make([]byte, n), nil); err == nil {
			t.Errorf("%d bytes were accepted", n)
		}
	}
}

func TestHashesDifferByKeyPurposeAndParts(t *testing.T) {
	a, b := ring(t, 1), ring(t, 2)
	seen := map[string]string{}
	for name, h := range map[string]string{
		"base":          a.Hash("code", "ab", "c"),
		"other split":   a.Hash("code", "a", "bc"),
		"one part":      a.Hash("code", "abc"),
		"empty part":    a.Hash("code", "ab", "c", ""),
		"other purpose": a.Hash("token", "ab", "c"),
		"other key":     b.Hash("code", "ab", "c"),
	} {
		if twin, twice := seen[h]; twice {
			t.Errorf("%s and %s hash alike", name, twin)
		}
		seen[h] = name
	}
}

func TestEqual(t *testing.T) {
	k := ring(t, 1)
	h := k.Hash("code", "1234")
	if !k.Equal(h, "code", "1234") {
		t.Error("the right value was refused")
	}
	if k.Equal(h, "code", "1235") || k.Equal("", "code", "1234") || k.Equal("", "code") {
		t.Error("a wrong value or an empty hash was accepted")
	}
}

func TestSealAndOpen(t *testing.T) {
	k := ring(t, 1)
	box, err := k.Seal("signing-key", []byte("secret"))
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(box, []byte("secret")) {
		t.Error("the box shows its content")
	}
	if plain, err := k.Open("signing-key", box); err != nil || string(plain) != "secret" {
		t.Errorf("open: %q, %v", plain, err)
	}
	changed := append([]byte(nil), box...)
	changed[len(changed)-1] ^= 1
	for name, open := range map[string]func() ([]byte, error){
		"another purpose": func() ([]byte, error) { return k.Open("other", box) },
		"another key":     func() ([]byte, error) { return ring(t, 2).Open("signing-key", box) },
		"a changed box":   func() ([]byte, error) { return k.Open("signing-key", changed) },
		"a short box":     func() ([]byte, error) { return k.Open("signing-key", box[:5]) },
	} {
		if _, err := open(); !errors.Is(err, keyring.ErrSealed) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
