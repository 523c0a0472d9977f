package store_test

import (
	"context"
	"sync/atomic"
	"testing"

	"github.com/ringtail-id/ringtail/idp/settings"
	"github.com/ringtail-id/ringtail/idp/settings/settingstest"
)

// revisionNodes are two stores on one database, as two processes have them; each append
// goes to the other one.
type revisionNodes struct {
	settings.Store
	stores [2]settings.Store
	turn   atomic.Uint64
}

func (n *revisionNodes) AppendRevision(ctx context.Context, r settings.Revision) error {
	return n.stores[n.turn.Add(1)%2].AppendRevision(ctx, r)
}

func TestSettings(t *testing.T) {
	onBoth(t, func(t *testing.T, fresh func(testing.TB) string) {
		settingstest.TestStore(t, func(t *testing.T) settings.Store {
			url := fresh(t)
			a, b := openURL(t, url), openURL(t, url)
			return &revisionNodes{Store: a, stores: [2]settings.Store{a, b}}
		})
	})
}
