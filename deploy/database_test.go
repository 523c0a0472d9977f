package deploy

import (
	"testing"

	"github.com/ringtail-id/ringtail/idp/store/pgtest"
)

// database is the URL of an empty database of PostgreSQL, which all nodes share.
func database(t *testing.T) string {
	t.Helper()
	return pgtest.Empty(t)
}
