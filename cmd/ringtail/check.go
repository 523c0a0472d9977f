package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ringtail-id/ringtail/conf"
	admindrivers "github.com/ringtail-id/ringtail/idp/admin/drivers"
)

func checkCommand(std stdio) *cobra.Command {
	var f settingsFlags
	cmd := &cobra.Command{
		Use: "check", Short: "Check a settings file: one line an error, with its place and what to write", Args: args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			settings, err := f.load(std.err)
			if err != nil {
				return err
			}
			if err := checkBeyondTheFile(cmd.Context(), settings); err != nil {
				fmt.Fprintln(std.err, err)
				return errSilent
			}
			if usesCalls(settings) {
				caution(std.err, settings)
			}
			for _, w := range callWarnings(settings) {
				fmt.Fprintf(std.err, "warning: %v\n", faultAt(settings, whereToMend(w), "%s; %s", w.Text, w.Hint))
			}
			_, err = fmt.Fprintf(std.out, "%s is fine\n", f.file)
			return err
		},
	}
	return f.register(cmd)
}

// caution tells what is no fault and still to be known: what the driver's manifest
// says, and secrets that only the database can have, which a check doesn't open.
func caution(out io.Writer, s *conf.Settings) {
	chain, err := findChain(s)
	if err != nil {
		return
	}
	for i, l := range chain {
		if slices.ContainsFunc(chain[:i], func(before served) bool { return before.Driver == l.Driver }) {
			continue
		}
		if l.driver.Manifest.Caution != "" {
			fmt.Fprintf(out, "caution: the driver %s: %s\n", l.Driver, l.driver.Manifest.Caution)
		}
		if err := missingSecrets(s, i, l.driver, admindrivers.SecretsOf(s, l.Driver)); err != nil {
			for line := range strings.SplitSeq(err.Error(), "\n") {
				fmt.Fprintf(out, "caution: %s, unless that was done\n", line)
			}
		}
	}
}

// certificate is that of the listener; nil where it speaks no TLS.
func certificate(s *conf.Settings) (*tls.Certificate, error) {
	t := s.Server.TLS
	if t == nil {
		return nil, nil
	}
	pair, err := tls.LoadX509KeyPair(t.Cert, t.Key)
	if err != nil {
		return nil, faultAt(s, "server.tls.cert", "%v", err)
	}
	return &pair, nil
}

// hasDatabase says whether there is one yet, which may hold secrets.
func hasDatabase(s *conf.Settings) bool {
	if s.Store.Path == "" {
		return true
	}
	_, err := os.Stat(s.Store.Path)
	return err == nil
}

// checkBeyondTheFile finds what only a start would: a template of a claim that
// can't be read, a driver that is not there or can't serve, certificates that can't be read, a missing master key.
func checkBeyondTheFile(ctx context.Context, s *conf.Settings) error {
	var faults []error
	if s.Keys.MasterKey() == nil {
		faults = append(faults, faultAt(s, "keys.master", "%v", errNoMasterKey))
	}
	_, err := certificate(s)
	faults = append(faults, err)
	faults = append(faults, checkScopes(s), checkRateLimits(s))
	if usesCalls(s) {
		faults = append(faults, checkCalls(ctx, s))
	}
	return errors.Join(faults...)
}

func checkCalls(ctx context.Context, s *conf.Settings) (err error) {
	chain, err := findChain(s)
	if err != nil {
		return err
	}
	pool, err := newPool(loopLimits(s.Loops.Limits), 1, 1, nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, pool.Close()) }()
	// A database may hold secrets, and a check doesn't open it.
	var secrets func(driver string) (map[string]string, error)
	if !hasDatabase(s) {
		secrets = func(driver string) (map[string]string, error) { return admindrivers.SecretsOf(s, driver), nil }
	}
	_, err = checkChain(ctx, s, chain, pool, secrets)
	return err
}
