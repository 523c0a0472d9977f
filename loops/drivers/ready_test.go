package drivers_test

import (
	"errors"
	"os"
	"testing"

	"github.com/ringtail-id/ringtail/loops/drivers"
)

func TestReadyFiles(t *testing.T) {
	list, err := drivers.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range list {
		f, err := drivers.ReadyFiles(d.Name)
		if err != nil || f.Source != d.Source || len(f.Cases) == 0 {
			t.Errorf("%s: %d cases, %v", d.Name, len(f.Cases), err)
		}
		if m, err := drivers.ParseManifest("driver.conf", []byte(f.Manifest)); err != nil || m.Title != d.Manifest.Title {
			t.Errorf("%s: %+v, %v", d.Name, m, err)
		}
	}
	for _, name := range []string{"none", "", "..", "../drivers/example", "example/cases"} {
		if _, err := drivers.ReadyFiles(name); !errors.Is(err, drivers.ErrNoFile) {
			t.Errorf("%q: %v", name, err)
		}
	}
	java, err := drivers.FolderFiles(os.DirFS("../../examples/drivers"), "blitz-flashcall")
	if err != nil || java.Script != "driver.java" || len(java.Cases) != 4 {
		t.Errorf("Java: %s, %d cases, %v", java.Script, len(java.Cases), err)
	}
}
