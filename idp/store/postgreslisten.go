package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	notifyOthers = `SELECT CAST(pg_notify('ringtail', '') AS TEXT)`
	// A connection that heard nothing for so long is asked whether it is there still.
	silence = 30 * time.Second
	// Who lost the connection waits so long before the next one.
	listenAgain = time.Second
)

// listenPostgres tells of every notification until ctx ends. What happened while
// there was no connection is told when there is one again.
func listenPostgres(ctx context.Context, config *pgx.ConnConfig, told func()) {
	for ctx.Err() == nil {
		hear(ctx, config, told)
		select {
		case <-ctx.Done():
		case <-time.After(listenAgain):
		}
	}
}

// hear returns when the connection is lost; its error is no news, as nothing rests
// on notifications.
func hear(ctx context.Context, config *pgx.ConnConfig, told func()) {
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	if exec(ctx, conn, `LISTEN ringtail`) != nil {
		return
	}
	told()
	for {
		within, cancel := context.WithTimeout(ctx, silence)
		_, err := conn.WaitForNotification(within)
		silent := within.Err() != nil
		cancel()
		switch {
		case err == nil:
			told()
		case !silent || ctx.Err() != nil || exec(ctx, conn, `SELECT 1`) != nil:
			return
		}
	}
}

// exec runs the statement, or ends the connection of a server that says nothing.
func exec(ctx context.Context, conn *pgx.Conn, statement string) error {
	within, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	_, err := conn.Exec(within, statement)
	return err
}
