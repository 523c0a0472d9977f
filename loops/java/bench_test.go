package java_test

import (
	"testing"

	"github.com/dop251/goja"

	"github.com/ringtail-id/ringtail/loops/java"
)

// BenchmarkRuntime is what the library costs every step.
func BenchmarkRuntime(b *testing.B) {
	program := goja.MustCompile("runtime.js", java.Runtime(), true)
	for b.Loop() {
		if _, err := goja.New().RunProgram(program); err != nil {
			b.Fatal(err)
		}
	}
}
