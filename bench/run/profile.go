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

	"golang.org/x/sync/errgroup"

	"github.com/ringtail-id/ringtail/bench/load"
)

// profile gives back a function that begins to fetch the server's processor
// profile, and one that waits for it.
func (o Options) profile(ctx context.Context, in *installation, op load.Operation, parallel int) (begin func(), wait func() error) {
	if o.Profiles == "" || in == nil {
		return nil, func() error { return nil }
	}
	var fetching errgroup.Group
	name := fmt.Sprintf("%s-%d.pprof", strings.ReplaceAll(op.Name, " ", "-"), parallel)
	begin = func() {
		fetching.Go(func() error { return fetchProfile(ctx, in.ops, filepath.Join(o.Profiles, name), o.For) })
	}
	return begin, fetching.Wait
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
