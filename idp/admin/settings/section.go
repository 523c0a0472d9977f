package settings

import (
	"context"
	"errors"

	"github.com/ringtail-id/ringtail/conf"
	"github.com/ringtail-id/ringtail/idp/admin"
	saved "github.com/ringtail-id/ringtail/idp/settings"
	"github.com/ringtail-id/ringtail/loops"
)

// Store is what administrators saved, and what is served of it. *settings.Service
// of idp/settings implements it; its errors are that package's.
type Store interface {
	Current(ctx context.Context) (saved.Revision, error)
	Save(ctx context.Context, a *admin.Actor, base int, changes []saved.Change, comment string) (saved.Revision, error)
	Restore(ctx context.Context, a *admin.Actor, base, number int, comment string) (saved.Revision, error)
	History(ctx context.Context, before, n int) ([]saved.Revision, error)
	Revision(ctx context.Context, number int) (saved.Revision, error)
	Served() (*conf.Settings, int)
	// File are the settings as they would be if nothing were saved.
	File() (*conf.Settings, error)
}

// Drivers knows what a chain may name.
type Drivers interface {
	// Known are the drivers that are there, by name.
	Known(ctx context.Context) ([]*loops.Driver, error)
	// Missing names the secrets that the driver wants and that nobody gave.
	Missing(ctx context.Context, d *loops.Driver) ([]string, error)
}

// Attributes knows which attributes of users hold phone numbers.
type Attributes interface {
	// NumberAttributes are their names, sorted; empty where no user has a number.
	NumberAttributes(ctx context.Context) ([]string, error)
}

// Options for New. All are required.
type Options struct {
	Store      Store
	Drivers    Drivers
	Attributes Attributes
	View       admin.View
}

// Section is the section. It is safe for concurrent use.
type Section struct {
	Options
	forms   []*form
	order   []conf.Key          // editable settings
	keys    map[string]conf.Key // the same, by path
	methods map[string][2]bool  // as which factors this version has a method
	entries []entries
}

var _ admin.Section = (*Section)(nil)

// New makes the section's forms of the keys of conf.
func New(o Options) (*Section, error) {
	if o.Store == nil || o.Drivers == nil || o.Attributes == nil || o.View == nil {
		return nil, errors.New("admin settings: Options lacks Store, Drivers, Attributes or View")
	}
	keys, err := conf.AllKeys()
	if err != nil {
		return nil, err
	}
	s := &Section{Options: o, keys: map[string]conf.Key{}}
	for _, k := range keys {
		if !k.Section && editable(k) {
			s.keys[k.Path], s.order = k, append(s.order, k)
		}
	}
	s.forms, s.methods, s.entries = formsOf(keys), methods(keys), entriesOf(keys)
	return s, nil
}

// Menu implements admin.Section.
func (s *Section) Menu() []admin.Item {
	items := []admin.Item{
		{Title: "First factor", Path: pathFirst, Group: groupLogin, Right: admin.SettingsView},
		{Title: "Second factor", Path: pathSecond, Group: groupLogin, Right: admin.SettingsView},
	}
	for _, group := range []string{groupLogin, groupSettings} {
		for _, f := range s.forms {
			if f.Group == group {
				items = append(items, admin.Item{Title: f.Title, Path: f.Path, Group: f.Group, Right: f.View})
			}
		}
	}
	return append(items, admin.Item{Title: "History", Path: pathHistory, Group: groupSettings, Right: admin.SettingsView})
}

// Groups of the menu.
const (
	groupLogin    = "Sign-in"
	groupSettings = "Settings"
)

// Paths below the console, and below the API.
const (
	pathSettings = "/settings"
	pathFirst    = pathSettings + "/factors/first"
	pathSecond   = pathSettings + "/factors/second"
	pathHistory  = pathSettings + "/history"
)
