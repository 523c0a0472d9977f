// Package drivers holds the drivers that ship with Ringtail and reads those that an administrator keeps in a folder.
//
// A driver is a folder with the driver's name. In it are driver.js or driver.java (the script), driver.conf (the manifest, in
// HOCON) and cases/ (what loop test runs). ParseManifest has the manifest's keys; what they mean is said at loops.Manifest.
//
// This package reads files. It runs nothing and doesn't know the settings.
package drivers

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/ringtail-id/ringtail/loops"
)

//go:embed */driver.js */driver.conf */cases/*.json
var shipped embed.FS

//go:embed loops.d.ts
var types string

// Types declares in TypeScript what a script has, for editors.
func Types() string { return types }

const (
	scriptName   = "driver.js"
	javaName     = "driver.java"
	manifestName = "driver.conf"
	// maxFile bounds what is read of a script or a manifest; the engine's own limit on scripts is lower and says more.
	maxFile = 1 << 20
)

// Shipped gives the drivers that ship, sorted by name.
func Shipped() ([]*loops.Driver, error) { return all(shipped, "") }

// ErrNoFile says that a script or a manifest isn't there; the error that wraps it names the file.
var ErrNoFile = errors.New("there is no such file")

// Load gives the drivers in a folder, one a subfolder, sorted by name. The error joins every fault found, each as
// "FILE:LINE:COL: what is wrong", or as "FILE: what is wrong" where a file can't be read or a folder's name can't be
// a driver's; the drivers without fault are given all the same.
func Load(dir string) ([]*loops.Driver, error) { return all(os.DirFS(dir), dir) }

// all reads every folder; where is how messages name fsys itself.
func all(fsys fs.FS, where string) ([]*loops.Driver, error) {
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return nil, fmt.Errorf("reading the drivers' folder: %w", err)
	}
	var out []*loops.Driver
	var faults []error
	for _, e := range entries {
		if !e.IsDir() {
			continue
		}
		d, err := readDriver(fsys, where, e.Name())
		if err != nil {
			faults = append(faults, err)
			continue
		}
		out = append(out, d)
	}
	return out, errors.Join(faults...)
}

// Merge gives the drivers of both lists; one of own takes the place of a shipped one with its name.
func Merge(shipped, own []*loops.Driver) []*loops.Driver {
	out := slices.Clone(own)
	for _, d := range shipped {
		if Find(own, d.Name) == nil {
			out = append(out, d)
		}
	}
	slices.SortFunc(out, func(a, b *loops.Driver) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// Find gives the driver with this name, or nil.
func Find(list []*loops.Driver, name string) *loops.Driver {
	for _, d := range list {
		if d.Name == name {
			return d
		}
	}
	return nil
}

func readDriver(fsys fs.FS, where, name string) (*loops.Driver, error) {
	if !loops.ValidName(name) {
		return nil, fmt.Errorf("%s: %q can't be a driver's name; use lower-case letters, digits and single hyphens", filepath.Join(where, name), name)
	}
	file, err := scriptIn(fsys, where, name)
	if err != nil {
		return nil, err
	}
	script, declared := filepath.Join(where, name, file), filepath.Join(where, name, manifestName)
	source, err := ReadFile(fsys, path.Join(name, file), script)
	if err != nil {
		return nil, err
	}
	conf, err := ReadFile(fsys, path.Join(name, manifestName), declared)
	if err != nil {
		return nil, err
	}
	manifest, err := ParseManifest(declared, conf)
	if err != nil {
		return nil, err
	}
	return &loops.Driver{Name: name, File: script, Source: string(source), Manifest: manifest}, nil
}

// scriptIn names the script in a driver's folder. Two would leave open which one serves.
func scriptIn(fsys fs.FS, where, name string) (string, error) {
	_, js := fs.Stat(fsys, path.Join(name, scriptName))
	_, java := fs.Stat(fsys, path.Join(name, javaName))
	switch {
	case js == nil && java == nil:
		return "", fmt.Errorf("%s: there is a %s and a %s: keep one", filepath.Join(where, name), scriptName, javaName)
	case java == nil:
		return javaName, nil
	}
	return scriptName, nil
}

// ScriptIn gives the script's file in a driver's folder. It is an error where there is one in each language.
func ScriptIn(dir string) (string, error) {
	file, err := scriptIn(os.DirFS(dir), dir, ".")
	return filepath.Join(dir, file), err
}

// ReadFolder gives the driver in a folder, as ReadScript does.
func ReadFolder(dir string) (*loops.Driver, error) {
	file, err := ScriptIn(dir)
	if err != nil {
		return nil, err
	}
	return ReadScript(file)
}

// ReadScript gives the driver whose script is this file, with the manifest beside it. Without a driver.conf the driver is
// Bare; with one that has faults, driver and faults are given. The driver's name is its folder's where that can be a name, else "script".
func ReadScript(file string) (*loops.Driver, error) {
	dir := os.DirFS(filepath.Dir(file))
	source, err := ReadFile(dir, filepath.Base(file), file)
	if err != nil {
		return nil, err
	}
	d := &loops.Driver{Name: "script", File: file, Source: string(source)}
	if full, err := filepath.Abs(file); err == nil && loops.ValidName(filepath.Base(filepath.Dir(full))) {
		d.Name = filepath.Base(filepath.Dir(full))
	}
	d.Bare = true
	declared := filepath.Join(filepath.Dir(file), manifestName)
	conf, err := ReadFile(dir, manifestName, declared)
	if errors.Is(err, ErrNoFile) {
		return d, nil
	}
	if err != nil {
		return nil, err
	}
	d.Bare = false
	d.Manifest, err = ParseManifest(declared, conf)
	return d, err
}

// ReadFile reads a file of fsys that messages call shown: a regular one of at most 1 MiB, so that no pipe and no device can hold up
// who reads a folder of somebody else.
func ReadFile(fsys fs.FS, name, shown string) ([]byte, error) {
	info, err := fs.Stat(fsys, name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%s: %w", shown, ErrNoFile)
	case err == nil && (!info.Mode().IsRegular() || info.Size() > maxFile):
		return nil, fmt.Errorf("%s: not a file of at most %d bytes", shown, maxFile)
	}
	var text []byte
	if err == nil {
		text, err = fs.ReadFile(fsys, name)
	}
	var failed *fs.PathError
	if errors.As(err, &failed) { // it names the file without its folder
		err = failed.Err
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", shown, err)
	}
	return text, nil
}
