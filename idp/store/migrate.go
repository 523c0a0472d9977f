package store

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/jmoiron/sqlx"
	"github.com/pressly/goose/v3"
)

// migrations has one folder per dialect; the files of one number do the same in each.
//
//go:embed migrations
var migrations embed.FS

// ErrNewer: a newer version of Ringtail has migrated the database. Nothing in
// it was changed.
var ErrNewer = errors.New("the database belongs to a newer version of Ringtail")

// migrate brings the schema up to what this program knows. Call it with the
// database's lock held.
func migrate(ctx context.Context, d *database, write *sqlx.DB) error {
	provider, err := migrator(d, write)
	if err != nil {
		return err
	}
	var found, known int64
	err = retry(ctx, d.busy, func() (err error) {
		found, known, err = provider.GetVersions(ctx)
		return err
	})
	if err != nil {
		return fmt.Errorf("reading the version of the database %s: %w", d.name, err)
	}
	if found > known {
		return fmt.Errorf("%w: %s has version %d, this program knows %d: start the newer program, or restore a backup from before the upgrade",
			ErrNewer, d.name, found, known)
	}
	err = retry(ctx, d.busy, func() error {
		_, err := provider.Up(ctx)
		return err
	})
	if err != nil {
		return fmt.Errorf("migrating the database %s: %w", d.name, err)
	}
	return nil
}

func migrator(d *database, write *sqlx.DB) (*goose.Provider, error) {
	folder, err := fs.Sub(migrations, "migrations/"+migrationFolder(d.dialect))
	if err != nil {
		return nil, fmt.Errorf("opening the migrations: %w", err)
	}
	provider, err := goose.NewProvider(d.dialect, write.DB, folder,
		goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return nil, fmt.Errorf("reading the migrations: %w", err)
	}
	return provider, nil
}

func migrationFolder(d goose.Dialect) string {
	if d == goose.DialectSQLite3 {
		return "sqlite"
	}
	return string(d)
}
