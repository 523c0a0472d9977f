package vault_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/keyring"
	"github.com/ringtail-id/ringtail/idp/store"
	"github.com/ringtail-id/ringtail/idp/store/sqlitetest"
	"github.com/ringtail-id/ringtail/idp/vault"
	"github.com/ringtail-id/ringtail/loops/tokens"
	"github.com/ringtail-id/ringtail/loops/tokens/tokenstest"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func database(t *testing.T) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{URL: sqlitetest.URL(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func keys(t *testing.T, first byte) *keyring.Keyring {
	t.Helper()
	k, err := keyring.New(append([]byte{first}, make([]byte, 31)...), nil)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func secrets(t *testing.T, records vault.Records) *vault.Secrets {
	t.Helper()
	return vault.NewSecrets(records, keys(t, 1), func() time.Time { return noon })
}

func TestSecretsGoToTheirDriverAlone(t *testing.T) {
	s, ctx := secrets(t, database(t)), context.Background()
	for _, put := range [][3]string{{"a", "KEY", "of a"}, {"b", "KEY", "of b"}, {"a", "KEY", "of a, newer"}} {
		if err := s.Put(ctx, put[0], put[1], put[2]); err != nil {
			t.Fatal(err)
		}
	}
	got, err := s.Of(ctx, "a", map[string]string{"KEY": "of the settings", "URL": "u"})
	if err != nil || len(got) != 2 || got["KEY"] != "of a, newer" || got["URL"] != "u" {
		t.Errorf("a has %v, %v", got, err)
	}
	if got, err := s.Of(ctx, "c", nil); err != nil || len(got) != 0 {
		t.Errorf("c has %v, %v", got, err)
	}
	list, err := s.List(ctx)
	if err != nil || len(list) != 2 || list[0] != (vault.Listed{Driver: "a", Name: "KEY", UpdatedAt: noon}) {
		t.Errorf("listed are %v, %v", list, err)
	}
	if err := s.Remove(ctx, "a", "KEY"); err != nil {
		t.Fatal(err)
	}
	if err := s.Remove(ctx, "a", "KEY"); !errors.Is(err, idp.ErrNotFound) {
		t.Errorf("removed twice: %v", err)
	}
}

func TestSecretsRestSealedAndInTheirPlace(t *testing.T) {
	data, ctx := database(t), context.Background()
	s := secrets(t, data)
	if err := s.Put(ctx, "a", "KEY", "in-clear-text"); err != nil {
		t.Fatal(err)
	}
	records, err := data.SecretsOf(ctx, "a")
	if err != nil || len(records) != 1 || bytes.Contains(records[0].Sealed, []byte("clear")) {
		t.Fatalf("at rest: %q, %v", records, err)
	}
	moved := records[0]
	moved.Driver = "b"
	if err := data.PutSecret(ctx, moved); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Of(ctx, "b", nil); !errors.Is(err, keyring.ErrSealed) || strings.Contains(err.Error(), "clear") {
		t.Errorf("moved to another driver it gives %v, %v", got, err)
	}
	if _, err := vault.NewSecrets(data, keys(t, 2), nil).Of(ctx, "a", nil); !errors.Is(err, keyring.ErrSealed) {
		t.Errorf("under another master key: %v", err)
	}
}

func TestSecretsThatAreNone(t *testing.T) {
	s := secrets(t, database(t))
	for name, tc := range map[string]struct {
		driver, secret, value string
		want                  error
	}{
		"driver":    {"../a", "KEY", "v", vault.ErrDriverName},
		"name":      {"a", "MY-KEY", "v", vault.ErrSecretName},
		"no value":  {"a", "KEY", "", vault.ErrSize},
		"too large": {"a", "KEY", strings.Repeat("x", vault.MaxSecret+1), vault.ErrSize},
	} {
		if err := s.Put(context.Background(), tc.driver, tc.secret, tc.value); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTokensPassTheSuite(t *testing.T) {
	tokenstest.Run(t, func(t *testing.T) tokens.Store { return vault.NewTokens(database(t), keys(t, 1)) })
}

// spy remembers what reached the store.
type spy struct {
	tokens.Store
	seen []string
}

func (s *spy) KeepToken(ctx context.Context, key string, t tokens.Token) error {
	s.seen = append(s.seen, key, t.Value)
	return s.Store.KeepToken(ctx, key, t)
}

func TestTokensRestSealed(t *testing.T) {
	inner, ctx := &spy{Store: &tokens.Memory{}}, context.Background()
	v := vault.NewTokens(inner, keys(t, 1))
	if err := v.KeepToken(ctx, "a/key-in-clear", tokens.Token{ID: "1", Value: "token-in-clear", Until: noon.Add(time.Hour)}); err != nil {
		t.Fatal(err)
	}
	if text := strings.Join(inner.seen, " "); len(inner.seen) != 2 || strings.Contains(text, "clear") {
		t.Errorf("at rest: %s", text)
	}
	if got, err := vault.NewTokens(inner, keys(t, 2)).FindToken(ctx, "a/key-in-clear", noon); err != nil || got.ID != "" {
		t.Errorf("under another master key: %v, %v", got, err)
	}
	// A sealed token that was put into another key's row is no token there.
	other := vault.NewTokens(inner, keys(t, 1))
	if err := inner.Store.KeepToken(ctx, keys(t, 1).Hash("driver-token", "b"), tokens.Token{ID: "1", Value: inner.seen[1], Until: noon.Add(time.Hour)}); err != nil {
		t.Fatal(err)
	}
	if got, err := other.FindToken(ctx, "b", noon); err != nil || got.ID != "" {
		t.Errorf("moved: %v, %v", got, err)
	}
	if got, err := other.FindToken(ctx, "a/key-in-clear", noon); err != nil || got.Value != "token-in-clear" {
		t.Errorf("in its place: %v, %v", got, err)
	}
	// Nor is one whose life was made longer where it rests.
	if err := inner.Store.KeepToken(ctx, inner.seen[0], tokens.Token{ID: "1", Value: inner.seen[1], Until: noon.Add(100 * time.Hour)}); err != nil {
		t.Fatal(err)
	}
	if got, err := other.FindToken(ctx, "a/key-in-clear", noon); err != nil || got.ID != "" {
		t.Errorf("with a longer life: %v, %v", got, err)
	}
}

// Two nodes on one database log in once between them, and both give up a token that was refused.
func TestNodesShareTokens(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ringtail.db")
	var logins atomic.Int64
	login := func(context.Context) (tokens.Granted, error) {
		return tokens.Granted{Token: fmt.Sprint("token ", logins.Add(1)), For: time.Hour}, nil
	}
	var nodes []*tokens.Cache
	for range 2 {
		data, err := store.Open(t.Context(), store.Options{URL: "sqlite:" + path})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = data.Close() })
		nodes = append(nodes, tokens.New(tokens.Options{Store: vault.NewTokens(data, keys(t, 1)),
			Wait: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }}))
	}
	all := func() (out []tokens.Token) {
		got := make(chan tokens.Token, 16)
		for n := range cap(got) {
			go func() {
				token, err := nodes[n%2].Get(context.Background(), "k", login)
				if err != nil {
					t.Error(err)
				}
				got <- token
			}()
		}
		for range cap(got) {
			out = append(out, <-got)
		}
		return out
	}
	first := all()
	for _, token := range first {
		if token.Value != "token 1" {
			t.Errorf("%v after the first login", token)
		}
	}
	for n, token := range first { // every run was refused with it
		if err := nodes[n%2].Drop(context.Background(), "k", token); err != nil {
			t.Fatal(err)
		}
	}
	for _, token := range all() {
		if token.Value != "token 2" {
			t.Errorf("%v after the second login", token)
		}
	}
}
