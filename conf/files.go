package conf

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/ringtail-id/ringtail/conf/hocon"
)

// largestFile bounds every file that settings lead to.
const largestFile = 1 << 20

// largestSecret bounds a secret's file: a key or a token, never a document.
const largestSecret = 64 << 10

// files reads what the settings name, relative to the settings file's folder.
type files struct {
	dir  string
	read func(name string) ([]byte, error)
}

// ReadFile is the Options.ReadFile of a program: it stops where a file is larger than 1 MiB.
func ReadFile(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, largestFile+1))
	if err != nil {
		return nil, err
	}
	if len(data) > largestFile {
		return nil, fmt.Errorf("%s is larger than %s", name, shortSize(largestFile))
	}
	return data, nil
}

// path is a file's or folder's name, made absolute from the settings file's folder.
func (f files) path(what string) kind[string] {
	return parsed("a path of a "+what, func(s string) (string, string, bool) {
		return f.at(s), "", s != "" && !strings.ContainsRune(s, 0)
	})
}

func (f files) at(name string) string {
	if filepath.IsAbs(name) {
		return filepath.Clean(name)
	}
	return filepath.Join(f.dir, name)
}

// secret is a text of least to most characters that stands in the file, in the
// environment, or in a file of its own. No error shows it.
func (f files) secret(phrase string, valid func(string) bool) kind[Secret] {
	phrase = "a secret, " + phrase
	return kind[Secret]{
		phrase: phrase,
		ask:    Ask{Form: FormSecret},
		read: func(v hocon.Value, bad fault) Secret {
			if v.Kind() == hocon.Object || v.Kind() == hocon.Array {
				bad(v, have(v), "")
				return Secret{}
			}
			s, err := v.Str()
			if err != nil {
				bad(v, "is no text", "")
				return Secret{}
			}
			from := "is a secret"
			if name, ok := fileForm(s); ok {
				if s, err = f.secretFile(name); err != nil {
					bad(v, err.Error(), "write the path of a readable file, starting at "+quoted(f.dir))
					return Secret{}
				}
				from = "names a file that holds something"
			}
			if !valid(s) {
				bad(v, from+" of another form", "")
				return Secret{}
			}
			return NewSecret(s)
		},
	}
}

// fileForm takes the path out of file(PATH).
func fileForm(s string) (string, bool) {
	inner, ok := strings.CutPrefix(s, "file(")
	if !ok {
		return "", false
	}
	return strings.CutSuffix(inner, ")")
}

// secretFile reads a secret without the newline that editors leave at its end.
func (f files) secretFile(name string) (string, error) {
	data, err := f.read(f.at(name))
	if err != nil {
		return "", fmt.Errorf("names a file that can't be read: %s", reason(err))
	}
	if len(data) > largestSecret {
		return "", fmt.Errorf("names a file of more than %s", shortSize(largestSecret))
	}
	return strings.TrimSuffix(strings.TrimSuffix(string(data), "\n"), "\r"), nil
}

// reason is an error about a file in few words.
func reason(err error) string {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "there is no such file"
	case errors.Is(err, fs.ErrPermission):
		return "permission denied"
	}
	return err.Error()
}

// characters is the form of a secret that may be anything of some length.
func characters(least, most int) (string, func(string) bool) {
	phrase := fmt.Sprintf("%d to %d characters", least, most)
	return phrase, func(s string) bool { return len(s) >= least && len(s) <= most }
}
