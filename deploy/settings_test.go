package deploy

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/conf"
)

// secrets are the files that the examples' settings name.
var secrets = map[string]string{
	"master-key": strings.Repeat("0f", 32), "database-url": "postgres://ringtail:word@postgres:5432/ringtail",
	"ucaller-service-id": "123456", "ucaller-key": "a-key-of-the-provider",
}

// TestSettingsCanBeServed checks the settings of the container and of Kubernetes as a
// node does, with their secrets in files.
func TestSettingsCanBeServed(t *testing.T) {
	for name, text := range map[string]string{
		"container":  example(t, filepath.Join("container", "blitz.conf"), nil),
		"Kubernetes": configMap(t, filepath.Join("kubernetes", "settings.yaml"), "blitz.conf"),
	} {
		t.Run(name, func(t *testing.T) {
			s, _, err := conf.Load(conf.Options{File: "/etc/ringtail/blitz.conf", ReadFile: func(path string) ([]byte, error) {
				if path == "/etc/ringtail/blitz.conf" {
					return []byte(text), nil
				}
				if content, ok := secrets[filepath.Base(path)]; ok && strings.HasPrefix(path, "/run/secrets/") {
					return []byte(content + "\n"), nil
				}
				return nil, errors.ErrUnsupported
			}})
			if err != nil {
				t.Fatal(err)
			}
			if s.Server.DrainDelay < 5*time.Second || len(s.Server.TrustedProxies) == 0 || s.Keys.MasterKey() == nil {
				t.Errorf("drained for %v, %d proxies", s.Server.DrainDelay, len(s.Server.TrustedProxies))
			}
			if url := s.Store.URL.Reveal(); url != secrets["database-url"] {
				t.Errorf("the database is %q", url)
			}
		})
	}
}

// configMap is one text of a manifest, without the manifest's indentation.
func configMap(t *testing.T, name, key string) string {
	t.Helper()
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	_, text, found := strings.Cut(string(content), "\n  "+key+": |\n")
	if !found {
		t.Fatalf("%s has no %s", name, key)
	}
	return strings.ReplaceAll("\n"+text, "\n    ", "\n")
}
