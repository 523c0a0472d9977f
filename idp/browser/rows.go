package browser

import (
	"context"
	"time"
)

// Row is what the cookie's key stands for.
type Row struct {
	// Browser is the browser's own id; it survives a change of the key.
	Browser string
	// Session is the session signed in here, empty when nobody is.
	Session   string
	ExpiresAt time.Time
}

// Rows keeps the rows by the keyed hash of the cookie's key. Errors:
// idp.ErrNotFound for an unknown or expired key.
type Rows interface {
	BrowserByKey(ctx context.Context, keyHash string, now time.Time) (Row, error)
	PutBrowser(ctx context.Context, keyHash string, row Row) error
	// RotateBrowser puts row under newHash and leaves under oldHash the browser
	// id alone, without a session, until grace. One transaction.
	RotateBrowser(ctx context.Context, oldHash, newHash string, row Row, grace time.Time) error
}
