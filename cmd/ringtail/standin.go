package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/ringtail-id/ringtail/loops/standin"
	"github.com/ringtail-id/ringtail/loops/standin/providers"
)

// standinGrace is how long a stand-in waits for requests in progress.
const standinGrace = time.Second

func standinCommand(std stdio) *cobra.Command {
	var address string
	var secrets []string
	var names bool
	cmd := &cobra.Command{
		Use: "standin [NAME]", Short: "Play a telephone provider, to try its driver against", Args: args(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, given []string) error {
			switch {
			case names && len(given) == 0:
				fmt.Fprintln(std.out, strings.Join(providers.Names(), "\n"))
				return nil
			case names, len(given) == 0:
				return usageError{errors.New("write: ringtail standin NAME, or ringtail standin --list")}
			}
			if _, _, err := net.SplitHostPort(address); err != nil {
				return usageError{fmt.Errorf("--listen %s: write HOST:PORT, like localhost:8410", address)}
			}
			own, err := parseSecrets(secrets)
			if err != nil {
				return err
			}
			return playProvider(cmd.Context(), given[0], address, own, std)
		},
	}
	cmd.Flags().StringVar(&address, "listen", "localhost:8410", "the `ADDRESS` to listen at, plain HTTP")
	cmd.Flags().StringArrayVar(&secrets, "secret", nil, "a credential that the stand-in wants in place of its own, `NAME=VALUE`; may be repeated")
	cmd.Flags().BoolVar(&names, "list", false, "print the names of the providers")
	return cmd
}

// parseSecrets reads NAME=VALUE.
func parseSecrets(list []string) (map[string]string, error) {
	out := map[string]string{}
	for _, secret := range list {
		name, value, ok := strings.Cut(secret, "=")
		if !ok {
			return nil, usageError{errors.New("--secret: write NAME=VALUE")}
		}
		out[name] = value
	}
	return out, nil
}

// playProvider serves a stand-in until ctx ends. "ready" stands alone on the last line.
func playProvider(ctx context.Context, name, address string, secrets map[string]string, std stdio) error {
	sender := standin.NewSender()
	stand, err := providers.New(name, providers.Options{Secrets: secrets, Send: sender.Send})
	if err != nil && !slices.Contains(providers.Names(), name) {
		return fmt.Errorf("%w; 'ringtail standin --list' shows those that there are", err)
	}
	if err != nil {
		return err
	}
	l, err := listen(address, "choose another address with --listen")
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(std.err, nil))
	if _, err := fmt.Fprintf(std.out, "%sready\n", stand.Description("http://"+l.Addr().String())); err != nil {
		return errors.Join(err, l.Close())
	}
	background, stop := context.WithCancel(ctx)
	group, failed := errgroup.WithContext(background)
	group.Go(func() error {
		defer stop()
		return serveAll(failed, leaving{grace: standinGrace}, endpoint{listener: l, handler: stand})
	})
	group.Go(func() error {
		sender.Run(failed, func(line string) { log.Info(line) })
		return nil
	})
	return group.Wait()
}
