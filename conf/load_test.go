package conf_test

import (
	"errors"
	"flag"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/conf"
	"github.com/ringtail-id/ringtail/conf/hocon"
)

var update = flag.Bool("update", false, "write golden files and docs/reference/settings.md")

// withDriver is the least that the defaults need to be complete.
const withDriver = "login.methods.flashCall.driver=example"

// environment answers from a map alone, never from the machine.
func environment(env map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		value, ok := env[name]
		return value, ok
	}
}

// reader reads files of a map.
func reader(files map[string]string) func(string) ([]byte, error) {
	return func(name string) ([]byte, error) {
		text, ok := files[name]
		if !ok {
			return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
		}
		return []byte(text), nil
	}
}

// load wants settings without a warning.
func load(t *testing.T, o conf.Options) *conf.Settings {
	t.Helper()
	if o.LookupEnv == nil {
		o.LookupEnv = environment(nil)
	}
	s, warnings, err := conf.Load(o)
	if err != nil {
		t.Fatalf("Load: %v", err)
	}
	if len(warnings) > 0 {
		t.Fatalf("warnings: %v", warnings)
	}
	return s
}

func TestDefaults(t *testing.T) {
	s := load(t, conf.Options{Set: []string{withDriver}})
	want := conf.FlashCall{
		CodeLength: 4, Validity: 2 * time.Minute, AttemptsPerLogin: 3, TotalAttempts: 10,
		BlockFor: 30 * time.Minute, PhoneAttribute: "phone_number", LoginRule: "phone_number", Ask: "never",
		ResendAfter: 45 * time.Second, Channels: []conf.Route{{Channel: "flashCall", Driver: "example"}},
		Breaker: conf.Breaker{Failures: 5, Pause: time.Minute}, Numbers: conf.Numbers{Countries: []string{"RU"}, VoIP: true},
		Limits: conf.CallLimits{NumberHour: 5, NumberDay: 15, AddressHour: 30, NetworkHour: 150, PrefixHour: 100,
			CountryHour: 3000, SpendDay: 2000_000_000, Currency: "RUB"},
		Stopped: conf.Stopped{Countries: []string{}, Drivers: []string{}, Channels: []string{}},
	}
	if got := s.Login.Methods.FlashCall; !reflect.DeepEqual(got, want) {
		t.Errorf("flashCall is %+v, want %+v", got, want)
	}
	if !reflect.DeepEqual(s.Login.First, []string{"password"}) || !reflect.DeepEqual(s.Login.Second, []string{"flashCall", "recovery"}) {
		t.Errorf("factors are %v and %v", s.Login.First, s.Login.Second)
	}
	if got, want := s.Login.Methods.Password.Hash, (conf.Hash{MemoryKiB: 19456, Iterations: 2, Parallelism: 1}); got != want {
		t.Errorf("hash is %+v, want %+v", got, want)
	}
	if s.Login.Life != 3*time.Hour || s.Issuer != "http://localhost:8400/blitz" || s.Loops.Limits.Memory != 128<<20 {
		t.Errorf("life %v, issuer %s, memory %d", s.Login.Life, s.Issuer, s.Loops.Limits.Memory)
	}
	if !s.Keys.Master.Empty() || s.Keys.MasterKey() != nil {
		t.Error("a master key where none was set")
	}
}

// The default as a file of its own says the same as the layer below it.
func TestDefaultAsFile(t *testing.T) {
	plain := load(t, conf.Options{Set: []string{withDriver}})
	again := load(t, conf.Options{
		File:     "blitz.conf",
		Set:      []string{withDriver},
		ReadFile: reader(map[string]string{"blitz.conf": string(conf.Default())}),
	})
	if got, want := values(again), values(plain); !reflect.DeepEqual(got, want) {
		t.Errorf("the default read as a file gives\n%+v\nwant\n%+v", got, want)
	}
}

// values are the exported settings, without where they came from.
func values(s *conf.Settings) (out []any) {
	v := reflect.ValueOf(*s)
	for i := range v.NumField() {
		if v.Type().Field(i).IsExported() {
			out = append(out, v.Field(i).Interface())
		}
	}
	return out
}

func TestGoodFile(t *testing.T) {
	file := filepath.Join("testdata", "good.conf")
	s := load(t, conf.Options{File: file, LookupEnv: environment(map[string]string{"PROVIDER_TOKEN": "token-of-the-provider"})})
	if s.Issuer != "https://id.example.com/blitz" {
		t.Errorf("issuer is %s", s.Issuer)
	}
	if want := (conf.TLS{Cert: filepath.Join("testdata", "cert.pem"), Key: "/etc/ringtail/key.pem"}); *s.Server.TLS != want {
		t.Errorf("TLS is %+v, want %+v", *s.Server.TLS, want)
	}
	if want := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128")}; !reflect.DeepEqual(s.Server.TrustedProxies, want) {
		t.Errorf("trusted proxies are %v", s.Server.TrustedProxies)
	}
	if key := s.Keys.MasterKey(); len(key) != 32 || key[1] != 0x11 {
		t.Errorf("the master key out of its file is %x", key)
	}
	if got := s.Loops.Secrets["example"]; got["token"].Reveal() != "token-of-the-provider" || got["other"].Reveal() != "literal secret" {
		t.Errorf("the driver's secrets are %q and %q", got["token"].Reveal(), got["other"].Reveal())
	}
	if s.Store.Path != filepath.Join("testdata", "var", "ringtail.db") {
		t.Errorf("the database is %s", s.Store.Path)
	}
	mobile, shop := s.Apps[0], s.Apps[1]
	if mobile.ID != "mobile.app" || !mobile.Public || mobile.AuthMethod != "none" || mobile.WaivePKCE || !mobile.Secret.Empty() {
		t.Errorf("the public app is %+v", mobile)
	}
	if shop.Secret.Reveal() != "shop-secret-123456" || shop.RefreshTokenLife != 30*24*time.Hour || shop.AccessTokenLife != 0 ||
		shop.SigningAlg != "ES256" || len(shop.Grants) != 2 || shop.AuthMethod != "" {
		t.Errorf("the confidential app is %+v", shop)
	}
}

// Every file of testdata/bad has all its errors, then its warnings, beside it.
func TestBadFiles(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "bad", "*.conf"))
	if err != nil || len(files) < 10 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Chdir(filepath.Dir(file))
			name := filepath.Base(file)
			s, warnings, err := conf.Load(conf.Options{File: name, LookupEnv: environment(nil)})
			var all conf.Errors
			if err != nil && !errors.As(err, &all) {
				t.Fatalf("the error is a %T", err)
			}
			if (s == nil) != (err != nil) {
				t.Errorf("settings %v beside the error %v", s, err)
			}
			var lines strings.Builder
			for _, f := range all {
				lines.WriteString(f.String() + "\n")
			}
			for _, f := range warnings {
				lines.WriteString("warning: " + f.String() + "\n")
			}
			golden(t, strings.TrimSuffix(name, ".conf")+".txt", lines.String())
		})
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("got\n%swant\n%s(go test ./conf -update writes it anew)", got, want)
	}
}

func TestSet(t *testing.T) {
	tests := []struct {
		name string
		set  string
		got  func(*conf.Settings) any
		want any
	}{
		{"whole path", "blitz.prod.local.idp.login.level=1", func(s *conf.Settings) any { return s.Login.Level }, 1},
		{"below the root", "login.level=1", func(s *conf.Settings) any { return s.Login.Level }, 1},
		{"blanks", " login.level = 1 ", func(s *conf.Settings) any { return s.Login.Level }, 1},
		{"no HOCON is text", "issuer=https://id.example.com/blitz", func(s *conf.Settings) any { return s.Issuer }, "https://id.example.com/blitz"},
		{"text with a colon", "store.url=sqlite:/data/r.db", func(s *conf.Settings) any { return s.Store.Path }, "/data/r.db"},
		{"words keep # and //", "loops.secrets.example.token=a#b//c", func(s *conf.Settings) any { return s.Loops.Secrets["example"]["token"].Reveal() }, "a#b//c"},
		{"quoted", `loops.secrets.example.token="a\tb"`, func(s *conf.Settings) any { return s.Loops.Secrets["example"]["token"].Reveal() }, "a\tb"},
		{"environment", "loops.secrets.example.token=${TOKEN}", func(s *conf.Settings) any { return s.Loops.Secrets["example"]["token"].Reveal() }, "from-env"},
		{"null", "ops.listen=null", func(s *conf.Settings) any { return s.Ops.Listen }, ""},
		{"empty", "ops.listen=", func(s *conf.Settings) any { return s.Ops.Listen }, ""},
		{"list", "lang.languages=[ru, en]", func(s *conf.Settings) any { return s.Lang.Languages }, []string{"ru", "en"}},
		{"size", "loops.limits.memory=64 MiB", func(s *conf.Settings) any { return s.Loops.Limits.Memory }, int64(64 << 20)},
		{"duration", "tokens.access=10m", func(s *conf.Settings) any { return s.Tokens.Access }, 10 * time.Minute},
		{"object", "login.session { }={idle = 1h}", nil, nil},
		{"a second key can't slip in", "lang.languages=[en], console.readonly=true", nil, nil},
		{"no value", "login.level", nil, nil},
		{"no path", "=1", nil, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := conf.Options{Set: []string{withDriver, tt.set}, LookupEnv: environment(map[string]string{"TOKEN": "from-env"})}
			if tt.got == nil {
				_, _, err := conf.Load(o)
				if err == nil || !strings.HasPrefix(err.Error(), "--set:2:") {
					t.Fatalf("the error is %v, want one at --set:2", err)
				}
				return
			}
			if got := tt.got(load(t, o)); !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got %#v, want %#v", got, tt.want)
			}
		})
	}
}

func TestLayers(t *testing.T) {
	o := conf.Options{
		File: "dir/blitz.conf",
		Set:  []string{withDriver, "log.level=debug", "log.level=warn"},
		ReadFile: reader(map[string]string{
			"dir/blitz.conf": "include \"more.conf\"\nblitz.prod.local.idp {\n  log.level = error\n  tokens.access = 5m\n  keys.master = ${?KEY}\n}",
			"dir/more.conf":  "blitz.prod.local.idp.tokens { access = 6m, id = 7m }",
		}),
		LookupEnv: environment(map[string]string{"KEY": strings.Repeat("ab", 32)}),
	}
	s := load(t, o)
	if s.Log.Level != "warn" || s.Tokens.Access != 5*time.Minute || s.Tokens.ID != 7*time.Minute || s.Tokens.Code != time.Minute {
		t.Errorf("level %s, tokens %+v", s.Log.Level, s.Tokens)
	}
	origins := map[string]hocon.Pos{
		"log.level":                          {File: "--set", Line: 3},
		"blitz.prod.local.idp.tokens.access": {File: "dir/blitz.conf", Line: 4},
		"tokens.id":                          {File: "dir/more.conf", Line: 1},
		"tokens.code":                        {File: conf.DefaultName},
		"keys.master":                        {File: "dir/blitz.conf", Line: 5},
	}
	for path, want := range origins {
		got, ok := s.Origin(path)
		if !ok || got.File != want.File || want.Line > 0 && got.Line != want.Line {
			t.Errorf("Origin(%s) is %v %v, want %v", path, got, ok, want)
		}
	}
	if _, ok := s.Origin("no.such"); ok {
		t.Error("an origin of nothing")
	}
}

func TestUnreadableFile(t *testing.T) {
	_, _, err := conf.Load(conf.Options{File: filepath.Join(t.TempDir(), "none.conf")})
	if err == nil || !strings.Contains(err.Error(), "there is no such file") {
		t.Errorf("the error is %v", err)
	}
	big := filepath.Join(t.TempDir(), "big.conf")
	if err := os.WriteFile(big, []byte(strings.Repeat("# comment\n", 200_000)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err = conf.Load(conf.Options{File: big}); err == nil || !strings.Contains(err.Error(), "larger than 1 MiB") {
		t.Errorf("the error of a file of 2 MB is %v", err)
	}
}
