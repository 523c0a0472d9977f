package bundle

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/ringtail-id/ringtail/conf/hocon"
	"github.com/ringtail-id/ringtail/loops"
)

// Names in a folder.
const (
	settingsFile = "settings.conf"
	driversDir   = "drivers"
	scriptFile   = "driver." // and the language
	manifestFile = "driver.conf"
	casesDir     = "cases"
)

// largestFile bounds every file that is read, in bytes.
const largestFile = 1 << 20

// errOutside: what is in version control says all by itself.
var errOutside = errors.New("settings.conf includes nothing and reads no environment")

// outside keeps a file from reaching for anything.
func outside() hocon.Options {
	return hocon.Options{
		LookupEnv: func(string) (string, bool) { return "", false },
		ReadFile:  func(string) ([]byte, error) { return nil, errOutside },
	}
}

// Read reads a folder. whole says which objects the provider saved as one value.
func Read(folder fs.FS, whole func(path string) bool) (*Bundle, error) {
	text, err := readFile(folder, settingsFile)
	if err != nil {
		return nil, err
	}
	config, err := hocon.Parse(settingsFile, []byte(text), outside())
	if err != nil {
		return nil, err
	}
	b := &Bundle{}
	if b.Values, err = values(config.Root(), whole); err != nil {
		return nil, fmt.Errorf("reading %s: %w", settingsFile, err)
	}
	for path := range b.Values {
		if path == driversDir || strings.HasPrefix(path, driverPrefix) {
			return nil, fmt.Errorf("%s: %s is no setting; drivers have folders of their own below %s/", settingsFile, path, driversDir)
		}
	}
	entries, err := fs.ReadDir(folder, driversDir)
	if errors.Is(err, fs.ErrNotExist) {
		return b, nil
	}
	if err != nil {
		return nil, fmt.Errorf("listing the drivers: %w", err)
	}
	b.Drivers = map[string]Driver{}
	for _, e := range entries {
		if !e.IsDir() {
			continue
		}
		if !loops.ValidName(e.Name()) {
			return nil, fmt.Errorf("%s/%s is no driver's name; write lower-case letters, digits and single hyphens", driversDir, e.Name())
		}
		if b.Drivers[e.Name()], err = readDriver(folder, path.Join(driversDir, e.Name())); err != nil {
			return nil, err
		}
	}
	return b, nil
}

func readDriver(folder fs.FS, dir string) (d Driver, err error) {
	for _, language := range languages() {
		source, err := readFile(folder, path.Join(dir, scriptFile+language))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return d, err
		}
		if d.Language != "" {
			return d, fmt.Errorf("%s has both driver.js and driver.java; keep one", dir)
		}
		d.Language, d.Source = language, source
	}
	if d.Language == "" {
		return d, fmt.Errorf("%s has no driver.js or driver.java", dir)
	}
	if d.Manifest, err = readFile(folder, path.Join(dir, manifestFile)); err != nil {
		return d, err
	}
	d.Cases = map[string]string{}
	files, err := fs.Glob(folder, path.Join(dir, casesDir, "*.json"))
	if err != nil {
		return d, fmt.Errorf("listing the cases of %s: %w", dir, err)
	}
	for _, f := range files {
		if d.Cases[strings.TrimSuffix(path.Base(f), ".json")], err = readFile(folder, f); err != nil {
			return d, err
		}
	}
	return d, nil
}

func readFile(folder fs.FS, name string) (string, error) {
	info, err := fs.Stat(folder, name)
	if err != nil {
		return "", fmt.Errorf("reading %s: %w", name, err)
	}
	if info.Size() > largestFile {
		return "", fmt.Errorf("%s is larger than 1 MiB", name)
	}
	text, err := fs.ReadFile(folder, name)
	if err != nil {
		return "", fmt.Errorf("reading %s: %w", name, err)
	}
	return string(text), nil
}

// Write writes the bundle into the folder, over what is there, and never outside of
// it. gone are the drivers whose folders are left over: Write takes away no driver.
func (b *Bundle) Write(dir string) (gone []string, err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("making the folder: %w", err)
	}
	folder, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("opening the folder: %w", err)
	}
	defer func() { err = errors.Join(err, folder.Close()) }()
	files := map[string]string{settingsFile: settingsText(b.Values)}
	for name, d := range b.Drivers {
		in := path.Join(driversDir, name)
		if err := forget(folder, in); err != nil {
			return nil, err
		}
		files[path.Join(in, scriptFile+d.Language)] = d.Source
		files[path.Join(in, manifestFile)] = d.Manifest
		for c, text := range d.Cases {
			files[path.Join(in, casesDir, c+".json")] = text
		}
	}
	for name, text := range files {
		if err := write(folder, name, text); err != nil {
			return nil, err
		}
	}
	return b.leftOver(dir)
}

// forget takes away the files that a driver had; others in its folder stay.
func forget(folder *os.Root, dir string) error {
	files, err := fs.Glob(folder.FS(), path.Join(dir, casesDir, "*.json"))
	if err != nil {
		return fmt.Errorf("listing the cases of %s: %w", dir, err)
	}
	for _, language := range languages() {
		files = append(files, path.Join(dir, scriptFile+language))
	}
	for _, f := range files {
		if err := folder.Remove(f); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("writing %s anew: %w", f, err)
		}
	}
	return nil
}

func write(folder *os.Root, name, text string) error {
	if err := folder.MkdirAll(path.Dir(name), 0o755); err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	if err := folder.WriteFile(name, []byte(text), 0o644); err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	return nil
}

// languages of drivers, as the names of their scripts end.
func languages() []string { return []string{"js", "java"} }

// leftOver are the drivers' folders that the bundle lacks.
func (b *Bundle) leftOver(dir string) (gone []string, err error) {
	entries, err := os.ReadDir(filepath.Join(dir, driversDir))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("listing the drivers: %w", err)
	}
	for _, e := range entries {
		if _, known := b.Drivers[e.Name()]; e.IsDir() && !known {
			gone = append(gone, e.Name())
		}
	}
	return gone, nil
}
