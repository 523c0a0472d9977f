package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/cmd/ringtail/processtest"
)

// supervisor plays the service manager of one process. It reads at once whatever is
// said, as one does.
type supervisor struct {
	t       *testing.T
	address string
	said    chan string
}

func newSupervisor(t *testing.T) *supervisor {
	t.Helper()
	socket, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: filepath.Join(t.TempDir(), "notify"), Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { socket.Close() })
	s := &supervisor{t: t, address: socket.LocalAddr().String(), said: make(chan string, 10_000)}
	go func() {
		defer close(s.said)
		for b := make([]byte, 4096); ; {
			n, err := socket.Read(b)
			if err != nil {
				return
			}
			s.said <- string(b[:n])
		}
	}()
	return s
}

func (s *supervisor) environment() []string {
	return append(os.Environ(), "NOTIFY_SOCKET="+s.address, "WATCHDOG_USEC=60000")
}

// hears waits for a message that begins so.
func (s *supervisor) hears(want string) {
	s.t.Helper()
	late := time.After(time.Minute)
	for {
		select {
		case m, open := <-s.said:
			if !open {
				s.t.Fatalf("the service manager never heard %s", want)
			}
			if strings.HasPrefix(m, want) {
				return
			}
		case <-late:
			s.t.Fatalf("the service manager waits for %s", want)
		}
	}
}

// TestTerminate sends the signal to a real process, and is its service manager and
// its balancer: both know at once, it serves on and lets connections go, and it ends
// with 0 when it was let drain.
func TestTerminate(t *testing.T) {
	binary := filepath.Join(t.TempDir(), "ringtail")
	build := exec.Command("go", "build", "-o", binary, ".")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	manager, ops := newSupervisor(t), fmt.Sprintf("localhost:%d", processtest.FreePorts(t, 3))
	cmd := exec.Command(binary, "serve", "--conf", settingsFile(t, ""), "--set", "server.drainDelay=600ms", "--set", "ops.listen="+ops)
	cmd.Stderr, cmd.Env = os.Stderr, manager.environment()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var issuer string
	for s := bufio.NewScanner(out); s.Scan() && s.Text() != "ready"; {
		if name, address, _ := strings.Cut(s.Text(), " "); name == "provider" {
			issuer = strings.TrimSpace(address)
		}
	}
	manager.hears("READY=1")
	manager.hears("WATCHDOG=1\nSTATUS=serving")
	if err := cmd.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	manager.hears("RELOADING=1")
	manager.hears("READY=1")
	if status, closes := statusOf(t, issuer+"/.well-known/openid-configuration"); status != http.StatusOK || closes {
		t.Errorf("before it leaves: %d, closes %t; want 200 and a connection that is kept", status, closes)
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	manager.hears("STOPPING=1")
	if status, _ := statusOf(t, "http://"+ops+"/readyz"); status != http.StatusServiceUnavailable {
		t.Errorf("/readyz says %d while the node leaves, want 503", status)
	}
	if status, closes := statusOf(t, issuer+"/.well-known/openid-configuration"); status != http.StatusOK || !closes {
		t.Errorf("while it leaves: %d, closes %t; want 200 and the end of the connection", status, closes)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("SIGTERM: %v, want exit code 0", err)
	}
}

func statusOf(t *testing.T, address string) (status int, closes bool) {
	t.Helper()
	res, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, res.Close
}
