package settings

import (
	"net/url"
	"slices"
	"strings"

	"github.com/ringtail-id/ringtail/conf"
)

// field is a setting in a form.
type field struct {
	Path, Label, Meaning, Type, Default, Unit string
	Ask                                       conf.Ask
	// Value is what the input shows, Was what it showed when the page was made:
	// what differs is what the administrator changed.
	Value, Was string
	Options    []option // of a choice, and of the attribute of the number
	Origin     Origin
	// Locked: --set decides it.
	Locked bool
	// Saved: it can go back to the file's value, which is Below; Back: that was asked for.
	Saved, Back bool
	Below       string
	Conflict    *conflict
}

// option of a select.
type option struct {
	Value    string
	Selected bool
}

// conflict is what somebody else saved meanwhile.
type conflict struct {
	Theirs string // their value as text
	Take   string // what was decided: mine, theirs or empty
}

// Input is the name of the field's input.
func (f field) Input() string { return inputOf(f.Path) }

// inputOf names the input of a setting. It is an id too, so it has no blanks.
func inputOf(path string) string { return "v." + url.PathEscape(path) }

// Lines is how many lines of a list are shown.
func (f field) Lines() int { return max(3, strings.Count(f.Value, "\n")+2) }

// labels are the seed's words, where a setting's own name says less.
func labels() map[string]string {
	return map[string]string{
		flashCall + ".codeLength":       "Code length",
		flashCall + ".validity":         "Validity period",
		flashCall + ".attemptsPerLogin": "Number of attempts per login",
		flashCall + ".totalAttempts":    "Total number of attempts",
		flashCall + ".blockMinutes":     "Blocking time when the total number of attempts is exceeded",
		flashCall + ".phoneAttribute":   "Name of the attribute with the user's mobile number",
		flashCall + ".resendAfter":      "Wait before another call",
		flashCall + ".ask":              "Ask before the first call",
		flashCall + ".loginRule":        "Rule for the account, as first factor",
		"login.lstateTtlInSec":          "Life of a login",
		"login.level":                   "Default authentication level",
	}
}

// field is the setting as it is now.
func (s *Section) field(st *state, k conf.Key) field {
	f := field{
		Path: k.Path, Label: labels()[k.Path], Meaning: k.Meaning, Type: sentence(k.Type), Default: plain(k.Default), Unit: k.Ask.Unit, Ask: k.Ask,
		Origin: st.origin(k.Path), Locked: st.locked(k.Path),
	}
	if f.Label == "" {
		f.Label = words(k.Path[strings.LastIndexByte(k.Path, '.')+1:])
	}
	if v, ok := st.value(k.Path); ok {
		f.Value = inputText(v)
		if k.Ask.Form == conf.FormRoutes || k.Ask.Form == conf.FormLists {
			f.Value = canonical(v)
		}
	}
	f.Was = f.Value
	if _, f.Saved = st.saved(k.Path); f.Saved {
		f.Below = st.below(k)
	}
	f.choose(k.Ask.Choices)
	return f
}

// choose fills the options of a choice.
func (f *field) choose(values []string) {
	f.Options = nil
	if f.Ask.Form != conf.FormChoice && f.Path != phoneAttribute {
		return
	}
	if f.Ask.Null {
		values = append([]string{""}, values...)
	}
	if !slices.Contains(values, f.Value) {
		values = append([]string{f.Value}, values...)
	}
	for _, v := range values {
		f.Options = append(f.Options, option{Value: v, Selected: v == f.Value})
	}
}

// sentence begins with a capital letter.
func sentence(text string) string {
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

// phoneAttribute is chosen among the attributes that users have.
const phoneAttribute = flashCall + ".phoneAttribute"

// plain is a default of the reference as an input would show it.
func plain(hocon string) string {
	if v, ok := parseValue(hocon); ok && hocon != "" {
		if text := inputText(v); !strings.Contains(text, "\n") {
			return text
		}
	}
	return hocon
}

// UnitShown is the unit behind the label; empty where the label is the unit, as of
// block.minutes.
func (f field) UnitShown() string {
	if strings.EqualFold(f.Label, f.Unit) {
		return ""
	}
	return f.Unit
}
