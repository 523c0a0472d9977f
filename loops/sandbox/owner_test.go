package sandbox_test

import (
	"encoding/binary"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/loops"
)

// A worker whose owner is gone ends, in the middle of an endless loop too.
func TestWorkersEndWithTheirOwner(t *testing.T) {
	limits := loops.DefaultLimits()
	limits.Step = time.Hour
	for name, tasks := range map[string][]any{
		"idle":    nil,
		"running": {map[string]any{"file": "driver.js", "source": "function run() { for (;;) {} }", "entry": loops.EntryStart, "input": map[string]any{}}},
	} {
		t.Run(name, func(t *testing.T) {
			worker := exec.CommandContext(t.Context(), os.Args[0], "loop-worker")
			worker.Stdout = io.Discard
			in, err := worker.StdinPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := worker.Start(); err != nil {
				t.Fatal(err)
			}
			for _, message := range append([]any{map[string]any{"limits": limits, "steps": 1}}, tasks...) {
				text, err := json.Marshal(message)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := in.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(text))), text...)); err != nil {
					t.Fatal(err)
				}
			}
			if err := in.Close(); err != nil {
				t.Fatal(err)
			}
			if err := worker.Wait(); err != nil {
				t.Errorf("it ended otherwise than by itself: %v", err)
			}
		})
	}
}
