package java_test

import (
	"testing"

	"github.com/dop251/goja"

	"github.com/ringtail-id/ringtail/loops/java"
)

// BenchmarkRuntime is what the library costs every step: its core alone, and the parts that procedures load.
func BenchmarkRuntime(b *testing.B) {
	library := goja.MustCompile("runtime.js", java.Runtime(), true)
	for name, source := range map[string]string{
		"core":        "",
		"collections": `Map<String, String> m = new HashMap<>(); for (String k : m.keySet()) m.get(k);`,
		"much": `Map<String, String> m = new TreeMap<>(); List<String> l = new ArrayList<>(); l.stream().map(String::trim).collect(Collectors.joining());
			MessageDigest.getInstance("MD5").digest(String.format("%s", 1.5).getBytes()); "a".matches("b"); Base64.getEncoder();`,
	} {
		p := translate(b, shell(source+"return null;", ""))
		script := goja.MustCompile("script.js", p.Script, true)
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				rt := goja.New()
				if _, err := rt.RunProgram(library); err != nil {
					b.Fatal(err)
				}
				if _, err := rt.RunProgram(script); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
