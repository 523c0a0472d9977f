package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ringtail-id/ringtail/bench/load"
	"github.com/ringtail-id/ringtail/bench/page"
	"github.com/ringtail-id/ringtail/bench/run"
)

// loadFlags are those of the load; the target's count with --target alone.
type loadFlags struct {
	run.Options
	into          string
	target        load.Target
	own, accounts []string
}

func loadCommand() *cobra.Command {
	f := &loadFlags{}
	cmd := &cobra.Command{
		Use: "bench", Short: "Put load on Ringtail, or on another provider, and measure what it costs", Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd) },
	}
	flags := cmd.Flags()
	flags.IntSliceVar(&f.Parallel, "at-once", []int{1, 16, 64}, "how many do an operation at once")
	flags.DurationVar(&f.For, "for", time.Second, "how long each operation is done")
	flags.StringSliceVar(&f.Only, "only", nil, "operations, by name; all without it")
	flags.StringVar(&f.Store, "store", "", "the database's `URL`; without it SQLite in a folder that goes away again")
	flags.BoolVar(&f.Floor, "floor", false, "measure a server that does nothing but the flow too")
	flags.StringArrayVar(&f.Set, "set", nil, "a setting of the server, `PATH=VALUE`")
	flags.StringVar(&f.Binary, "binary", "", "the server's `FILE`; without it, it is built")
	flags.StringVar(&f.Profiles, "cpuprofile", "", "a `DIR` for a processor profile of the server for each operation")
	flags.IntVar(&f.ServerProcessor, "server-cpu", 0, "the processor of the server; -1 for any")
	flags.IntVar(&f.LoadProcessor, "load-cpu", 1, "the processor of the load; -1 for any")
	flags.IntVar(&f.Starts, "starts", 5, "how often the time to the first answer is measured")
	flags.StringVar(&f.into, "json", "", "a `FILE` for the report")
	f.targetFlags(cmd)
	return cmd
}

func (f *loadFlags) targetFlags(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.target.Issuer, "target", "", "the issuer's `URL` of a provider that runs already")
	flags.IntVar(&f.PID, "pid", 0, "the process of that provider, whose processor time is read")
	flags.StringVar(&f.target.ClientID, "client", "", "its client's id")
	flags.StringVar(&f.target.ClientSecret, "secret", "", "that client's secret")
	flags.StringVar(&f.target.RedirectURI, "redirect", "http://localhost:1/callback", "that client's redirect URI; nothing needs to listen there")
	flags.StringArrayVar(&f.accounts, "account", nil, "who signs in, `LOGIN:PASSWORD[:PHONE]`; more than one serve in turn")
	flags.StringVar(&f.target.LoginField, "login-field", load.DefaultLoginField, "the input of the login")
	flags.StringVar(&f.target.PasswordField, "password-field", load.DefaultPasswordField, "the input of the password")
	flags.StringVar(&f.target.Phone, "phone", "", "the virtual phone's `URL`, where the login asks for a call")
	flags.StringSliceVar(&f.target.Scopes, "scope", []string{"openid", "offline_access"}, "scopes of a login")
	flags.StringSliceVar(&f.own, "own-scope", nil, "scopes of client_credentials")
	flags.StringVar(&f.target.Alg, "alg", "", "what ID tokens must be signed with; any algorithm of the provider without it")
}

func (f *loadFlags) run(cmd *cobra.Command) error {
	f.Log = cmd.ErrOrStderr()
	if f.target.Issuer != "" {
		if err := f.aim(); err != nil {
			return err
		}
	}
	report, err := run.Run(cmd.Context(), f.Options)
	if err != nil {
		return err
	}
	if f.into != "" {
		if err := writeReport(f.into, report); err != nil {
			return err
		}
	}
	_, err = io.WriteString(cmd.OutOrStdout(), page.Table(report))
	return err
}

// aim reads who signs in at the other provider.
func (f *loadFlags) aim() error {
	for _, a := range f.accounts {
		parts := append(strings.SplitN(a, ":", 3), "", "")
		if parts[0] == "" || parts[1] == "" {
			return errors.New("--account is LOGIN:PASSWORD, or LOGIN:PASSWORD:PHONE")
		}
		f.target.Accounts = append(f.target.Accounts, load.Account{Login: parts[0], Password: parts[1], Phone: parts[2]})
	}
	f.target.OwnScopes = f.own
	f.Target = &f.target
	return nil
}

func writeReport(file string, r *run.Report) error {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(file, append(text, '\n'), 0o644); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	return nil
}
