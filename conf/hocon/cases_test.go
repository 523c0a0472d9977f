package hocon

import (
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the answers in testdata/cases from what the reader says")

// TestCases reads testdata/cases/*.txt: files after "-- name --" lines, main.conf first, and the answer last: after "-- json --" the
// resolved document, after "-- error --" the errors.
func TestCases(t *testing.T) {
	names, err := filepath.Glob("testdata/cases/*.txt")
	if err != nil || len(names) < 60 {
		t.Fatalf("%d cases, %v", len(names), err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txt"), func(t *testing.T) {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			files, question, want := splitCase(t, string(text))
			got := answer(files)
			if *update {
				if err := os.WriteFile(name, []byte(question+got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if got != want {
				t.Errorf("the answer is\n%swant\n%s", got, want)
			}
		})
	}
}

// splitCase gives the files of a case by name, their text together, and the answer with its heading.
func splitCase(t *testing.T, text string) (files map[string]string, question, want string) {
	t.Helper()
	files = map[string]string{}
	name := ""
	for line := range strings.Lines(text) {
		if heading, ok := strings.CutPrefix(line, "-- "); ok && strings.HasSuffix(heading, " --\n") {
			name = strings.TrimSuffix(heading, " --\n")
			if name == "json" || name == "error" {
				want = text[len(question):]
				break
			}
			files[name] = ""
		} else if name != "" {
			files[name] += line
		}
		question += line
	}
	if _, ok := files["main.conf"]; !ok {
		t.Fatal("the case has no main.conf")
	}
	return files, question, want
}

func answer(files map[string]string) string {
	c, err := ParseFile("main.conf", Options{
		LookupEnv: env("HOME=/home/user", "PORT=8081", "EMPTY=", "LIST_0=a", "LIST_1=b"),
		ReadFile: func(name string) ([]byte, error) {
			text, ok := files[name]
			if !ok {
				return nil, fs.ErrNotExist
			}
			return []byte(text), nil
		},
	})
	if err != nil {
		return "-- error --\n" + err.Error() + "\n"
	}
	text, err := c.JSON()
	if err != nil {
		return "-- error --\n" + err.Error() + "\n"
	}
	return "-- json --\n" + string(text) + "\n"
}
