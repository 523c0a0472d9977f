package memory

import (
	"context"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

const (
	// garbage is how much of it there may be when it is collected, in percent of what is
	// live: less than Go's 100, for much of what lives is the memory of password hashes.
	garbage = 33
	// room, in bytes, is what there may be of it however little lives: a third of what
	// lives in a node that hashes passwords. Without it a node that hashes none at the
	// moment would collect three times as often, and hold less than it is meant to.
	room = 8 << 20
)

// live is the runtime's name for what the last collection found alive, in bytes.
const live = "/gc/heap/live:bytes"

// Collect sets how often garbage is collected, anew after each collection until ctx
// ends. GOGC in the environment wins.
func Collect(ctx context.Context) {
	if os.Getenv("GOGC") == "" {
		collect(ctx)
	}
}

// collect comes back when the next collection finds that nobody has the mark.
func collect(ctx context.Context) {
	if ctx.Err() != nil {
		return
	}
	lives := []metrics.Sample{{Name: live}}
	metrics.Read(lives)
	debug.SetGCPercent(percent(lives[0].Value.Uint64()))
	mark := new([64]byte) // too large for the runtime to put others beside it, which would keep it alive
	runtime.AddCleanup(mark, collect, ctx)
}

// percent is what there may be of garbage beside so many bytes that live.
func percent(live uint64) int {
	return max(garbage, int(room*100/max(live, 4<<20))) //nolint:gosec // 200 at most
}
