package settings_test

import (
	"testing"

	"github.com/ringtail-id/ringtail/idp/settings"
	"github.com/ringtail-id/ringtail/idp/settings/settingstest"
)

func TestMemory(t *testing.T) {
	settingstest.TestStore(t, func(*testing.T) settings.Store { return &settings.Memory{} })
}
