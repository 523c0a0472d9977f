package java

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/ringtail-id/ringtail/loops"
)

// maxProblems is how many problems of a file are told at once.
const maxProblems = 20

// Problem is one fault of a procedure.
type Problem struct {
	Line, Column int          // 1-based, the column in characters
	Reason       loops.Reason // ReasonSyntax, or ReasonUnsupported
	Message      string       // what is wrong, and what to write instead where we know it
}

// Program is a procedure that was translated. It is never changed once made and may be shared.
type Program struct {
	// Script is strict JavaScript whose top level declares the one name $program. Runtime must have run before it.
	Script string
	// Entries gives, for each entry that the procedure has, the expression of its function (obj, result, state).
	Entries map[loops.Entry]string

	marks []mark
}

// mark says that the script from a position on came from a place of the Java file.
type mark struct{ line, column, javaLine, javaColumn int }

// Place gives the line and column of the Java file, 1-based, for a position in Script.
func (p *Program) Place(line, column int) (int, int) {
	i, found := slices.BinarySearchFunc(p.marks, mark{line: line, column: column}, func(a, b mark) int {
		return cmp.Or(cmp.Compare(a.line, b.line), cmp.Compare(a.column, b.column))
	})
	if !found {
		i--
	}
	if i < 0 {
		return 1, 1
	}
	// Of several marks at one position the last is the innermost.
	for found && i+1 < len(p.marks) && p.marks[i+1].line == line && p.marks[i+1].column == column {
		i++
	}
	return p.marks[i].javaLine, p.marks[i].javaColumn
}

// Translate reads a procedure of at most loops.Limits.Code bytes. file is how errors name it. The program is nil where
// there is a problem; problems stand in the order of the file.
func Translate(file string, source []byte) (program *Program, problems []Problem) {
	defer func() {
		if fault := recover(); fault != nil { // a file must not end the process that holds others' drivers
			program, problems = nil, []Problem{{1, 1, loops.ReasonUnsupported, fmt.Sprintf("%s broke the translator, please report it: %.200v", file, fault)}}
		}
	}()
	root, problems := parse(source)
	if root == nil {
		return nil, problems
	}
	c := newChecker()
	script := c.file(root)
	if len(c.problems) > 0 {
		slices.SortStableFunc(c.problems, func(a, b Problem) int {
			return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
		})
		return nil, c.problems[:min(len(c.problems), maxProblems)]
	}
	text, marks := place(script)
	return &Program{Script: text, Entries: c.entries, marks: marks}, nil
}
