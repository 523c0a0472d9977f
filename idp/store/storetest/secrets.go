package storetest

import (
	"reflect"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/vault"
)

func someSecret(driver, name string) vault.Record {
	return vault.Record{Driver: driver, Name: name, Sealed: []byte{0, 1, 0xff}, UpdatedAt: noon}
}

func keepsSecret(t *testing.T, s Stores) {
	want := someSecret("new-tel", "API_KEY")
	wantFull(t, want)
	must(t, s.Secrets.PutSecret(t.Context(), want))
	want.Sealed, want.UpdatedAt = []byte("another"), noon.Add(time.Hour)
	must(t, s.Secrets.PutSecret(t.Context(), want))
	got, err := s.Secrets.SecretsOf(t.Context(), "new-tel")
	must(t, err)
	if !reflect.DeepEqual(got, []vault.Record{want}) {
		t.Errorf("secrets are %+v, want %+v", got, want)
	}
}

func listsSecrets(t *testing.T, s Stores) {
	for _, r := range []vault.Record{someSecret("b", "X"), someSecret("a", "Y"), someSecret("a", "X")} {
		must(t, s.Secrets.PutSecret(t.Context(), r))
	}
	names := func(driver string) []string {
		list, err := s.Secrets.SecretsOf(t.Context(), driver)
		must(t, err)
		out := []string{}
		for _, r := range list {
			out = append(out, r.Driver+"."+r.Name)
		}
		return out
	}
	if got := names(""); !reflect.DeepEqual(got, []string{"a.X", "a.Y", "b.X"}) {
		t.Errorf("all are %v", got)
	}
	must(t, s.Secrets.DeleteSecret(t.Context(), "a", "Y"))
	wantError(t, "deleted twice", s.Secrets.DeleteSecret(t.Context(), "a", "Y"), idp.ErrNotFound)
	if a, c := names("a"), names("c"); !reflect.DeepEqual(a, []string{"a.X"}) || len(c) != 0 {
		t.Errorf("a has %v, c has %v", a, c)
	}
}
