package observe_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/observe"
)

func TestAnOutageDoesNotFillTheLog(t *testing.T) {
	var out bytes.Buffer
	now := time.Unix(1000, 0)
	log := slog.New(observe.OutageHandler(slog.NewTextHandler(&out, nil), func() time.Time { return now }))
	away := fmt.Errorf("reading a session: %w", idp.ErrUnavailable)
	lines := func() []string {
		defer out.Reset()
		return strings.Split(strings.TrimSpace(out.String()), "\n")
	}

	for range 100 {
		log.With("node", "n1").Error("problem shown", "error", away)
	}
	log.Error("openid endpoint failed", "error", away)
	if got := lines(); len(got) != 2 || strings.Contains(got[0], "left_out") || !strings.Contains(got[1], "openid endpoint failed") {
		t.Errorf("in the first second: %q", got)
	}

	now = now.Add(time.Second)
	for range 2 {
		log.Error("problem shown", "error", away)
	}
	if got := lines(); len(got) != 1 || !strings.Contains(got[0], "left_out=99") {
		t.Errorf("in the next: %q", got)
	}

	for range 3 {
		log.Error("problem shown", "error", errors.New("a fault of ours"))
		log.Info("login")
	}
	if got := lines(); len(got) != 6 {
		t.Errorf("of what is no outage: %q", got)
	}
}
