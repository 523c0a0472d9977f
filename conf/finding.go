package conf

import (
	"cmp"
	"slices"
	"strings"

	"github.com/ringtail-id/ringtail/conf/hocon"
)

// Finding is one thing to say about a place in the settings.
type Finding struct {
	Pos  hocon.Pos // File is the settings file, an included one, SavedName, "--set" or DefaultName
	Path string    // the setting's HOCON path from the root; empty where the text is no HOCON
	Msg  string    // what is wrong and what to write; never a secret
}

// String is FILE:LINE:COL: PATH: what is wrong and what to write, without what
// isn't known.
func (f Finding) String() string {
	parts := slices.DeleteFunc([]string{f.Pos.String(), f.Path, f.Msg}, func(s string) bool { return s == "" })
	return strings.Join(parts, ": ")
}

// Errors are all faults of the settings, sorted by place; never empty where it
// is returned as an error.
type Errors []Finding

// Error is one line a fault.
func (e Errors) Error() string {
	lines := make([]string, len(e))
	for i, f := range e {
		lines[i] = f.String()
	}
	return strings.Join(lines, "\n")
}

// sortFindings orders by file, line, column and path.
func sortFindings(all []Finding) {
	slices.SortStableFunc(all, func(a, b Finding) int {
		return cmp.Or(
			cmp.Compare(a.Pos.File, b.Pos.File),
			cmp.Compare(a.Pos.Line, b.Pos.Line),
			cmp.Compare(a.Pos.Col, b.Pos.Col),
			cmp.Compare(a.Path, b.Path),
		)
	})
}
