package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

const notifyOthers = `SELECT CAST(pg_notify('ringtail', '') AS TEXT)`

// listener hears of what others notify, by a connection of its own.
type listener struct {
	config *pgx.ConnConfig
	// silence: a connection that heard nothing for so long is asked whether it is there still.
	silence time.Duration
	// patience is how long the server may take to answer anything.
	patience time.Duration
	// again: who lost the connection waits so long before the next one.
	again time.Duration
}

func newListener(config *pgx.ConnConfig) *listener {
	return &listener{config: watchful(config), silence: 30 * time.Second, patience: patience, again: time.Second}
}

// listen tells of every notification until ctx ends. What happened while there was
// no connection is told when there is one again.
func (l *listener) listen(ctx context.Context, told func()) {
	for ctx.Err() == nil {
		l.hear(ctx, told)
		select {
		case <-ctx.Done():
		case <-time.After(l.again):
		}
	}
}

// hear returns when the connection is lost; its error is no news, as nothing rests
// on notifications.
func (l *listener) hear(ctx context.Context, told func()) {
	conn, err := pgx.ConnectConfig(ctx, l.config)
	if err != nil {
		return
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	if l.ask(ctx, conn, `LISTEN ringtail`) != nil {
		return
	}
	told()
	for {
		within, cancel := context.WithTimeout(ctx, l.silence)
		_, err := conn.WaitForNotification(within)
		silent := within.Err() != nil
		cancel()
		switch {
		case err == nil:
			told()
		case !silent || ctx.Err() != nil || l.ask(ctx, conn, `SELECT 1`) != nil:
			return
		}
	}
}

// ask runs the statement. A server that doesn't answer loses the connection.
func (l *listener) ask(ctx context.Context, conn *pgx.Conn, statement string) error {
	within, cancel := context.WithTimeout(ctx, l.patience)
	defer cancel()
	_, err := conn.Exec(within, statement)
	return err
}
