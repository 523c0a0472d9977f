package conf_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/ringtail-id/ringtail/conf"
)

// Whatever a file holds, Load ends with settings or with errors that have a
// place, and never panics.
func FuzzLoad(f *testing.F) {
	seeds, err := filepath.Glob("testdata/*/*.conf")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range seeds {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text), "log.level=debug")
	}
	f.Add(string(conf.Default()), "apps.a={redirectUris=[]}")
	f.Fuzz(func(t *testing.T, text, set string) {
		s, _, err := conf.Load(conf.Options{
			File: "blitz.conf", Set: []string{set},
			ReadFile: reader(map[string]string{"blitz.conf": text}), LookupEnv: environment(nil),
		})
		var all conf.Errors
		if err == nil && s == nil || err != nil && (!errors.As(err, &all) || len(all) == 0 || s != nil) {
			t.Fatalf("settings %v, error %v", s, err)
		}
		for _, e := range all {
			if e.Pos.File == "" || e.Msg == "" {
				t.Errorf("an error without place or text: %#v", e)
			}
		}
	})
}
