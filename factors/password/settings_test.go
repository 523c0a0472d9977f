package password_test

import (
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/factors/password"
)

func TestSettingsAreChecked(t *testing.T) {
	good := map[string]password.Settings{
		"all off": {},
		"all on": {Throughput: password.Throughput{Limit: 3, Window: 600 * time.Millisecond},
			DelayAfter: 3, Delay: time.Second, BlockAfter: 10, Block: time.Minute},
		"no delay": {DelayAfter: 3},
		"defaults": password.DefaultSettings(),
	}
	for name, s := range good {
		if err := s.Validate(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	bad := map[string]password.Settings{
		"no window":      {Throughput: password.Throughput{Limit: 3}},
		"negative limit": {Throughput: password.Throughput{Limit: -1}},
		"negative delay": {DelayAfter: 1, Delay: -1},
		"no block":       {BlockAfter: 10},
		"negative block": {BlockAfter: -1},
	}
	for name, s := range bad {
		if s.Validate() == nil {
			t.Errorf("%s is accepted", name)
		}
		_, err := password.New(password.Options{Accounts: new(world), Store: new(password.Memory), Hasher: new(password.Hasher),
			Settings: func() password.Settings { return s }, Hash: keyed, Normalize: func(s string) string { return s }})
		if err == nil {
			t.Errorf("%s: New accepts", name)
		}
	}
	if _, err := password.New(password.Options{}); err == nil {
		t.Error("New accepts nothing at all")
	}
}
