package run

import (
	"context"
	"net/url"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"

	"github.com/ringtail-id/ringtail/bench/parts"
)

func newReport(ctx context.Context) (*Report, error) {
	signature, err := parts.Signature()
	if err != nil {
		return nil, err
	}
	hash, err := parts.Hash(hashPasses, hashMemory)
	if err != nil {
		return nil, err
	}
	standard, err := parts.Hash(2, 19456)
	if err != nil {
		return nil, err
	}
	r := &Report{
		When: time.Now().UTC().Truncate(time.Second), Go: runtime.Version(), Signature: signature, Hash: hash, StandardHash: standard,
		Machine: Machine{Processors: runtime.NumCPU(), Model: model(), OS: runtime.GOOS, Arch: runtime.GOARCH},
	}
	if out, err := exec.CommandContext(ctx, "git", "rev-parse", "--short", "HEAD").Output(); err == nil {
		r.Commit = strings.TrimSpace(string(out))
	}
	return r, nil
}

// model is the processor's name, empty where the system doesn't tell it.
func model() string {
	text, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(text)) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// database names the kind of database, never its address.
func database(store string) string {
	if u, err := url.Parse(store); err == nil && strings.HasPrefix(u.Scheme, "postgres") {
		return "PostgreSQL"
	}
	return "SQLite, synchronous=FULL"
}
