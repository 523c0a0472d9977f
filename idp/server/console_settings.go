package server

import (
	"context"

	"github.com/ringtail-id/ringtail/idp/admin"
	adminsettings "github.com/ringtail-id/ringtail/idp/admin/settings"
	"github.com/ringtail-id/ringtail/idp/vault"
	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/drivers"
)

// settingsSection is left out where nothing can be saved, as in a program that has
// no settings file.
func (s *Server) settingsSection(c *consoleParts) (admin.Section, error) {
	if c.Settings == nil || c.Loops == nil {
		return nil, nil
	}
	o := &s.options
	return adminsettings.New(adminsettings.Options{
		Store: c.Settings, Drivers: &chainDrivers{ConsoleOptions: c.ConsoleOptions, options: o, secrets: vault.NewSecrets(o.Store, o.Keyring, o.Now)},
		Attributes: o.Store, View: c.view,
	})
}

// chainDrivers are those that a chain may name.
type chainDrivers struct {
	*ConsoleOptions
	options *Options
	secrets *vault.Secrets
}

// Known implements adminsettings.Drivers. A driver of the folder goes over one that
// was published, and that over one that ships. A folder with faults hides only the
// drivers that have them.
func (d *chainDrivers) Known(ctx context.Context) ([]*loops.Driver, error) {
	shipped, folder, _ := d.Loops.Known()
	rev, err := d.Settings.Current(ctx)
	if err != nil {
		return nil, err
	}
	var published []*loops.Driver
	for name, number := range rev.Layer.Drivers {
		one, err := d.options.Store.PublishedDriver(ctx, name, number)
		if err != nil {
			return nil, err
		}
		published = append(published, one)
	}
	return drivers.Merge(drivers.Merge(shipped, published), folder), nil
}

// Missing implements adminsettings.Drivers.
func (d *chainDrivers) Missing(ctx context.Context, driver *loops.Driver) ([]string, error) {
	given := map[string]string{}
	served, _ := d.Settings.Served()
	for name, secret := range served.Loops.Secrets[driver.Name] {
		given[name] = secret.Reveal()
	}
	has, err := d.secrets.Of(ctx, driver.Name, given)
	if err != nil {
		return nil, err
	}
	var missing []string
	for _, name := range driver.Manifest.Secrets {
		if has[name] == "" {
			missing = append(missing, name)
		}
	}
	return missing, nil
}
