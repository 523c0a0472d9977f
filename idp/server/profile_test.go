package server_test

import (
	"bytes"
	"net/http"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/factors/password"
	"github.com/ringtail-id/ringtail/idp/keyring"
	"github.com/ringtail-id/ringtail/idp/login"
	"github.com/ringtail-id/ringtail/idp/server"
	"github.com/ringtail-id/ringtail/idp/store"
	"github.com/ringtail-id/ringtail/idp/store/sqlitetest"
)

func TestProfilesAreServedToOperatorsAlone(t *testing.T) {
	profiled := newServerWith(t, func(o *server.Options) { o.Profiles = true })
	plain := newServerWith(t, func(*server.Options) {})
	for name, c := range map[string]struct {
		handler http.Handler
		path    string
		want    int
	}{
		"the list":                      {profiled.Ops(), "/debug/pprof/", http.StatusOK},
		"the heap":                      {profiled.Ops(), "/debug/pprof/heap", http.StatusOK},
		"goroutines":                    {profiled.Ops(), "/debug/pprof/goroutine?debug=1", http.StatusOK},
		"arguments, which hold secrets": {profiled.Ops(), "/debug/pprof/cmdline", http.StatusNotFound},
		"switched off":                  {plain.Ops(), "/debug/pprof/heap", http.StatusNotFound},
		"on the public listener":        {profiled.Handler(), "/debug/pprof/heap", http.StatusNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			if rec := ask(c.handler, "GET", c.path, ""); rec.Code != c.want {
				t.Errorf("%s: %d, want %d", c.path, rec.Code, c.want)
			}
		})
	}
}

// newServerWith is a server on a database of its own, with the options changed.
func newServerWith(t *testing.T, change func(*server.Options)) *server.Server {
	t.Helper()
	data, err := store.Open(t.Context(), store.Options{URL: sqlitetest.URL(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := data.Close(); err != nil {
			t.Error(err)
		}
	})
	ring, err := keyring.New(bytes.Repeat([]byte{7}, keyring.MasterKeyBytes), nil)
	if err != nil {
		t.Fatal(err)
	}
	o := server.Options{
		Issuer: issuer, Store: data, Keyring: ring,
		Policy:   login.Policy{Level: 1, First: []string{password.ID}},
		Session:  server.Session{Idle: time.Hour, Life: 8 * time.Hour},
		Password: server.Password{Settings: password.DefaultSettings(), Params: password.Params{Memory: 64, Time: 1, Threads: 1}},
	}
	change(&o)
	s, err := server.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
