package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os/user"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/ringtail-id/ringtail/conf"
	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/audit/emit"
	"github.com/ringtail-id/ringtail/idp/keyring"
	"github.com/ringtail-id/ringtail/idp/store"
	"github.com/ringtail-id/ringtail/loops/egress"
)

// auditTrail is the one trail of this process; it outlives generations.
type auditTrail struct {
	*audit.Journal
	data     *store.Store
	emitters *emit.Emitters
}

const (
	// auditLinger lets records of one login share a commit.
	auditLinger = 50 * time.Millisecond
	// auditFlush bounds the writing of what waits at the end; what is left then goes to
	// the log.
	auditFlush = 10 * time.Second
	// auditMoved bounds it where the database was moved away, which no time mends, and
	// people wait for the next process.
	auditMoved = 100 * time.Millisecond
)

// openTrail starts the trail. Lines of emitters go to out.
func openTrail(s *conf.Settings, data *store.Store, ring *keyring.Keyring, log *slog.Logger, out io.Writer) (*auditTrail, error) {
	webhook := emit.NewWebhook(egress.Options{Allow: allowances(s.Egress), Proxy: s.Egress.Proxy}, time.Now)
	emitters, err := emit.New(emit.Options{
		Records: data, Senders: map[string]emit.Sender{emit.KindWebhook: webhook}, Lines: slog.New(slog.NewJSONHandler(out, nil)), Log: log,
	})
	if err != nil {
		return nil, err
	}
	journal, err := audit.NewJournal(audit.Options{
		Records: data, Keyring: ring, Committed: emitters.Committed, Skip: emitters.Skip, Keep: emitters.Keep, Linger: auditLinger, Log: log,
	})
	return &auditTrail{Journal: journal, data: data, emitters: emitters}, err
}

// use has the settings count: what is kept, how long, and where it goes.
func (t *auditTrail) use(s *conf.Settings) { t.emitters.Use(emitSettings(s.Audit)) }

func emitSettings(a conf.Audit) emit.Settings {
	settings := emit.Settings{Keep: a.Keep}
	for _, e := range a.Emitters {
		filter := emit.Filter{Include: e.Include, Exclude: e.Exclude}
		switch e.Type {
		case conf.AuditStore:
			settings.Store = filter
		case conf.AuditLog:
			settings.Emitters = append(settings.Emitters, emit.Emitter{Name: e.Name, Kind: emit.KindLog, Filter: filter, Logger: e.Name})
		case conf.AuditWebhook:
			settings.Emitters = append(settings.Emitters, emit.Emitter{
				Name: e.Name, Kind: emit.KindWebhook, Filter: filter, URL: e.URL, Secret: e.Secret.Reveal(),
			})
		}
	}
	return settings
}

// run serves receivers and sweeps until ctx ends.
func (t *auditTrail) run(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return t.emitters.Run(ctx) })
	group.Go(func() error { return t.Journal.Run(ctx) })
	return group.Wait()
}

// close writes what waits.
func (t *auditTrail) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), auditFlush)
	defer cancel()
	if errors.Is(t.data.Ping(ctx), store.ErrMoved) {
		ctx, cancel = context.WithTimeout(ctx, auditMoved)
		defer cancel()
	}
	return t.Close(ctx)
}

// trail keeps what happens.
func (in *installation) trail() audit.Trail {
	if in.followed != nil {
		return in.followed
	}
	return in.audit
}

// record keeps that a command did something to the object, unless failed says that
// it didn't. The command has done it, so a failure of the record says that too.
func (in *installation) record(ctx context.Context, failed error, kind, object string, params map[string]any) error {
	if failed != nil {
		return failed
	}
	err := in.audit.Append(ctx, in.commandEvent(kind, object, params))
	if err != nil {
		return fmt.Errorf("it was done, but not recorded: %w", err)
	}
	return nil
}

// commandEvent is the record of a command: whoever runs it may do anything, and is
// known by their account on this machine alone.
func (in *installation) commandEvent(kind, object string, params map[string]any) audit.Event {
	all := map[string]any{"by": "command_line"}
	if who, err := user.Current(); err == nil {
		all["account"] = cmp.Or(who.Username, who.Uid)
	}
	for name, value := range params {
		all[name] = value
	}
	return audit.Event{Type: kind, Object: object, Params: all}
}

// closeData ends the trail and closes the database.
func (in *installation) closeData() error { return errors.Join(in.audit.close(), in.store.Close()) }
