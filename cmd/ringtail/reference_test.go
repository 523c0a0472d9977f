package main

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Pages of the reference are generated, so that they can't drift from the code;
// -update writes them.

func TestCommandReference(t *testing.T) {
	var b strings.Builder
	b.WriteString("# Commands\n\nGenerated from the program. Exit codes: 0 done, 1 refused (standard error says why), 2 the command line can't be understood.\n" +
		"Secrets are read from standard input, not from the command line; `loop run --secret` is the exception, for trials.\n")
	describe(&b, newRoot(stdio{}))
	golden(t, "commands.md", b.String())
}

func describe(b *strings.Builder, c *cobra.Command) {
	if c.Hidden || c.Name() == "help" || c.Name() == "completion" {
		return
	}
	if c.HasParent() && (!c.HasSubCommands() || c.LocalFlags().HasFlags()) {
		fmt.Fprintf(b, "\n## %s\n\n%s.\n", strings.TrimSuffix(c.UseLine(), " [flags]"), c.Short)
		flags := 0
		c.LocalFlags().VisitAll(func(f *pflag.Flag) {
			if f.Name == "help" {
				return
			}
			if flags++; flags == 1 {
				b.WriteString("\n| flag | meaning |\n|---|---|\n")
			}
			name, usage := pflag.UnquoteUsage(f)
			if name != "" {
				name = " " + name
			}
			if f.DefValue != "" && f.DefValue != "[]" && f.DefValue != "false" && f.DefValue != "0" {
				usage += fmt.Sprintf(" (default `%s`)", f.DefValue)
			}
			fmt.Fprintf(b, "| `--%s%s` | %s |\n", f.Name, name, usage)
		})
	}
	for _, sub := range c.Commands() {
		describe(b, sub)
	}
}

var problemLine = regexp.MustCompile(`^problem\.(.+)\.(text|hint)=(.*)$`)

func TestProblemReference(t *testing.T) {
	file, err := os.Open(filepath.Join("..", "..", "templates", "messages", "messages.en"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	texts := map[string]map[string]string{}
	for s := bufio.NewScanner(file); s.Scan(); {
		if m := problemLine.FindStringSubmatch(s.Text()); m != nil {
			if texts[m[1]] == nil {
				texts[m[1]] = map[string]string{}
			}
			texts[m[1]][m[2]] = m[3]
		}
	}
	ids := make([]string, 0, len(texts))
	for id := range texts {
		ids = append(ids, id)
	}
	sort.Strings(ids)
	var b strings.Builder
	b.WriteString("# Problems\n\nGenerated from the messages. Everything that can go wrong in front of a person has an id; pages show the text and the hint, the JSON login " +
		"has them in `problem`. Ids never change; texts may.\n\n| id | text | hint |\n|---|---|---|\n")
	for _, id := range ids {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", id, texts[id]["text"], texts[id]["hint"])
	}
	golden(t, "problems.md", b.String())
}

func golden(t *testing.T, name, want string) {
	t.Helper()
	goldenFile(t, filepath.Join("..", "..", "docs", "reference", name), want)
}

func goldenFile(t *testing.T, path, want string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got := readFile(t, path); got != want {
		t.Errorf("%s is not what the code says; run go test ./cmd/ringtail -run 'Reference|Types' -update and read the diff", path)
	}
}

var mdLink = regexp.MustCompile(`\]\(([^)#]+)(#[^)]*)?\)|src="([^"]+)"`)

func TestLinksInTheDocumentationLead(t *testing.T) {
	root := filepath.Join("..", "..")
	pages, err := filepath.Glob(filepath.Join(root, "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	more, err := filepath.Glob(filepath.Join(root, "docs", "*", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	links := 0
	for _, page := range append(pages, more...) {
		for _, m := range mdLink.FindAllStringSubmatch(readFile(t, page), -1) {
			target := m[1] + m[3]
			if strings.Contains(target, "://") {
				continue
			}
			links++
			if _, err := os.Stat(filepath.Join(filepath.Dir(page), target)); err != nil {
				t.Errorf("%s links to %s, which is not there", page, target)
			}
		}
	}
	if links < 20 {
		t.Errorf("only %d links were found", links)
	}
}
