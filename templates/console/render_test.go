package console_test

import (
	"testing"

	"github.com/ringtail-id/ringtail/templates/console"
)

// Every page can be read.
func TestPagesParse(t *testing.T) {
	same := func(name string) string { return name }
	r, err := console.New(console.Options{Asset: same, URL: same})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"drivers/list", "drivers/new", "drivers/show", "drivers/trial", "drivers/cases", "drivers/versions", "drivers/version", "drivers/diff",
		"drivers/publish", "drivers/rollback", "drivers/request", "drivers/secrets"} {
		if !r.Has(name) {
			t.Errorf("there is no page %s", name)
		}
	}
}
