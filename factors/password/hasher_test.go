package password_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/factors/password"
)

func hasher(t *testing.T, p password.Params) *password.Hasher {
	t.Helper()
	h, err := password.NewHasher(password.HasherOptions{Params: p})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestHashIsPHC(t *testing.T) {
	hash, err := hasher(t, password.Params{}).Hash(context.Background(), right)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("hash is %s, want OWASP's parameters", hash)
	}
	again, err := hasher(t, password.Params{}).Hash(context.Background(), right)
	if err != nil || again == hash {
		t.Errorf("two hashes of a password are equal (%v)", err)
	}
}

func TestUnusablePasswords(t *testing.T) {
	h := hasher(t, tiny)
	for name, pass := range map[string]string{
		"empty": "", "too long": strings.Repeat("a", password.MaxLength+1), "not UTF-8": "\xff",
	} {
		if _, err := h.Hash(context.Background(), pass); !errors.Is(err, password.ErrUnusable) {
			t.Errorf("%s: %v, want ErrUnusable", name, err)
		}
	}
	if _, err := h.Hash(context.Background(), strings.Repeat("a", password.MaxLength)); err != nil {
		t.Errorf("the longest password: %v", err)
	}
}

func TestParamsOutOfRange(t *testing.T) {
	for _, p := range []password.Params{
		{Memory: 7, Time: 1, Threads: 1}, {Memory: 8, Time: 0, Threads: 1}, {Memory: 8, Time: 1, Threads: 0},
		{Memory: 1 << 30, Time: 1, Threads: 1}, {Memory: 8, Time: 1000, Threads: 1},
	} {
		if _, err := password.NewHasher(password.HasherOptions{Params: p}); err == nil {
			t.Errorf("parameters %+v are accepted", p)
		}
	}
}

// TestForeignHash reads a hash that another program made: the reference
// implementation's own test vector for argon2id.
func TestForeignHash(t *testing.T) {
	const foreign = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"
	w := newWorld(t)
	a := w.accounts["demo"]
	a.Hash = foreign
	w.accounts["demo"] = a
	if _, err := w.try("demo", "password"); err != nil {
		t.Fatal(err)
	}
	if len(w.sets) != 1 || !strings.HasPrefix(w.sets[0], "$argon2id$v=19$m=8,t=1,p=1$") {
		t.Errorf("the hash was renewed to %v, want one with today's parameters", w.sets)
	}
}

func TestUnreadableHashes(t *testing.T) {
	const salt, key = "c29tZXNhbHQ", "nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"
	for _, hash := range []string{
		"password", "$argon2i$v=19$m=256,t=2,p=1$" + salt + "$" + key, "$argon2id$v=16$m=256,t=2,p=1$" + salt + "$" + key,
		"$argon2id$v=19$m=4294967295,t=2,p=1$" + salt + "$" + key, "$argon2id$v=19$m=256,t=2,p=0$" + salt + "$" + key,
		"$argon2id$v=19$m=256,t=2,p=1,x=1$" + salt + "$" + key, "$argon2id$v=19$m=256,t=2,p=1$" + salt + "$",
		"$argon2id$v=19$m=256,t=2,p=1$" + salt + "$!!!", "$argon2id$v=19$m=256,t=2,p=1$" + salt,
	} {
		w := newWorld(t)
		a := w.accounts["demo"]
		a.Hash = hash
		w.accounts["demo"] = a
		if proof, err := w.try("demo", "password"); proof != nil || told(err) == "" {
			t.Errorf("hash %s let somebody in", hash)
		}
		if !strings.Contains(w.log.String(), "password hash unusable") {
			t.Errorf("hash %s isn't reported", hash)
		}
	}
}

func TestNFC(t *testing.T) {
	const composed, decomposed = "caf\u00e9", "cafe\u0301"
	w := newWorld(t)
	hash, err := hasher(t, tiny).Hash(context.Background(), decomposed)
	if err != nil {
		t.Fatal(err)
	}
	a := w.accounts["demo"]
	a.Hash = hash
	w.accounts["demo"] = a
	if _, err := w.try("demo", composed); err != nil {
		t.Errorf("the same characters in another form: %v", err)
	}
}

func TestRehash(t *testing.T) {
	w := newWorld(t)
	w.use(t, hasher(t, password.Params{Memory: 16, Time: 1, Threads: 1}))
	for range 2 {
		if _, err := w.try("demo", right); err != nil {
			t.Fatal(err)
		}
	}
	if len(w.sets) != 1 || !strings.Contains(w.accounts["demo"].Hash, "m=16,t=1,p=1") {
		t.Errorf("renewed %d times to %s, want once", len(w.sets), w.accounts["demo"].Hash)
	}
	w.use(t, hasher(t, tiny))
	w.refuse = errors.New("disk full")
	if _, err := w.try("demo", right); err != nil {
		t.Errorf("a hash that can't be renewed keeps its owner out: %v", err)
	}
	if _, err := w.try("demo", "wrong"); err == nil || len(w.sets) != 1 {
		t.Error("a wrong password renewed the hash")
	}
}
