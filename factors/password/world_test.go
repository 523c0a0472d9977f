package password_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/factors"
	"github.com/ringtail-id/ringtail/factors/password"
)

// tiny parameters keep the tests quick.
var tiny = password.Params{Memory: 8, Time: 1, Threads: 1}

const right = "ring-the-phone"

// world is a method with one account, "demo", on memory and a clock that stands.
type world struct {
	*password.Method
	store    *password.Memory
	settings password.Settings
	now      time.Time
	clock    func() time.Time
	log      bytes.Buffer

	mu       sync.Mutex
	accounts map[string]password.Account
	looked   int    // how many accounts were asked for
	enter    func() // where set, AccountByLogin calls it
	refuse   error  // of SetHash
	sets     []string
}

func newWorld(t *testing.T) *world {
	t.Helper()
	return newWorldWith(t, password.HasherOptions{Params: tiny})
}

func newWorldWith(t *testing.T, o password.HasherOptions) *world {
	t.Helper()
	w := &world{
		store: new(password.Memory), now: time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC),
		settings: password.Settings{DelayAfter: 3, Delay: 5 * time.Second, BlockAfter: 5, Block: time.Minute},
		accounts: map[string]password.Account{},
	}
	w.clock = func() time.Time { return w.now }
	hasher, err := password.NewHasher(o)
	if err != nil {
		t.Fatal(err)
	}
	hash, err := hasher.Hash(context.Background(), right)
	if err != nil {
		t.Fatal(err)
	}
	w.accounts["demo"] = password.Account{Person: factors.Person{ID: "person-1", Login: "demo"}, Hash: hash}
	w.use(t, hasher)
	return w
}

// use makes the method anew over another hasher.
func (w *world) use(t *testing.T, hasher *password.Hasher) {
	t.Helper()
	method, err := password.New(password.Options{
		Accounts: w, Store: w.store, Hasher: hasher,
		Settings:  func() password.Settings { return w.settings },
		Hash:      keyed,
		Normalize: func(login string) string { return strings.ToLower(strings.TrimSpace(login)) },
		Now:       func() time.Time { return w.clock() },
		Log:       slog.New(slog.NewTextHandler(&w.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	if err != nil {
		t.Fatal(err)
	}
	w.Method = method
}

func keyed(parts ...string) string {
	mac := hmac.New(sha256.New, []byte("key of the test"))
	for _, p := range parts {
		fmt.Fprintf(mac, "%d:%s", len(p), p)
	}
	return hex.EncodeToString(mac.Sum(nil))
}

func (w *world) AccountByLogin(_ context.Context, login string) (password.Account, error) {
	if w.enter != nil {
		w.enter()
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.looked++
	a, ok := w.accounts[strings.ToLower(strings.TrimSpace(login))]
	if !ok {
		return password.Account{}, password.ErrNoAccount
	}
	return a, nil
}

func (w *world) SetHash(_ context.Context, personID, old, hash string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.refuse != nil {
		return w.refuse
	}
	w.sets = append(w.sets, hash)
	for login, a := range w.accounts {
		if a.Person.ID == personID && a.Hash == old {
			a.Hash = hash
			w.accounts[login] = a
		}
	}
	return nil
}

func (w *world) try(login, pass string) (*factors.Proof, error) {
	return w.Answer(context.Background(), factors.Login{ID: "login-1", Factor: 1}, form(login, pass))
}

func form(login, pass string) factors.Answer {
	return factors.Answer{Fields: map[string]string{password.FieldLogin: login, password.FieldPassword: pass}}
}

// told is what a person learns of an error: the problem and its times.
func told(err error) string {
	p := factors.AsProblem(err)
	if p == nil {
		return fmt.Sprint(err)
	}
	return fmt.Sprint(p.ID, p.Status, p.Field, p.Args)
}
