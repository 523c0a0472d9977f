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
	if _, err := conn.Exec(ctx, `LISTEN ringtail`); err != nil {
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
		case !silent || ctx.Err() != nil || conn.Ping(ctx) != nil:
			return
		}
	}
}
