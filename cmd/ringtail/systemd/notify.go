package systemd

import (
	"log/slog"
	"strings"

	"github.com/coreos/go-systemd/v22/daemon"
)

// Manager is the service manager, as sd_notify(3) reaches it. That it can't be
// reached stops nobody: it is logged.
type Manager struct {
	Log *slog.Logger
}

// Ready says that the node serves.
func (m Manager) Ready() { m.tell(daemon.SdNotifyReady, "STATUS=serving") }

// Stopping says that the node ends.
func (m Manager) Stopping() {
	m.tell(daemon.SdNotifyStopping, "STATUS=ending: requests in progress are finished")
}

// Reloading says that the settings are read anew. The caller calls done when they are.
func (m Manager) Reloading() (done func()) {
	m.tell(daemon.SdNotifyReloading, strings.TrimSuffix(daemon.SdNotifyMonotonicUsec(), "\n"), "STATUS=reading the settings anew")
	return m.Ready
}

func (m Manager) tell(lines ...string) {
	if _, err := daemon.SdNotify(false, strings.Join(lines, "\n")); err != nil {
		m.Log.Warn("the service manager can't be told", "error", err)
	}
}
