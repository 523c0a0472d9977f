package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var shellBlock = regexp.MustCompile("(?s)```sh\n(.*?)```")

// The trials that the how-to makes of drivers that ship go well where they are pasted, in their order.
func TestHowToTrialsWork(t *testing.T) {
	page := readFile(t, "..", "..", "docs", "how-to", "write-a-driver.md")
	_, step, _ := strings.Cut(page, "\n## 4. ")
	step, rest, _ := strings.Cut(step, "\n## 5. ")
	_, messages, _ := strings.Cut(rest, "\n## 8. ")
	step += messages
	t.Chdir(t.TempDir())
	ran := map[string]bool{}
	for _, block := range shellBlock.FindAllStringSubmatch(step, -1) {
		if strings.Contains(block[1], "drivers/my-provider") || strings.Contains(block[1], "ringtail demo") {
			continue // a driver of the reader's own, or a server
		}
		for line := range strings.Lines(strings.ReplaceAll(block[1], "\\\n", " ")) {
			words := shellWords(line)
			if words[0] == "echo" {
				if err := os.WriteFile(filepath.Base(words[3]), []byte(words[1]), 0o600); err != nil {
					t.Fatal(err)
				}
				continue
			}
			code, out, errOut := ringtail(t, "", words[1:]...)
			if code != exitOK || errOut != "" {
				t.Errorf("%s: exit code %d: %s%s", line, code, out, errOut)
			}
			for _, kind := range []string{"--entry login", "--entry poll", "--entry check", "--answer 401:-", "sms-ru-sms", "exolve"} {
				ran[kind] = ran[kind] || strings.Contains(line, kind)
			}
		}
	}
	for kind, is := range ran {
		if !is {
			t.Errorf("no trial with %s", kind)
		}
	}
	if len(ran) == 0 {
		t.Error("no trial was found")
	}
}
