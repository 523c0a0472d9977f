package faults

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/cmd/ringtail/processtest"
)

// disk is a file system of its own, of some megabytes, in a file: an ext4 that can
// lose what was never synced, as a disk does when the power goes.
type disk struct{ image, at string }

// newDisk makes a disk that ends with the test. It takes root and Linux's loop
// devices; where there are none the test is skipped.
func newDisk(t *testing.T, megabytes string) *disk {
	t.Helper()
	d := &disk{image: filepath.Join(t.TempDir(), "disk"), at: filepath.Join(t.TempDir(), "at")}
	if os.Getuid() != 0 {
		t.Skip("a file system of its own takes root")
	}
	if err := os.Mkdir(d.at, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, words := range [][]string{{"truncate", "-s", megabytes + "M", d.image}, {"mkfs.ext4", "-q", "-F", d.image}} {
		if out, err := exec.Command(words[0], words[1:]...).CombinedOutput(); err != nil {
			t.Skipf("there is no disk to be had: %s: %v %s", words[0], err, out)
		}
	}
	if err := d.mount(); err != nil {
		t.Skipf("there is no disk to be had: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(d.at, syscall.MNT_DETACH) })
	return d
}

func (d *disk) mount(more ...string) error {
	out, err := exec.Command("mount", append(append([]string{"-o", "loop"}, more...), d.image, d.at)...).CombinedOutput()
	if err != nil {
		return errors.Join(err, errors.New(strings.TrimSpace(string(out))))
	}
	return nil
}

// cut is a power cut: nothing reaches the disk any more, and what was never synced
// never does. Whoever writes is told that the disk is read-only. Nobody may be in the
// middle of a sync: where that has a file grow, Linux may say that it is done, and it
// isn't (one such cut in ten, with nothing but a file and fsync).
func (d *disk) cut() error {
	return exec.Command("mount", "-o", "remount,abort", d.at).Run()
}

// restore is the machine's next start. Nobody may have files open there.
func (d *disk) restore() error {
	if err := syscall.Unmount(d.at, 0); err != nil {
		return err
	}
	if out, err := exec.Command("e2fsck", "-fy", d.image).CombinedOutput(); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.ExitCode() > 1 { // 1: it mended what the cut left
			return errors.Join(err, errors.New(string(out)))
		}
	}
	return d.mount()
}

// fill writes until the disk is full.
func (d *disk) fill(t *testing.T) {
	t.Helper()
	f, err := os.Create(filepath.Join(d.at, "ballast"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for size := 1 << 20; size >= 512; {
		if _, err := f.Write(make([]byte, size)); err != nil {
			size /= 2
		}
	}
	_ = f.Sync()
}

func (d *disk) drain(t *testing.T) {
	t.Helper()
	if err := os.Remove(filepath.Join(d.at, "ballast")); err != nil {
		t.Fatal(err)
	}
}

// TestPowerCuts cuts the power of the machine while people sign in. What was never
// synced is gone then, and nothing that was acknowledged.
func TestPowerCuts(t *testing.T) {
	needsFaults(t)
	d := newDisk(t, "96")
	w := newWorld(t, setup{people: 12, dir: d.at})
	w.run(t)
	n := w.nodes[0]
	end := w.crowd(context.Background())
	for i := range runs(20) {
		<-time.After(time.Duration(300+100*(i%7)) * time.Millisecond)
		n.freeze(t)
		if err := d.cut(); err != nil {
			t.Fatal(err)
		}
		told := w.acks.copy()
		n.signal(syscall.SIGCONT)
		w.readOnly(t, told, i)
		n.kill()
		if err := d.restore(); err != nil {
			t.Fatal(err)
		}
		w.faults.count("power cuts")
		db := w.open(t)
		for _, finding := range told.missing(t, db) {
			w.faults.add("after power cut %d: %s", i+1, finding)
		}
		w.sound(t, db)
		db.Close()
		if err := errors.Join(n.start(), n.serving(time.Minute)); err != nil {
			t.Fatal(err)
		}
	}
	end()
	w.invariants(t)
}

// readOnly: a node whose disk takes no writes goes on serving what only reads, says
// so where it would write, and keeps nobody waiting. Then everything is read-only,
// so some people see it.
func (w *world) readOnly(t *testing.T, told *acks, round int) {
	t.Helper()
	if round%4 != 0 {
		return
	}
	before := w.faults.refusals()
	for p, tokens := range told.tokens {
		begun := time.Now()
		if err := p.claims(context.Background(), tokens); err != nil {
			w.faults.add("%s, on a read-only disk: %v", p.login, err)
		}
		if took := time.Since(begun); took > 10*time.Second {
			w.faults.add("%s, on a read-only disk: reading claims took %v", p.login, took)
		}
		w.faults.count("claims read from a read-only disk")
	}
	processtest.EventuallyWithin(t, 20*time.Second, func() string { return "nobody is told that a read-only disk takes no writes" }, func() bool {
		return w.faults.refusals() > before
	})
	w.unavailable(t, writing)
	if round%8 == 0 {
		<-time.After(7 * time.Second) // longer than an answer waits for its record: it is told to nobody
	}
	w.faults.count("times that the disk was read-only for a while")
}

// sound reads every page of the database.
func (w *world) sound(t *testing.T, db querier) {
	t.Helper()
	var said string
	if err := db.QueryRow("PRAGMA integrity_check").Scan(&said); err != nil || said != "ok" {
		w.faults.add("the database is not sound: %s %v", said, err)
	}
	if n := one(t, db, "SELECT count(*) FROM pragma_foreign_key_check"); n > 0 {
		w.faults.add("%d rows refer to others that aren't there", n)
	}
	w.faults.count("databases read whole")
}

func TestReadOnlyFromTheStart(t *testing.T) {
	needsFaults(t)
	d := newDisk(t, "32")
	w := newWorld(t, setup{people: 1, dir: d.at})
	if err := errors.Join(syscall.Unmount(d.at, 0), d.mount("-r")); err != nil {
		t.Fatal(err)
	}
	n := w.nodes[0]
	if err := n.start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(n.kill)
	if err := n.serving(time.Minute); err == nil || !strings.Contains(n.said.String(), "can't be written") {
		t.Errorf("a node on a read-only disk: %v", err)
	}
}

// TestFullDisk fills the disk while people sign in, and empties it again.
func TestFullDisk(t *testing.T) {
	needsFaults(t)
	d := newDisk(t, "96")
	w := newWorld(t, setup{people: 12, dir: d.at})
	w.run(t)
	end := w.crowd(context.Background())
	for range runs(15) {
		<-time.After(time.Second)
		before := w.faults.refusals()
		d.fill(t)
		w.faults.count("times that the disk was full")
		processtest.EventuallyWithin(t, 30*time.Second, func() string { return "nobody is told that the disk is full" }, func() bool {
			return w.faults.refusals() > before+10
		})
		w.unavailable(t, nothing) // a row may find room all the same
		d.drain(t)
		w.comesBack(t)
	}
	end()
	db := w.open(t)
	w.sound(t, db)
	db.Close()
	w.invariants(t)
}

// comesBack waits until somebody signs in again.
func (w *world) comesBack(t *testing.T) {
	t.Helper()
	before, begun := w.acks.signed(), time.Now()
	processtest.EventuallyWithin(t, 20*time.Second, func() string { return "nobody signs in any more, though all is well again: " + w.faults.first() }, func() bool {
		return w.acks.signed() > before
	})
	w.faults.most("milliseconds until somebody signed in again, at most", int(time.Since(begun).Milliseconds()))
}
