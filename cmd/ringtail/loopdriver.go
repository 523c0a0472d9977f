package main

import (
	"fmt"
	"os"

	"github.com/ringtail-id/ringtail/conf"
	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/drivers"
)

// driverAt finds the driver that a command line means: by the path of its folder or script, else by its name as
// `loop list` shows it. A driver whose manifest has faults is given with them.
func driverAt(named string, s conf.Loops) (*loops.Driver, error) {
	if _, err := os.Stat(named); err == nil || !loops.ValidName(named) {
		return readDriver(named)
	}
	known, faults := knownDrivers(s.Folder)
	if d := drivers.Find(known, named); d != nil {
		return d, nil
	}
	if faults != nil {
		return nil, faults // the driver may be the one with the fault
	}
	return nil, fmt.Errorf("%s is no file and no folder, and no driver has this name; 'ringtail loop list' shows those that there are", named)
}

// readDriver reads a driver from its folder or from its script.
func readDriver(path string) (*loops.Driver, error) {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return drivers.ReadFolder(path)
	}
	return drivers.ReadScript(path)
}
