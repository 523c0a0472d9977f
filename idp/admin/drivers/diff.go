package drivers

import (
	"context"
	"strings"

	udiff "github.com/aymanbagabas/go-udiff"
)

// Words of DiffLine.Op.
const (
	OpSame = "same"
	OpAdd  = "add"
	OpDrop = "drop"
	OpSkip = "skip" // lines that are the same are left out here
)

// DiffLine is one line of a diff. Old and New are its numbers from 1; 0 where the line isn't on that side.
type DiffLine struct {
	Op   string `json:"op"`
	Old  int    `json:"old,omitempty"`
	New  int    `json:"new,omitempty"`
	Text string `json:"text"`
}

// DiffPart is what differs in one file of a script.
type DiffPart struct {
	Title    string     `json:"file"` // driver.js, driver.conf, cases/NAME.json
	Language string     `json:"-"`    // js, java, hocon or json, for editors
	Before   string     `json:"-"`
	After    string     `json:"-"`
	Lines    []DiffLine `json:"lines"`
}

// around is how many lines a diff shows around a change.
const around = 3

// Compare gives what differs from one script to another, file by file; nothing where both are the same.
func Compare(from, to Script) []DiffPart {
	out := []DiffPart{}
	add := func(file, language, before, after string) {
		if lines := diffLines(before, after); len(lines) > 0 {
			out = append(out, DiffPart{Title: file, Language: language, Before: before, After: after, Lines: lines})
		}
	}
	if from.Language == to.Language || from.Source == "" {
		add(to.Language.file(), string(to.Language), from.Source, to.Source)
	} else {
		add(from.Language.file(), string(from.Language), from.Source, "")
		add(to.Language.file(), string(to.Language), "", to.Source)
	}
	add("driver.conf", "hocon", from.Manifest, to.Manifest)
	after := map[string]string{}
	for _, c := range to.Cases {
		after[c.Name] = c.Text
	}
	for _, c := range from.Cases {
		add("cases/"+c.Name+".json", "json", c.Text, after[c.Name])
		delete(after, c.Name)
	}
	for _, c := range to.ordered().Cases {
		if text, is := after[c.Name]; is {
			add("cases/"+c.Name+".json", "json", "", text)
		}
	}
	return out
}

func diffLines(before, after string) []DiffLine {
	before, after = ended(before), ended(after)
	unified, err := udiff.ToUnifiedDiff("", "", before, udiff.Lines(before, after), around)
	if err != nil {
		return nil // the edits are of this very text
	}
	var out []DiffLine
	for i, h := range unified.Hunks {
		if i > 0 || h.FromLine > 1 {
			out = append(out, DiffLine{Op: OpSkip})
		}
		out = append(out, hunkLines(h)...)
	}
	return out
}

func hunkLines(h *udiff.Hunk) []DiffLine {
	var out []DiffLine
	before, after := h.FromLine, h.ToLine
	for _, l := range h.Lines {
		line := DiffLine{Text: strings.TrimRight(l.Content, "\r\n")}
		switch l.Kind {
		case udiff.Insert:
			line.Op, line.New = OpAdd, after
			after++
		case udiff.Delete:
			line.Op, line.Old = OpDrop, before
			before++
		default:
			line.Op, line.Old, line.New = OpSame, before, after
			before, after = before+1, after+1
		}
		out = append(out, line)
	}
	return out
}

// ended gives a text whose last line ends, so that a missing line break isn't a change.
func ended(text string) string {
	if text == "" || strings.HasSuffix(text, "\n") {
		return text
	}
	return text + "\n"
}

// Diff compares two scripts of a driver; see Script for what from and to may be.
func (s *Service) Diff(ctx context.Context, name, from, to string) ([]DiffPart, error) {
	old, err := s.Script(ctx, name, from)
	if err != nil {
		return nil, err
	}
	now, err := s.Script(ctx, name, to)
	if err != nil {
		return nil, err
	}
	return Compare(old, now), nil
}
