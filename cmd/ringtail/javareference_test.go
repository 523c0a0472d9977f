package main

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"text/template"
)

// TestJavaReference writes docs/reference/java.md from the signatures that the
// translator itself reads.
func TestJavaReference(t *testing.T) {
	known, refused := javaClasses(t)
	if len(known) < 50 || len(refused) < 20 {
		t.Fatalf("%d classes, %d refusals: the signatures are elsewhere", len(known), len(refused))
	}
	tmpl, err := template.ParseFiles(filepath.Join("testdata", "java.md.tmpl"))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := tmpl.Execute(&out, map[string]any{"Known": known, "Refused": refused}); err != nil {
		t.Fatal(err)
	}
	golden(t, "java.md", out.String())
}

// javaClass is a class of the signatures, its members as one line of code.
type javaClass struct{ Name, Supers, Members string }

type javaRefusal struct{ Name, Hint string }

func javaClasses(t *testing.T) (known []javaClass, refused []javaRefusal) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "..", "loops", "java", "signatures", "*.sig"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no signatures: %v", err)
	}
	for _, file := range files {
		for line := range strings.Lines(readFile(t, file)) {
			line = strings.TrimRight(line, "\n")
			switch {
			case line == "" || strings.HasPrefix(line, "#"):
			case strings.HasPrefix(line, "no "):
				name, hint, _ := strings.Cut(strings.TrimPrefix(line, "no "), " = ")
				refused = append(refused, javaRefusal{name, hint})
			case strings.HasPrefix(line, " "):
				known[len(known)-1].add(strings.TrimSpace(line))
			default:
				known = append(known, javaHeader(line))
			}
		}
	}
	return known, refused
}

func javaHeader(line string) javaClass {
	_, rest, _ := strings.Cut(line, " ")
	name, supers, _ := strings.Cut(rest, " : ")
	class := javaClass{Supers: supers}
	var only string
	class.Name, only, _ = strings.Cut(name, " ") // a functional interface has its method beside its name
	if only != "" {
		class.add(only)
	}
	return class
}

// add takes a member without the JavaScript that does it.
func (c *javaClass) add(member string) {
	signature, _, _ := strings.Cut(member, " = ")
	if strings.HasPrefix(member, "is = ") || signature == "" {
		return
	}
	simple := c.Name[strings.LastIndex(c.Name, ".")+1:]
	simple, _, _ = strings.Cut(simple, "<")
	signature = strings.TrimPrefix(signature, "const ")
	if strings.HasPrefix(signature, "new(") {
		signature = "new " + simple + strings.TrimPrefix(signature, "new")
	}
	if c.Members != "" {
		c.Members += " · "
	}
	c.Members += fmt.Sprintf("`%s`", strings.ReplaceAll(signature, "|", "\\|"))
}
