package settings

import (
	"net/url"
	"slices"
	"strings"

	"github.com/ringtail-id/ringtail/conf"
	saved "github.com/ringtail-id/ringtail/idp/settings"
)

// Names of inputs beside those of the settings.
const (
	inputBase    = "base"    // the revision that the form was made from
	inputComment = "comment" // why
	inputAction  = "action"  // which button
	inputBack    = "back"    // settings that go back to the file's value
	inputWas     = "was."    // before a path: what the input showed
	inputDecide  = "decide"  // settings that two changed
	inputTake    = "take."   // before a path: mine or theirs
)

// What can be decided about a setting that two changed.
const (
	takeMine   = "mine"
	takeTheirs = "theirs"
)

// fill takes what was sent into the field.
func (f *field) fill(sent url.Values) {
	if f.Locked {
		return
	}
	f.Back = f.Saved && slices.Contains(sent[inputBack], f.Path)
	input, asked := sent[inputOf(f.Path)]
	was, told := sent[inputWas+f.Path]
	if told {
		f.Was = normal(f.Ask, was[0])
	}
	switch {
	case asked:
		f.Value = normal(f.Ask, input[0])
	case f.Ask.Form == conf.FormSwitch && told:
		f.Value = "false" // a box that isn't ticked isn't sent
	}
	if slices.Contains(sent[inputDecide], f.Path) {
		f.Conflict = &conflict{Theirs: f.Was, Take: sent.Get(inputTake + f.Path)}
	}
}

// normal undoes what browsers do to the ends of lines, and what doesn't count.
func normal(ask conf.Ask, text string) string {
	if ask.Form == conf.FormList {
		return strings.Join(linesOf(text), "\n")
	}
	return strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
}

// change is what the administrator wants of the setting; false: nothing.
func (f field) change() (saved.Change, bool) {
	switch {
	case f.Locked, f.Conflict != nil && f.Conflict.Take == takeTheirs:
		return saved.Change{}, false
	case f.Back:
		return saved.Change{Path: f.Path}, true
	case f.Value == f.Was:
		return saved.Change{}, false
	}
	text := f.literal()
	return saved.Change{Path: f.Path, New: &text}, true
}

func (f field) literal() string {
	if f.Ask.Form == conf.FormRoutes || f.Ask.Form == conf.FormLists {
		return f.Value
	}
	return literal(f.Ask, f.Value)
}
