package deploy

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/cmd/ringtail/processtest"
)

// boot gives systemd a machine of its own to be the first process of: what it changes
// goes away with it. Its arguments are the folder of units and that of the machine's files.
const boot = `set -e
units=$1 files=$2
mount --make-rprivate /
umount -l -R /sys/fs/cgroup || true
mount -t cgroup2 cgroup2 /sys/fs/cgroup
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs /var/lib
mkdir -p /run/machine/etc && cp -R /etc/. /run/machine/etc/ && cp -R "$files/etc/." /run/machine/etc/ && mount --bind /run/machine/etc /etc
mkdir /run/machine/bin && cp "$files/ringtail" /run/machine/bin/ && mount --bind /run/machine/bin /usr/local/bin
mount --make-rshared /
exec env -i container=test SYSTEMD_UNIT_PATH="$units" PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd --system --unit=test.target --log-target=null --show-status=no
`

// supervised is a systemd that runs the unit.
type supervised struct {
	t       *testing.T
	pid     string // of systemd
	printed string // the file of what the unit prints
	ops     string // port
}

// bootUnit starts the unit as it is, but for a watchdog that is quicker.
func bootUnit(t *testing.T) *supervised {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("a systemd of one's own needs root")
	}
	if _, err := os.Stat("/lib/systemd/systemd"); err != nil {
		t.Skip("there is no systemd here")
	}
	unshare := []string{"--mount", "--pid", "--fork", "--uts", "--ipc", "--cgroup", "--mount-proc", "--kill-child"}
	if out, err := exec.Command("unshare", append(unshare, "true")...).CombinedOutput(); err != nil {
		t.Skipf("this machine gives no namespaces: %s", out)
	}
	dir, public := t.TempDir(), strconv.Itoa(processtest.FreePorts(t, 1))
	m := &supervised{t: t, printed: filepath.Join(dir, "printed"), ops: strconv.Itoa(processtest.FreePorts(t, 1))}
	units, etc := filepath.Join(dir, "units"), filepath.Join(dir, "etc", "ringtail")
	for _, folder := range []string{filepath.Join(units, "ringtail.service.d"), etc} {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, target := range []string{"sysinit", "basic", "shutdown", "umount", "network-online", "test"} {
		wants := ""
		if target == "test" {
			wants = "Wants=ringtail.service\n"
		}
		write(t, filepath.Join(units, target+".target"), "[Unit]\nDefaultDependencies=no\n"+wants)
	}
	write(t, filepath.Join(units, "ringtail.service"), example(t, filepath.Join("systemd", "ringtail.service"), nil))
	write(t, filepath.Join(units, "ringtail.service.d", "test.conf"), "[Service]\nWatchdogSec=3\nStandardOutput=append:"+m.printed+
		"\nStandardError=inherit\nExecStartPost=/usr/local/bin/ringtail loop limits\n")
	write(t, filepath.Join(etc, "master.key"), strings.Repeat("0f", 32))
	write(t, filepath.Join(etc, "blitz.conf"), fmt.Sprintf(unitSettings, public, public, m.ops))
	if err := os.Chmod(filepath.Join(etc, "blitz.conf"), 0o644); err != nil {
		t.Fatal(err)
	}
	script := filepath.Join(dir, "boot.sh")
	write(t, script, boot)
	if out, err := exec.Command("install", "-m", "0755", processtest.Built(t, filepath.Join("..", "bin", "ringtail"), "make build"), filepath.Join(dir, "ringtail")).CombinedOutput(); err != nil {
		t.Fatalf("copying the binary: %s", out)
	}
	p := processtest.Start(t, exec.Command("unshare", append(unshare, "sh", script, units, dir)...))
	m.find(p)
	t.Cleanup(func() {
		if printed, err := os.ReadFile(m.printed); t.Failed() && err == nil {
			t.Logf("the unit printed:\n%s", printed[max(0, len(printed)-4000):])
		}
		p.Kill()
	})
	return m
}

const unitSettings = `blitz.prod.local.idp {
  issuer = "http://localhost:%s/blitz"
  server.listen = "localhost:%s"
  ops.listen = "127.0.0.1:%s"
  store.url = "sqlite:/var/lib/ringtail/ringtail.db"
  keys.master = "file("${CREDENTIALS_DIRECTORY}"/master.key)"
  login.methods.flashCall.driver = virtual-phone
  loops.egress { allowHttp = ["localhost:*"], allowPrivate = ["localhost:*"] }
  loops.secrets.virtual-phone { URL = "http://localhost:1", TOKEN = phone }
}
`

// find waits until systemd answers.
func (m *supervised) find(p *processtest.Process) {
	m.t.Helper()
	children := fmt.Sprintf("/proc/%d/task/%d/children", p.PID, p.PID)
	processtest.Eventually(m.t, "systemd never starts the unit", func() bool {
		if p.HasEnded() {
			m.t.Fatalf("systemd ended: %v\n%s", p.Err, p.Said)
		}
		list, err := os.ReadFile(children)
		if err != nil || len(strings.Fields(string(list))) == 0 {
			return false
		}
		m.pid = strings.Fields(string(list))[0]
		return m.property("ActiveState") == "active"
	})
}

func (m *supervised) systemctl(words ...string) (string, error) {
	inside := []string{"-t", m.pid, "-m", "-p", "-C", "-u", "-i", "systemctl"}
	out, err := exec.Command("nsenter", append(inside, words...)...).CombinedOutput()
	return strings.TrimSpace(string(out)), err
}

// property is one of the unit's; empty where systemd doesn't answer.
func (m *supervised) property(name string) string {
	out, err := m.systemctl("show", "ringtail.service", "--property", name, "--value")
	if err != nil {
		return ""
	}
	return out
}

func (m *supervised) must(words ...string) {
	m.t.Helper()
	if out, err := m.systemctl(words...); err != nil {
		m.t.Fatalf("systemctl %s: %v %s", strings.Join(words, " "), err, out)
	}
}

// TestUnit has a systemd of its own run the unit: it is ready when the node is, all
// that confines workers holds, it reloads, a node that hangs is restarted, and it ends.
func TestUnit(t *testing.T) {
	wanted(t)
	m := bootUnit(t)
	printed, err := os.ReadFile(m.printed)
	if err != nil {
		t.Fatal(err)
	}
	_, confinement, found := strings.Cut(string(printed), `"confinement": {`)
	if !found || strings.Contains(confinement, "false") || !strings.Contains(confinement, `"system_calls": true`) || strings.Contains(confinement, `"landlock": 0`) {
		t.Errorf("workers under the unit are confined by {%s", confinement)
	}
	m.must("reload", "ringtail.service")
	processtest.Eventually(t, "the settings are never taken", func() bool {
		printed, err := os.ReadFile(m.printed)
		return err == nil && strings.Contains(string(printed), "settings taken")
	})
	processtest.Eventually(t, "systemd isn't told how the node stands", func() bool { return m.property("StatusText") == "serving" })
	m.must("kill", "--kill-whom=main", "--signal=STOP", "ringtail.service")
	processtest.Eventually(t, "a node that hangs is never restarted", func() bool {
		restarts, err := strconv.Atoi(m.property("NRestarts"))
		return err == nil && restarts > 0 && m.property("ActiveState") == "active"
	})
	m.must("stop", "ringtail.service")
	if state, result := m.property("ActiveState"), m.property("Result"); state != "inactive" || result != "success" {
		t.Errorf("it ended %s: %s", state, result)
	}
}
