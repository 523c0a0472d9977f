package console

import "slices"

// Page is one page of the console, with what surrounds it.
type Page struct {
	// Name is SECTION/NAME of the file below pages, without .html.
	Name string
	// Title is the page's one heading.
	Title string
	// Status is the HTTP status; 0 means 200.
	Status int
	// Data is the section's own.
	Data any
	// Problems of what was posted; they are told above the content and at their fields.
	Problems []Problem
	// Menu is what the administrator may go to; empty where nobody is signed in.
	Menu []Group
	// Person is who is signed in; empty where nobody is.
	Person string
	// Token is what every posted form must carry.
	Token string
	// Notice is told once, after something was done.
	Notice string
	// Warnings are what every administrator has to know on whichever page they are; a
	// URL leads to where something can be done.
	Warnings []Link
	// ReadOnly says that nothing can be changed here.
	ReadOnly bool
	// RequestID is what to look for in the log; shown on problem pages.
	RequestID string
	// FormTargets are addresses outside that a posted form may lead to; see
	// templates.Page.
	FormTargets []string
}

// Problem is something that is wrong, in words.
type Problem struct {
	// ID of the problem, for scripts and tests; may be empty.
	ID string
	// Field is the form field at fault; empty where none is.
	Field string
	// Text says what is wrong and Hint, which may be empty, what to do about it.
	Text, Hint string
}

// Group is a part of the menu.
type Group struct {
	Title string // empty for what stands alone
	Links []Link
}

// Link leads to a page.
type Link struct {
	Title, URL string
	// Current says that it leads to where the reader is.
	Current bool
}

// Tab is one of several pages about one thing.
type Tab = Link

// Option of a select field.
type Option struct {
	Value, Text string
	Selected    bool
}

// Cell of a table. A time among cells is Text made by Time.
type Cell struct {
	Text string
	// URL makes the text a link; it is a whole address, see View.URL.
	URL string
	// Time, in RFC 3339, is shown by the reader's own clock.
	Time string
	// Mark is one word for how the cell stands out: good, bad or soft.
	Mark string
}

// View is what a page's templates see.
type View struct {
	Page
	r *Renderer
}

// URL is the address of a path of the console.
func (v View) URL(path string) string { return v.r.url(path) }

// FieldProblems are those of the field.
func (v View) FieldProblems(field string) []Problem {
	return slices.DeleteFunc(slices.Clone(v.Problems), func(p Problem) bool { return p.Field != field })
}
