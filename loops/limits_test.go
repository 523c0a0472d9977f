package loops_test

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/conf/hocon"
	"github.com/ringtail-id/ringtail/loops"
)

// The settings, `loop limits` and the manual speak of the limits with the same words, and by default they are the same.
func TestLimitsHaveTheWordsOfTheSettings(t *testing.T) {
	if fields, listed := reflect.TypeFor[loops.Limits]().NumField(), len(loops.DefaultLimits().List()); fields != listed {
		t.Errorf("there are %d limits and %d are listed", fields, listed)
	}
	file := filepath.Join("..", "conf", "blitz.conf")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	c, err := hocon.Parse(file, text, hocon.Options{})
	if err != nil {
		t.Fatal(err)
	}
	settings, ok := c.Root().At("blitz", "prod", "local", "idp", "loops", "limits")
	if !ok {
		t.Fatal("the settings have no loops.limits")
	}
	known := map[string]bool{}
	for _, l := range loops.DefaultLimits().List() {
		v, ok := settings.Get(l.Name)
		known[l.Name] = ok
		if ok == l.Fixed {
			t.Errorf("%s: fixed %v, and the settings have it %v", l.Name, l.Fixed, ok)
		}
		if !ok {
			continue
		}
		want, is := reflect.ValueOf(l.Value).Int(), v.Bytes
		if _, time := l.Value.(time.Duration); time {
			is = func() (int64, error) { d, err := v.Duration(); return int64(d), err }
		}
		if got, err := is(); err != nil || got != want {
			t.Errorf("%s is %d by default, %d in the settings (%v)", l.Name, want, got, err)
		}
	}
	for _, name := range settings.Keys() {
		if !known[name] {
			t.Errorf("the settings have loops.limits.%s, which is no limit", name)
		}
	}
}
