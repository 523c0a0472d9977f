// Command embed mounts Ringtail in another Go program: the program has pages of
// its own, and the provider lives below /blitz of the same listener.
//
// It signs people in with a password alone; give server.Options a FlashCall to
// ring their phones.
package main

import (
	"context"
	"errors"
	"log"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"time"

	"github.com/ringtail-id/ringtail/factors/password"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/keyring"
	"github.com/ringtail-id/ringtail/idp/login"
	"github.com/ringtail-id/ringtail/idp/server"
	"github.com/ringtail-id/ringtail/idp/store"
)

const address = "localhost:8450"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := serve(ctx)
	stop()
	if err != nil {
		log.Print(err)
		os.Exit(1)
	}
}

func serve(ctx context.Context) (err error) {
	dir, err := os.MkdirTemp("", "embed-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	data, err := store.Open(ctx, store.Options{URL: "sqlite:" + filepath.Join(dir, "embed.db")})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, data.Close()) }()
	handler, provider, err := mount("http://"+address, data)
	if err != nil {
		return err
	}
	web := &http.Server{Addr: address, Handler: handler, ReadHeaderTimeout: 5 * time.Second}
	go func() {
		<-ctx.Done()
		_ = web.Close()
	}()
	go provider.Run(ctx)
	log.Print("serving on http://" + address)
	if err := web.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// mount gives a handler with the program's own page and the provider beside it.
func mount(origin string, data *store.Store) (http.Handler, *server.Server, error) {
	// A real program keeps its master key; this one forgets everything at its end.
	ring, err := keyring.New(make([]byte, keyring.MasterKeyBytes), nil)
	if err != nil {
		return nil, nil, err
	}
	provider, err := server.New(server.Options{
		Issuer: origin + "/blitz", Store: data, Keyring: ring,
		Policy:   login.Policy{Level: 1, First: []string{password.ID}},
		Session:  server.Session{Idle: time.Hour, Life: 8 * time.Hour},
		Password: server.Password{Settings: password.DefaultSettings(), Params: password.DefaultParams()},
		Apps:     []idp.Client{{ID: "app", AuthMethod: idp.AuthNone, RedirectURIs: []string{origin + "/callback"}, Grants: []string{idp.GrantCode}, SigningAlg: "ES256"}},
	})
	if err != nil {
		return nil, nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/blitz/", provider.Handler())
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("The provider is below /blitz.\n"))
	})
	return mux, provider, nil
}
