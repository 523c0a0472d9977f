package words

import (
	"regexp"
	"strings"
)

var (
	declaration = regexp.MustCompile(`^(declare const|interface) (\w+)(?: extends (\w+))?:? \{(.*)$`)
	comment     = regexp.MustCompile(`^\s*/\*\* (.*) \*/$`)
	member      = regexp.MustCompile(`^  (\w+)(\(.*\))?: (.+);$`)
	choice      = regexp.MustCompile(`^type (\w+) = (".*);$`)
	quoted      = regexp.MustCompile(`"([^"]*)"`)
	typeName    = regexp.MustCompile(`^\w+(\[\])?`)
)

// fromTypes reads the declarations of loops.d.ts. A member without a comment only narrows one that has its comment
// elsewhere, and is left out.
func fromTypes(text string) Language {
	out := Language{Choices: map[string][]string{}}
	var open *Object
	means := ""
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		if m := comment.FindStringSubmatch(line); m != nil {
			means = m[1]
			continue
		}
		switch {
		case declaration.MatchString(line):
			open = out.declare(declaration.FindStringSubmatch(line), means)
		case choice.MatchString(line):
			m := choice.FindStringSubmatch(line)
			for _, q := range quoted.FindAllStringSubmatch(m[2], -1) {
				out.Choices[m[1]] = append(out.Choices[m[1]], q[1])
			}
		case open != nil && means != "" && member.MatchString(line):
			m := member.FindStringSubmatch(line)
			open.Members = append(open.Members, Member{Name: m[1], Form: m[1] + m[2] + ": " + m[3], Gives: typeName.FindString(m[3]), Means: means})
		}
		means = ""
	}
	return out
}

// declare adds the object that a line begins: a constant is a global, an interface a type.
func (l *Language) declare(m []string, means string) *Object {
	list := &l.Types
	if m[1] == "declare const" {
		list = &l.Globals
	}
	*list = append(*list, Object{Name: m[2], Extends: m[3], Means: means, Members: []Member{}})
	return &(*list)[len(*list)-1]
}
