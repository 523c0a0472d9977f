package settings

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/ringtail-id/ringtail/idp/admin"
	saved "github.com/ringtail-id/ringtail/idp/settings"
)

// formPage is what the page of a form shows.
type formPage struct {
	Action, OddsAction string // paths below the console
	Lead               string
	Tabs               []tab
	Base               int
	Comment            string
	Parts              []partView
	New                []*newEntry
	Chain              *chain // of the phone call alone
	Odds               *oddsView
	// ReadOnly: nothing can be changed; MayEdit: this administrator may.
	ReadOnly, MayEdit bool
	// Served is the revision that this node serves, where it isn't the newest.
	Served   int
	Conflict *saved.Conflict
}

// partView is one group of fields.
type partView struct {
	Title, Meaning string
	Fields         []*field
}

// tab leads to another page about the same thing.
type tab struct {
	Title, URL string
	Current    bool
}

// fields are those of all parts.
func (p *formPage) fields() (all []*field) {
	for _, part := range p.Parts {
		all = append(all, part.Fields...)
	}
	return all
}

// page makes the form as the settings are now.
func (s *Section) page(r *http.Request, a *admin.Actor, f *form) (*formPage, *state, error) {
	st, err := s.state(r.Context())
	if err != nil {
		return nil, nil, err
	}
	p := &formPage{
		Action: f.Path, Lead: f.Lead, Base: st.rev.Number, ReadOnly: st.readOnly(), MayEdit: a.May(f.Edit), Tabs: s.tabs(st, f.Path),
	}
	if st.number != st.rev.Number && !p.ReadOnly {
		p.Served = st.number
	}
	if f.root == flashCall {
		known, err := s.Drivers.Known(r.Context())
		if err != nil {
			return nil, nil, err
		}
		p.Chain, p.OddsAction = s.chain(st, known), f.Path+"/odds"
	}
	for _, part := range f.parts {
		p.Parts = append(p.Parts, s.partView(st, part))
	}
	named, fresh := s.entryParts(st, f)
	p.Parts, p.New = append(p.Parts, named...), fresh
	return p, st, s.offerAttributes(r, p)
}

// partView leaves out what the editor of the chain has.
func (s *Section) partView(st *state, part part) partView {
	v := partView{Title: part.title, Meaning: part.meaning}
	for _, k := range part.keys {
		if k.Path == pathChannels || k.Path == pathDriver {
			continue
		}
		f := s.field(st, k)
		v.Fields = append(v.Fields, &f)
	}
	return v
}

// offerAttributes lists the attributes that users have, where one is asked for.
func (s *Section) offerAttributes(r *http.Request, p *formPage) error {
	i := slices.IndexFunc(p.fields(), func(f *field) bool { return f.Path == phoneAttribute })
	if i < 0 {
		return nil
	}
	names, err := s.Attributes.NumberAttributes(r.Context())
	if err != nil {
		return err
	}
	p.fields()[i].choose(names)
	return nil
}

// fill takes what was sent.
func (p *formPage) fill(sent url.Values) {
	if base, err := strconv.Atoi(sent.Get(inputBase)); err == nil {
		p.Base = base
	}
	p.Comment = sent.Get(inputComment)
	for _, f := range p.fields() {
		f.fill(sent)
		var values []string
		for _, o := range f.Options {
			values = append(values, o.Value)
		}
		f.choose(values)
	}
	for _, n := range p.New {
		n.fill(sent)
	}
	if p.Chain != nil {
		p.Chain.fill(sent)
	}
}

// changes are what the administrator wants.
func (p *formPage) changes() []saved.Change {
	var all []saved.Change
	for _, f := range p.fields() {
		if c, ok := f.change(); ok {
			all = append(all, c)
		}
	}
	for _, n := range p.New {
		for _, f := range n.named() {
			if c, ok := f.change(); ok {
				all = append(all, c)
			}
		}
	}
	if p.Chain == nil {
		return all
	}
	if c, ok := p.Chain.change(); ok {
		// The chain takes the place of its short form, which can't stand beside it.
		none := "null"
		short := saved.Change{Path: pathDriver, New: &none}
		if c.New == nil {
			short.New = nil
		}
		all = append(all, c, short)
	}
	return all
}

func (s *Section) show(f *form) func(http.ResponseWriter, *http.Request, *admin.Actor) error {
	return func(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
		p, _, err := s.page(r, a, f)
		if err != nil {
			return err
		}
		return s.send(w, r, a, f, p, http.StatusOK, nil)
	}
}

// send shows the form, with the odds of what it holds.
func (s *Section) send(w http.ResponseWriter, r *http.Request, a *admin.Actor, f *form, p *formPage, status int, problems []admin.FieldProblem) error {
	if p.Chain != nil {
		p.Odds = p.oddsOf(p.Chain.Drivers)
	}
	return s.View.Show(w, r, a, admin.Page{Name: "settings/form", Title: f.Title, Status: status, Data: p, Problems: problems})
}

// preview works out the odds of what was typed, and changes nothing.
func (s *Section) preview(f *form) func(http.ResponseWriter, *http.Request, *admin.Actor) error {
	return func(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
		p, _, err := s.page(r, a, f)
		if err != nil {
			return err
		}
		if err := parse(r); err != nil {
			return err
		}
		p.fill(r.PostForm)
		return s.send(w, r, a, f, p, http.StatusOK, nil)
	}
}

// tabs are the pages of Authentication. That of the driver comes with the first
// settings of the phone call, as in Blitz.
func (s *Section) tabs(st *state, current string) []tab {
	all := []tab{{Title: "First factor", URL: pathFirst}, {Title: "Second factor", URL: pathSecond}}
	for _, f := range s.forms {
		if f.Group != groupLogin {
			continue
		}
		all = append(all, tab{Title: f.Title, URL: f.Path})
		if f.root == flashCall && s.callsAreSet(st) {
			all = append(all, tab{Title: "Phone call provider driver", URL: pathDrivers})
		}
	}
	if !slices.ContainsFunc(all, func(t tab) bool { return t.URL == current }) {
		return nil
	}
	for i := range all {
		all[i].Current = all[i].URL == current
		all[i].URL = s.View.URL(all[i].URL)
	}
	return all
}

// pathDrivers is the section of the drivers.
const pathDrivers = "/drivers"

// callsAreSet says whether anybody set up calls: in the console, in the file or on
// the command line.
func (s *Section) callsAreSet(st *state) bool {
	for path := range s.keys {
		if rootOf(path) == flashCall && st.origin(path).Kind != originDefault {
			return true
		}
	}
	return false
}
