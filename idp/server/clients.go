package server

import (
	"context"

	"github.com/ringtail-id/ringtail/idp"
)

// clients are those of the settings file, then those of the store.
type clients struct {
	apps   map[string]*idp.Client
	stored idp.Clients
}

var _ idp.Clients = (*clients)(nil)

func byID(apps []idp.Client) map[string]*idp.Client {
	known := make(map[string]*idp.Client, len(apps))
	for i := range apps {
		known[apps[i].ID] = &apps[i]
	}
	return known
}

// ClientByID implements idp.Clients.
func (c *clients) ClientByID(ctx context.Context, id string) (*idp.Client, error) {
	if app, ok := c.apps[id]; ok {
		return app, nil
	}
	return c.stored.ClientByID(ctx, id)
}
