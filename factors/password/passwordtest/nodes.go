package passwordtest

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/factors"
	"github.com/ringtail-id/ringtail/factors/password"
)

// nobody is accounts without any account; it counts how many were looked for,
// which happens once per password that is compared.
type nobody struct{ looked atomic.Int64 }

// AccountByLogin is password.Accounts'.
func (n *nobody) AccountByLogin(context.Context, string) (password.Account, error) {
	n.looked.Add(1)
	return password.Account{}, password.ErrNoAccount
}

// SetHash is password.Accounts'.
func (n *nobody) SetHash(context.Context, string, string, string) error { return nil }

// nodes are two methods that share nothing but the store.
func nodes(t *testing.T, s password.Store, set password.Settings) ([2]*password.Method, *nobody) {
	t.Helper()
	accounts, methods := new(nobody), [2]*password.Method{}
	for i := range methods {
		hasher, err := password.NewHasher(password.HasherOptions{
			Params: password.Params{Memory: 8, Time: 1, Threads: 1}, Parallel: 32, MaxWait: time.Minute,
		})
		if err != nil {
			t.Fatal(err)
		}
		methods[i], err = password.New(password.Options{
			Accounts: accounts, Store: s, Hasher: hasher, Settings: func() password.Settings { return set },
			Hash: func(parts ...string) string { return strings.Join(parts, "|") }, Normalize: strings.ToLower,
			Now: func() time.Time { return noon },
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return methods, accounts
}

// looked tries 64 wrong passwords at once at two nodes and returns how many
// were compared.
func looked(t *testing.T, s password.Store, set password.Settings) int64 {
	t.Helper()
	methods, accounts := nodes(t, s, set)
	var all sync.WaitGroup
	for i := range 64 {
		all.Go(func() {
			answer := factors.Answer{Fields: map[string]string{password.FieldLogin: "Nobody", password.FieldPassword: "guess"}}
			proof, err := methods[i%2].Answer(context.Background(), factors.Login{ID: "login", Factor: 1}, answer)
			if proof != nil || factors.AsProblem(err) == nil {
				t.Errorf("a guess gave %+v, %v", proof, err)
			}
		})
	}
	all.Wait()
	return accounts.looked.Load()
}

func blocksGuesses(t *testing.T, s password.Store) {
	if n := looked(t, s, password.Settings{BlockAfter: 5, Block: time.Minute}); n != 5 {
		t.Errorf("%d of 64 guesses were compared, want 5", n)
	}
}

func holdsThroughput(t *testing.T, s password.Store) {
	set := password.Settings{Throughput: password.Throughput{Limit: 3, Window: 600 * time.Millisecond}}
	if n := looked(t, s, set); n != 3 {
		t.Errorf("%d of 64 guesses were compared in one window, want 3", n)
	}
}
