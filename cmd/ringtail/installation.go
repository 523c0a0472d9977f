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
	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/keyring"
	"github.com/ringtail-id/ringtail/idp/observe"
	"github.com/ringtail-id/ringtail/idp/server"
	"github.com/ringtail-id/ringtail/idp/settings"
	"github.com/ringtail-id/ringtail/idp/store"
	"github.com/ringtail-id/ringtail/idp/tracing"
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

// options are where the settings come from, without what administrators saved.
func (f *settingsFlags) options() conf.Options { return conf.Options{File: f.file, Set: f.set} }

// load reads the settings; warnings and errors go to errOut, one line each.
func (f *settingsFlags) load(errOut io.Writer) (*conf.Settings, error) {
	settings, warnings, err := conf.Load(f.options())
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
	from     conf.Options
	settings *conf.Settings
	store    *store.Store
	keyring  *keyring.Keyring
	log      *slog.Logger
	audit    *auditTrail
	metrics  *server.Metrics
	// followed is audit with those who follow it; nil in a process that doesn't serve.
	followed audit.Trail
	tracing  *tracing.Tracing // nil where nothing is traced
}

var errNoMasterKey = errors.New("there is no master key: set keys.master in the settings, or RINGTAIL_MASTER_KEY, to the output of: openssl rand -hex 32")

// open reads the settings and opens the database. The caller closes the data.
func (f *settingsFlags) open(ctx context.Context, errOut io.Writer) (*installation, error) {
	known, err := f.load(errOut)
	if err != nil {
		return nil, err
	}
	master := known.Keys.MasterKey()
	if master == nil {
		return nil, errNoMasterKey
	}
	ring, err := keyring.New(master, nil)
	if err != nil {
		return nil, err
	}
	counters := server.NewMetrics(version)
	data, err := store.Open(ctx, store.Options{
		URL: known.Store.URL.Reveal(), Now: time.Now, PhoneAttribute: known.Login.Methods.FlashCall.PhoneAttribute, Meter: counters.Store,
		Tracer: tracing.Database{},
	})
	if err != nil {
		return nil, err
	}
	in := &installation{from: f.options(), settings: known, store: data, keyring: ring, log: newLog(known.Log, errOut), metrics: counters}
	if err := in.laySaved(ctx); err != nil {
		return nil, errors.Join(err, data.Close())
	}
	if in.audit, err = openTrail(in.settings, data, ring, in.log, errOut); err != nil {
		return nil, errors.Join(err, data.Close())
	}
	return in, nil
}

// laySaved lays what administrators saved over the file. Where that can't be served,
// commands go by the file alone and say so: they may be what mends it.
func (in *installation) laySaved(ctx context.Context) error {
	saved, err := settings.Latest(ctx, in.store)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var s *conf.Settings
	if err == nil {
		from := in.from
		from.Saved = saved.Layer.Values
		s, _, err = conf.Load(from)
	}
	if err != nil {
		in.log.Warn("what administrators saved can't be used, so the settings file alone counts here", "problem", err)
		return nil
	}
	*in = *in.at(s)
	return nil
}

// at is the same installation with other settings.
func (in *installation) at(s *conf.Settings) *installation {
	other := *in
	other.settings, other.store = s, in.store.WithPhoneAttribute(s.Login.Methods.FlashCall.PhoneAttribute)
	return &other
}

// with opens the installation for the time of do.
func (f *settingsFlags) with(ctx context.Context, errOut io.Writer, do func(*installation) error) (err error) {
	in, err := f.open(ctx, errOut)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.closeData()) }()
	return do(in)
}

func newLog(l conf.Log, out io.Writer) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(l.Level)); err != nil {
		level = slog.LevelInfo
	}
	options := &slog.HandlerOptions{Level: level}
	var handler slog.Handler = slog.NewTextHandler(out, options)
	if l.Format == "json" {
		handler = slog.NewJSONHandler(out, options)
	}
	return slog.New(observe.OutageHandler(observe.LogHandler(handler), time.Now))
}
