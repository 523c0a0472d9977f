package run

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/ringtail-id/ringtail/bench/load"
)

// profile fetches the server's processor profile while an operation runs. The
// returned function waits for it.
func (o Options) profile(ctx context.Context, in *installation, op load.Operation, parallel int) (wait func() error) {
	if o.Profiles == "" || in == nil {
		return func() error { return nil }
	}
	done := make(chan error, 1)
	go func() {
		name := fmt.Sprintf("%s-%d.pprof", strings.ReplaceAll(op.Name, " ", "-"), parallel)
		done <- fetchProfile(ctx, in.ops, filepath.Join(o.Profiles, name), o.For)
	}()
	return func() error { return <-done }
}

func fetchProfile(ctx context.Context, server, into string, long time.Duration) error {
	seconds := max(1, int(long/time.Second))
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("%s/debug/pprof/profile?seconds=%d", server, seconds), nil)
	if err != nil {
		return err
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return fmt.Errorf("fetching a profile: %w", err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("fetching a profile: the server answered %s", res.Status)
	}
	if err := os.MkdirAll(filepath.Dir(into), 0o755); err != nil {
		return err
	}
	file, err := os.Create(into)
	if err != nil {
		return err
	}
	if _, err := io.Copy(file, res.Body); err != nil {
		file.Close()
		return fmt.Errorf("fetching a profile: %w", err)
	}
	return file.Close()
}
