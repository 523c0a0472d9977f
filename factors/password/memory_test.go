package password_test

import (
	"testing"

	"github.com/ringtail-id/ringtail/factors/password"
	"github.com/ringtail-id/ringtail/factors/password/passwordtest"
)

func TestMemory(t *testing.T) {
	passwordtest.Run(t, func(*testing.T) password.Store { return new(password.Memory) })
}
