package systemd

import (
	"context"
	"time"

	"github.com/coreos/go-systemd/v22/daemon"
)

// Watched is how often the service manager wants to hear of the node; 0 where it
// has no watchdog for this process.
func (m Manager) Watched() time.Duration {
	every, err := daemon.SdWatchdogEnabled(false)
	if err != nil {
		m.Log.Warn("the service manager's watchdog is left alone", "error", err)
		return 0
	}
	return every
}

// Watch tells the watchdog at each tick that the node works, when check returned
// since the tick before, until ctx ends. check says in a few words how the node
// stands, such as "serving"; it must return when its own context ends, after
// patience, and one that doesn't is a node that hangs. A database that doesn't answer is no
// reason to be silent: a restart mends nothing then, and takes away what still works.
func (m Manager) Watch(ctx context.Context, ticks <-chan time.Time, patience time.Duration, check func(context.Context) string) {
	answers := make(chan string, 1)
	asked := false
	for {
		select {
		case <-ctx.Done():
			return
		case status := <-answers:
			asked = false
			m.tell(daemon.SdNotifyWatchdog, "STATUS="+status)
		case <-ticks:
			if asked {
				m.Log.Error("this node hangs: the watchdog isn't told that it works")
				continue
			}
			asked = true
			go func() {
				inner, cancel := context.WithTimeout(ctx, patience)
				defer cancel()
				answers <- check(inner)
			}()
		}
	}
}
