package drivers

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/loops"
	loopdrivers "github.com/ringtail-id/ringtail/loops/drivers"
)

// Source says where the driver that serves under a name comes from.
type Source string

// The sources. A folder's driver wins over a published version, and that over a ready driver.
const (
	SourceReady     Source = "ready" // it ships with Ringtail
	SourceFile      Source = "file"  // a folder of the installation; read only here
	SourcePublished Source = "console"
	SourceNone      Source = "" // nothing serves: there are drafts or versions alone
)

// Listing is a driver as the list shows it.
type Listing struct {
	Name      string
	Title     string // of the manifest that serves, or of the newest script
	Channel   loops.Channel
	Source    Source
	Published int    // the version that the settings publish; 0: none
	Newest    int    // the newest version; 0: none
	Draft     *Draft // nil: there is none
	Request   *Request
	Routes    []int // places in the chain that use it, from 1
	Ships     bool  // a ready driver has that name
}

// List gives all drivers: ready ones, those of the folder, and those that administrators write. faults are those of the folder.
func (s *Service) List(ctx context.Context) (list []Listing, faults []string, err error) {
	facts := s.o.Facts()
	revision, err := s.o.Settings.Current(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("reading the settings: %w", err)
	}
	byName := map[string]*Listing{}
	at := func(name string) *Listing {
		if byName[name] == nil {
			byName[name] = &Listing{Name: name}
		}
		return byName[name]
	}
	for _, d := range facts.Shipped {
		l := at(d.Name)
		l.Title, l.Channel, l.Source, l.Ships = d.Manifest.Title, d.Manifest.Channel, SourceReady, true
	}
	if err := s.listOwn(ctx, at); err != nil {
		return nil, nil, err
	}
	for name, number := range revision.Layer.Drivers {
		l := at(name)
		l.Published, l.Source = number, SourcePublished
	}
	for _, d := range facts.Folder {
		l := at(d.Name)
		l.Title, l.Channel, l.Source = d.Manifest.Title, d.Manifest.Channel, SourceFile
	}
	for i, name := range facts.Routes {
		l := at(name)
		l.Routes = append(l.Routes, i+1)
	}
	for _, l := range byName {
		list = append(list, *l)
	}
	slices.SortFunc(list, func(a, b Listing) int { return compareListings(a, b) })
	return list, linesOf(facts.Faults), nil
}

// compareListings has those that serve first, and then those that somebody works on.
func compareListings(a, b Listing) int {
	rank := func(l Listing) int {
		switch {
		case len(l.Routes) > 0:
			return l.Routes[0]
		case l.Draft != nil || l.Newest > 0 || l.Source == SourceFile:
			return 1000
		}
		return 2000
	}
	if d := rank(a) - rank(b); d != 0 {
		return d
	}
	return slices.Compare([]string{a.Name}, []string{b.Name})
}

// listOwn adds what administrators wrote.
func (s *Service) listOwn(ctx context.Context, at func(name string) *Listing) error {
	versions, err := s.o.Records.DriverVersions(ctx, "", mostListed)
	if err != nil {
		return fmt.Errorf("listing the versions of drivers: %w", err)
	}
	for _, v := range versions {
		l := at(v.Driver)
		l.Newest = v.Number
		l.describe(v.Script)
	}
	drafts, err := s.o.Records.Drafts(ctx)
	if err != nil {
		return fmt.Errorf("listing the drafts of drivers: %w", err)
	}
	for _, d := range drafts {
		l := at(d.Driver)
		l.Draft = d
		if l.Newest == 0 {
			l.describe(d.Script)
		}
	}
	requests, err := s.o.Records.Requests(ctx)
	if err != nil {
		return fmt.Errorf("listing the requests to publish drivers: %w", err)
	}
	for _, r := range requests {
		at(r.Driver).Request = r
	}
	return nil
}

// mostListed bounds lists.
const mostListed = 1000

// describe takes what a script says of itself, where it can be read.
func (l *Listing) describe(script Script) {
	if d, err := script.driver(l.Name, l.Name); err == nil {
		l.Title, l.Channel = d.Manifest.Title, d.Manifest.Channel
	}
}

// Driver is all that is known of one name.
type Driver struct {
	Listing
	Draft    *Draft // nil: there is none
	Versions []*Version
	Releases map[int]Release // by version
	Request  *Request
	Trials   []Trial
	Managed  bool    // by a file: it can't be changed here
	Ready    *Script // the ready driver of the name; nil: none
	Serving  *Script // what the settings let serve from here, or else the ready driver; nil: a file's, or none
}

// Driver gives all that is known of a name; ProblemUnknown where nothing is.
func (s *Service) Driver(ctx context.Context, name string) (*Driver, error) {
	list, _, err := s.List(ctx)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(list, func(l Listing) bool { return l.Name == name })
	if i < 0 {
		return nil, unknown()
	}
	d := &Driver{Listing: list[i], Draft: list[i].Draft, Request: list[i].Request, Releases: map[int]Release{}, Managed: list[i].Source == SourceFile}
	if d.Versions, err = s.o.Records.DriverVersions(ctx, name, mostListed); err != nil {
		return nil, fmt.Errorf("listing the versions of %s: %w", name, err)
	}
	releases, err := s.o.Records.Releases(ctx, name)
	if err != nil {
		return nil, fmt.Errorf("listing the releases of %s: %w", name, err)
	}
	for _, r := range releases {
		d.Releases[r.Number] = r
	}
	if d.Trials, err = s.o.Records.TrialsOf(ctx, name); err != nil {
		return nil, fmt.Errorf("listing the trials of %s: %w", name, err)
	}
	return d, s.fillServing(ctx, d)
}

func (s *Service) fillServing(ctx context.Context, d *Driver) error {
	if d.Ships {
		script, err := ready(d.Name)
		if err != nil {
			return err
		}
		d.Ready = &script
	}
	if d.Managed {
		return nil
	}
	d.Serving = d.Ready
	if d.Published > 0 {
		v, err := s.o.Records.DriverVersion(ctx, d.Name, d.Published)
		if err != nil && !errors.Is(err, idp.ErrNotFound) {
			return err
		}
		if err == nil {
			d.Serving = &v.Script
		}
	}
	return nil
}

// file gives the folder's driver of the name, nil where there is none.
func (s *Service) file(name string) *loops.Driver { return loopdrivers.Find(s.o.Facts().Folder, name) }
