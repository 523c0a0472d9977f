package store

import (
	"context"
	"time"

	"github.com/ringtail-id/ringtail/idp/browser"
)

const putBrowser = `INSERT INTO browsers (key_hash, browser, session, expires_at) VALUES (?, ?, ?, ?)
	ON CONFLICT (key_hash) DO UPDATE
	SET browser = excluded.browser, session = excluded.session, expires_at = excluded.expires_at`

// BrowserByKey implements browser.Rows.
func (s *Store) BrowserByKey(ctx context.Context, keyHash string, now time.Time) (browser.Row, error) {
	var row struct {
		Browser   string `db:"browser"`
		Session   string `db:"session"`
		ExpiresAt stamp  `db:"expires_at"`
	}
	err := s.read.Get(ctx, &row, `SELECT browser, session, expires_at FROM browsers WHERE key_hash = ? AND expires_at > ?`,
		keyHash, at(now))
	if err != nil {
		return browser.Row{}, err
	}
	return browser.Row{Browser: row.Browser, Session: row.Session, ExpiresAt: row.ExpiresAt.Time}, nil
}

// PutBrowser implements browser.Rows; it replaces a row under the same key.
func (s *Store) PutBrowser(ctx context.Context, keyHash string, row browser.Row) error {
	return s.writeHolding(ctx, nil, func(tx *txn) error {
		return only(tx.Exec(putBrowser, keyHash, row.Browser, row.Session, at(row.ExpiresAt)))
	})
}

// RotateBrowser implements browser.Rows. An unknown old key leaves nothing
// behind; one that expires before the grace ends is not made to live longer.
func (s *Store) RotateBrowser(ctx context.Context, oldHash, newHash string, row browser.Row, grace time.Time) error {
	return s.writeHolding(ctx, nil, func(tx *txn) error {
		_, err := tx.Exec(`UPDATE browsers SET session = '',
			expires_at = CASE WHEN expires_at < ? THEN expires_at ELSE ? END WHERE key_hash = ?`,
			at(grace), at(grace), oldHash)
		if err != nil {
			return err
		}
		return only(tx.Exec(putBrowser, newHash, row.Browser, row.Session, at(row.ExpiresAt)))
	})
}
