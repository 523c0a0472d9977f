package drivers

import (
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"strings"

	"github.com/ringtail-id/ringtail/loops"
)

// Files are a driver's files, as texts.
type Files struct {
	Script   string            // its name, driver.js or driver.java
	Source   string            // of the script
	Manifest string            // of driver.conf
	Cases    map[string]string // by the name of the file in cases/, without .json
}

// ReadyFiles gives the files of a driver that ships, to start one's own from. ErrNoFile where there is none of that name.
func ReadyFiles(name string) (Files, error) { return filesIn(shipped, "", name) }

// FolderFiles gives the files of a driver in a folder, as Load reads them.
func FolderFiles(dir fs.FS, name string) (Files, error) { return filesIn(dir, "", name) }

func filesIn(fsys fs.FS, where, name string) (Files, error) {
	if !loops.ValidName(name) {
		return Files{}, fmt.Errorf("%q: %w", name, ErrNoFile)
	}
	script, err := scriptIn(fsys, where, name)
	if err != nil {
		return Files{}, err
	}
	f := Files{Script: script, Cases: map[string]string{}}
	read := func(file string) (text string) {
		var content []byte
		if err == nil {
			content, err = ReadFile(fsys, path.Join(name, file), filepath.Join(where, name, file))
		}
		return string(content)
	}
	f.Source, f.Manifest = read(script), read(manifestName)
	cases, _ := fs.Glob(fsys, path.Join(name, "cases", "*.json")) // the pattern is well-formed
	for _, c := range cases {
		file := path.Base(c)
		f.Cases[strings.TrimSuffix(file, ".json")] = read(path.Join("cases", file))
	}
	return f, err
}
