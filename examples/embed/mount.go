package main

import (
	"context"
	"crypto/rand"
	"time"

	"github.com/ringtail-id/ringtail/factors/password"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/keyring"
	"github.com/ringtail-id/ringtail/idp/login"
	"github.com/ringtail-id/ringtail/idp/server"
	"github.com/ringtail-id/ringtail/idp/store"
)

// clientID is what the provider calls this program.
const clientID = "app"

// mount makes the provider of the issuer origin/blitz, with one user.
func mount(ctx context.Context, origin string, data *store.Store) (*server.Server, error) {
	// A real program keeps its master key: without it nothing that was stored can be
	// read. This one forgets its data at its end, and the key with them.
	master := make([]byte, keyring.MasterKeyBytes)
	if _, err := rand.Read(master); err != nil {
		return nil, err
	}
	ring, err := keyring.New(master, nil)
	if err != nil {
		return nil, err
	}
	if err := addUser(ctx, data); err != nil {
		return nil, err
	}
	return server.New(server.Options{
		Issuer: origin + "/blitz", Store: data, Keyring: ring,
		Policy:   login.Policy{Level: 1, First: []string{password.ID}},
		Session:  server.Session{Idle: time.Hour, Life: 8 * time.Hour},
		Password: server.Password{Settings: password.DefaultSettings(), Params: password.DefaultParams()},
		Apps: []idp.Client{{
			ID: clientID, Name: "The embedding program", AuthMethod: idp.AuthNone, RedirectURIs: []string{origin + "/callback"},
			Grants: []string{idp.GrantCode}, SigningAlg: "ES256",
		}},
	})
}

func addUser(ctx context.Context, data *store.Store) error {
	hasher, err := password.NewHasher(password.HasherOptions{Params: password.DefaultParams()})
	if err != nil {
		return err
	}
	phc, err := hasher.Hash(ctx, "ring-the-phone")
	if err != nil {
		return err
	}
	id, err := idp.NewID(nil)
	if err != nil {
		return err
	}
	return data.CreateUser(ctx, &idp.User{ID: id, Login: "ann", PasswordHash: phc, Attributes: map[string]string{"name": "Ann"}})
}
