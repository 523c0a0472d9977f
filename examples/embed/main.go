// Command embed mounts Ringtail in another Go program: the program has pages of its
// own, the provider lives below /blitz of the same listener, and people sign in to
// the one through the other.
//
//	go run ./examples/embed
//
// and open http://localhost:8450: sign in as ann with the password "ring-the-phone".
//
// # What to copy
//
// mount.go is the provider: server.New takes a database (store.Open), a master key
// (keyring.New), who may sign in how (login.Policy) and the applications, and gives an
// http.Handler. Put it at the path of the issuer, and call Run in the background: it
// rotates keys, sweeps, and places calls. Give Options a FlashCall to ring people's
// phones; cmd/ringtail/compose.go shows how one is made of settings.
//
// app.go is the program itself, a relying party like any other. It talks to the
// provider by HTTP alone, so that it can move out of the house later.
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
	origin := "http://" + address
	provider, err := mount(ctx, origin, data)
	if err != nil {
		return err
	}
	web := &http.Server{Addr: address, Handler: routes(origin, provider.Handler()), ReadHeaderTimeout: 5 * time.Second}
	go func() {
		<-ctx.Done()
		_ = web.Close()
	}()
	ended := make(chan error, 1)
	go func() { ended <- provider.Run(ctx) }()
	log.Print("serving on " + origin)
	if err := web.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-ended
}

// routes are the program's own pages, and the provider beside them.
func routes(origin string, provider http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/blitz/", provider)
	own := &app{origin: origin, issuer: origin + "/blitz"}
	mux.HandleFunc("GET /{$}", own.home)
	mux.HandleFunc("POST /sign-in", own.signIn)
	mux.HandleFunc("GET /callback", own.callback)
	return mux
}
