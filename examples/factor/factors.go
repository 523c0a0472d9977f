package main

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/ringtail-id/ringtail/factors"
	"github.com/ringtail-id/ringtail/factors/flashcall"
	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/factors/password"
	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/drivers"
	"github.com/ringtail-id/ringtail/loops/egress"
	"github.com/ringtail-id/ringtail/loops/host"
	"github.com/ringtail-id/ringtail/loops/sandbox"
)

// proofs are the two methods of the login page, and what they need to run.
type proofs struct {
	password, call factors.Method
	engine         *otp.Engine
	workers        *sandbox.Pool
}

// newProofs makes both methods. phone is where the virtual phone listens, worker the
// command that starts a worker.
func newProofs(ctx context.Context, phone string, worker []string) (*proofs, error) {
	hash, err := newHash()
	if err != nil {
		return nil, err
	}
	known, err := newPassword(ctx, hash)
	if err != nil {
		return nil, err
	}
	workers, err := sandbox.New(sandbox.Options{Command: worker, Size: 1})
	if err != nil {
		return nil, err
	}
	engine, err := newEngine(workers, phone, hash)
	if err != nil {
		return nil, errors.Join(err, workers.Close())
	}
	call := flashcall.New(flashcall.Options{Engine: engine, Settings: func() flashcall.Settings {
		// Countries are a closed list: a call abroad costs, and somebody may be paid for it.
		return flashcall.Settings{PhoneAttribute: attributePhone, Numbers: flashcall.Numbers{Countries: []string{"RU"}}}
	}})
	return &proofs{password: known, call: call, engine: engine, workers: workers}, nil
}

// newHash gives the keyed hash under which codes and counters are kept. A real
// provider keeps its key: with a new one nothing that was stored is found again.
func newHash() (func(parts ...string) string, error) {
	key := make([]byte, 32)
	if _, err := rand.Read(key); err != nil {
		return nil, fmt.Errorf("making a key: %w", err)
	}
	return func(parts ...string) string {
		mac := hmac.New(sha256.New, key)
		// JSON says where a part ends, so that no two lists of parts are alike.
		_ = json.NewEncoder(mac).Encode(parts)
		return hex.EncodeToString(mac.Sum(nil))
	}, nil
}

// newPassword is the method "password" over the one account there is.
func newPassword(ctx context.Context, hash func(parts ...string) string) (factors.Method, error) {
	hasher, err := password.NewHasher(password.HasherOptions{Params: password.DefaultParams()})
	if err != nil {
		return nil, err
	}
	phc, err := hasher.Hash(ctx, "ring-the-phone")
	if err != nil {
		return nil, err
	}
	return password.New(password.Options{
		Accounts: accounts{hash: phc}, Store: &password.Memory{}, Hasher: hasher, Settings: password.DefaultSettings, Hash: hash,
		Normalize: normalize,
	})
}

// newEngine is the engine of the codes: which driver brings them, and how.
func newEngine(workers *sandbox.Pool, phone string, hash func(parts ...string) string) (*otp.Engine, error) {
	shipped, err := drivers.Shipped()
	if err != nil {
		return nil, err
	}
	driver := drivers.Find(shipped, "virtual-phone")
	if driver == nil {
		return nil, errors.New("the driver virtual-phone isn't there")
	}
	// The virtual phone is on this machine and speaks plain http; a real provider
	// needs no allowance.
	requests := egress.New(egress.Options{Allow: []egress.Allowance{
		{Host: "localhost:*", Plain: true, Private: true}, {Host: "127.0.0.1:*", Plain: true, Private: true},
	}})
	route := flashcall.Route{
		ID: "phone", Channel: loops.ChannelFlashCall, Driver: driver,
		Secrets: func(context.Context) (map[string]string, error) {
			return map[string]string{"URL": phone, "TOKEN": phoneToken}, nil
		},
	}
	return otp.New(otp.Options{
		Method: flashcall.ID, Store: &otp.Memory{}, Hash: hash, Settings: otp.DefaultSettings,
		Sender: flashcall.NewSender(flashcall.SenderOptions{
			Runner: host.New(host.Options{Steps: workers, Requests: requests}),
			Routes: func() []flashcall.Route { return []flashcall.Route{route} },
		}),
	})
}

const (
	attributePhone = "phone"
	annsPhone      = "+79990000001"
)

// ann is who can sign in here.
func ann() factors.Person {
	return factors.Person{ID: "ann-1", Login: "ann", Attributes: map[string]string{attributePhone: annsPhone}}
}

func normalize(login string) string { return strings.ToLower(strings.TrimSpace(login)) }

// accounts are password.Accounts with one person, whose password never changes.
type accounts struct{ hash string }

// AccountByLogin implements password.Accounts.
func (a accounts) AccountByLogin(_ context.Context, login string) (password.Account, error) {
	if normalize(login) != ann().Login {
		return password.Account{}, password.ErrNoAccount
	}
	return password.Account{Person: ann(), Hash: a.hash}, nil
}

// SetHash implements password.Accounts: it would keep a stronger hash of the same
// password.
func (a accounts) SetHash(context.Context, string, string, string) error { return nil }
