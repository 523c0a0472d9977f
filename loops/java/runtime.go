package java

import (
	"embed"
	"strings"
	"sync"
)

//go:embed runtime/*.js
var runtimeFiles embed.FS

// Runtime gives the JavaScript that must have run in a runtime before a Script: it defines the constant $java, which
// can't be changed, and touches nothing else. It finds the engine's words (crypto, clock, HttpLoop, JsObj ..) when they
// are used.
func Runtime() string { return runtimeText() }

var runtimeText = sync.OnceValue(func() string {
	var out strings.Builder
	out.WriteString("\"use strict\";\nconst $java = (() => {\nconst j = {};\n")
	entries, _ := runtimeFiles.ReadDir("runtime")
	for _, e := range entries {
		text, _ := runtimeFiles.ReadFile("runtime/" + e.Name())
		out.Write(text)
	}
	out.WriteString("return Object.freeze(j);\n})();\n")
	return out.String()
})
