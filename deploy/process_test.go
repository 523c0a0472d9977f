package deploy

import (
	"os"
	"testing"
)

// wanted skips what only `make test-deploy` runs: it needs programs that make installs.
func wanted(t *testing.T) {
	t.Helper()
	if os.Getenv("RINGTAIL_DEPLOY") == "" {
		t.Skip("make test-deploy runs this: it needs nginx, HAProxy, PostgreSQL and systemd")
	}
}
