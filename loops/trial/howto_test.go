package trial_test

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/ringtail-id/ringtail/loops/drivers"
	"github.com/ringtail-id/ringtail/loops/trial"
)

var namedBlock = regexp.MustCompile("(?s)`([a-z/-]+\\.(?:js|conf|json))`:\n\n```[a-z]*\n(.*?)```")

// The driver that the how-to writes, step by step, is one that passes its case.
func TestHowToWriteADriverLeads(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "how-to", "write-a-driver.md"))
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "my-provider")
	blocks := namedBlock.FindAllStringSubmatch(string(page), -1)
	for _, b := range blocks {
		file := filepath.Join(dir, filepath.Base(b[1]))
		if filepath.Ext(file) == ".json" {
			file = filepath.Join(dir, "cases", filepath.Base(b[1]))
		}
		write(t, file, b[2])
	}
	if len(blocks) != 3 {
		t.Fatalf("the page shows %d files", len(blocks))
	}
	pool := workers(t)
	script := filepath.Join(dir, "driver.js")
	d, err := drivers.ReadScript(script)
	if problems, err := trial.Check(context.Background(), pool, d, err); err != nil || len(problems) > 0 {
		t.Fatalf("check: %v, %v", problems, err)
	}
	results, err := trial.Cases(context.Background(), os.DirFS(dir), trial.Options{Driver: d, Workers: pool})
	if err != nil || len(results) != 1 || len(results[0].Problems) > 0 {
		t.Errorf("cases: %+v, %v", results, err)
	}
}
