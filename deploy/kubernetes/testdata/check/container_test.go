package check

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/linter"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
)

var container = filepath.Join("..", "..", "..", "container")

// TestDockerfile reads it as BuildKit does, with BuildKit's own rules.
func TestDockerfile(t *testing.T) {
	file, err := os.Open(filepath.Join(container, "Dockerfile"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	read, err := parser.Parse(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range read.Warnings {
		t.Errorf("%s", w.Short)
	}
	rules := linter.New(&linter.Config{Warn: func(name, _, _, message string, _ []parser.Range) { t.Errorf("%s: %s", name, message) }})
	stages, _, err := instructions.Parse(read.AST, rules)
	if err != nil {
		t.Fatal(err)
	}
	last := stages[len(stages)-1]
	user := ""
	for _, command := range last.Commands {
		if u, ok := command.(*instructions.UserCommand); ok {
			user = u.User
		}
	}
	if len(stages) != 2 || user != "10001:10001" {
		t.Errorf("%d stages, the last as user %q; want 2, and a number that isn't root's", len(stages), user)
	}
}

// TestCompose reads it as Compose does: schema, references and all.
func TestCompose(t *testing.T) {
	content, err := os.ReadFile(filepath.Join(container, "compose.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	project, err := loader.LoadWithContext(context.Background(), types.ConfigDetails{
		WorkingDir: container, ConfigFiles: []types.ConfigFile{{Filename: "compose.yaml", Content: content}},
	})
	if err != nil {
		t.Fatal(err)
	}
	nodes := 0
	for name, s := range project.Services {
		if s.Image != "ringtail" {
			continue
		}
		nodes++
		if !s.ReadOnly || len(s.CapDrop) != 1 || s.MemLimit == 0 || s.StopGracePeriod == nil || len(s.Ports) > 0 {
			t.Errorf("%s isn't bounded, or is reached past the balancer", name)
		}
	}
	if nodes != 3 {
		t.Errorf("%d nodes, want 3", nodes)
	}
}
