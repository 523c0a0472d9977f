package main

import (
	"context"
	"errors"
	"log"
	"net/http"
	"os"
	"os/signal"
	"time"

	"github.com/ringtail-id/ringtail/loops/sandbox"
	"github.com/ringtail-id/ringtail/loops/standin"
)

const (
	address      = "localhost:8460"
	phoneAddress = "localhost:8461"
	// phoneToken is what the driver shows to the virtual phone.
	phoneToken = "the-phone-knows-it"
)

// workerArgument makes this program a worker that runs drivers, and nothing else.
const workerArgument = "loop-worker"

func main() {
	if len(os.Args) > 1 && os.Args[1] == workerArgument {
		os.Exit(sandbox.WorkerMain(os.Stdin, os.Stdout))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := serve(ctx)
	stop()
	if err != nil {
		log.Print(err)
		os.Exit(1)
	}
}

func serve(ctx context.Context) (err error) {
	phone, err := standin.NewPhone(standin.PhoneOptions{Token: phoneToken})
	if err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	p, err := newProvider(ctx, settings{
		issuer: "http://" + address, phone: "http://" + phoneAddress, worker: []string{self, workerArgument},
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	go p.Run(ctx)
	log.Print("the provider is http://" + address + ", ann's phone http://" + phoneAddress)
	return listen(ctx, map[string]http.Handler{address: p, phoneAddress: phone})
}

// listen serves each handler at its address until ctx ends.
func listen(ctx context.Context, at map[string]http.Handler) error {
	ended := make(chan error, len(at))
	for address, handler := range at {
		web := &http.Server{Addr: address, Handler: handler, ReadHeaderTimeout: 5 * time.Second}
		go func() { ended <- web.ListenAndServe() }()
		defer web.Close()
	}
	select {
	case <-ctx.Done():
		return nil
	case err := <-ended:
		return err
	}
}
