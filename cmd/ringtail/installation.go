package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/spf13/cobra"

	"github.com/ringtail-id/ringtail/conf"
	"github.com/ringtail-id/ringtail/idp/keyring"
	"github.com/ringtail-id/ringtail/idp/store"
)

// settingsFlags are the flags of every command that reads settings.
type settingsFlags struct {
	file string
	set  []string
}

func (f *settingsFlags) register(cmd *cobra.Command) *cobra.Command {
	cmd.Flags().StringVar(&f.file, "conf", "", "the settings `FILE` (blitz.conf)")
	f.registerSet(cmd)
	return required(cmd, "conf")
}

func (f *settingsFlags) registerSet(cmd *cobra.Command) {
	cmd.Flags().StringArrayVar(&f.set, "set", nil, "override a setting, `PATH=VALUE`; may be repeated")
}

// load reads the settings; warnings and errors go to errOut, one line each.
func (f *settingsFlags) load(errOut io.Writer) (*conf.Settings, error) {
	settings, warnings, err := conf.Load(conf.Options{File: f.file, Set: f.set})
	for _, w := range warnings {
		fmt.Fprintf(errOut, "warning: %s\n", w)
	}
	if err != nil {
		fmt.Fprintln(errOut, err)
		return nil, errSilent
	}
	if err := appFaults(settings); err != nil {
		fmt.Fprintln(errOut, err)
		return nil, errSilent
	}
	return settings, nil
}

// installation is what the settings lead to: the data and the key to it.
type installation struct {
	settings *conf.Settings
	store    *store.Store
	keyring  *keyring.Keyring
	log      *slog.Logger
}

var errNoMasterKey = errors.New("there is no master key: set keys.master in the settings, or RINGTAIL_MASTER_KEY, to the output of: openssl rand -hex 32")

// open reads the settings and opens the database. The caller closes the store.
func (f *settingsFlags) open(ctx context.Context, errOut io.Writer) (*installation, error) {
	settings, err := f.load(errOut)
	if err != nil {
		return nil, err
	}
	master := settings.Keys.MasterKey()
	if master == nil {
		return nil, errNoMasterKey
	}
	ring, err := keyring.New(master, nil)
	if err != nil {
		return nil, err
	}
	data, err := store.Open(ctx, store.Options{
		URL: "sqlite:" + settings.Store.Path, Now: time.Now, PhoneAttribute: settings.Login.Methods.FlashCall.PhoneAttribute,
	})
	if err != nil {
		return nil, err
	}
	return &installation{settings: settings, store: data, keyring: ring, log: newLog(settings.Log, errOut)}, nil
}

// with opens the installation for the time of do.
func (f *settingsFlags) with(ctx context.Context, errOut io.Writer, do func(*installation) error) (err error) {
	in, err := f.open(ctx, errOut)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.store.Close()) }()
	return do(in)
}

func newLog(l conf.Log, out io.Writer) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(l.Level)); err != nil {
		level = slog.LevelInfo
	}
	options := &slog.HandlerOptions{Level: level}
	if l.Format == "json" {
		return slog.New(slog.NewJSONHandler(out, options))
	}
	return slog.New(slog.NewTextHandler(out, options))
}
