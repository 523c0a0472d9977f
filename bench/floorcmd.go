package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"github.com/ringtail-id/ringtail/bench/floor"
	"github.com/ringtail-id/ringtail/bench/run"
)

func floorCommand() *cobra.Command {
	var listen, store string
	cmd := &cobra.Command{
		Use: "floor", Short: "Serve a provider that does nothing but the flow, to be measured", Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			l, err := net.Listen("tcp", listen)
			if err != nil {
				return err
			}
			client := run.Client()
			handler, err := floor.New(cmd.Context(), floor.Options{
				Issuer: "http://" + listen, Store: store, ClientID: client.ID, ClientSecret: client.Secret, RedirectURI: client.Redirect, Password: client.Password,
			})
			if err != nil {
				return err
			}
			server := &http.Server{Handler: handler, ReadHeaderTimeout: 5 * time.Second}
			defer context.AfterFunc(cmd.Context(), func() { server.Close() })()
			fmt.Fprintln(cmd.OutOrStdout(), "ready")
			if err := server.Serve(l); err != http.ErrServerClosed {
				return err
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&listen, "listen", "localhost:8499", "`HOST:PORT`")
	cmd.Flags().StringVar(&store, "store", "", "sqlite:`PATH` of a new file; memory without it")
	return cmd
}
