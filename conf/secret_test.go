package conf_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/conf"
)

const hush = "the-secret-that-nobody-prints"

// Whatever prints settings prints no secret.
func TestSecretsStayHidden(t *testing.T) {
	s := load(t, conf.Options{Set: []string{withDriver, "loops.secrets.example.token=" + hush,
		`apps.shop={secret = "` + hush + `", redirectUris = ["https://shop.example.com/cb"]}`}})
	if s.Apps[0].Secret.Reveal() != hush {
		t.Fatalf("Reveal gives %q", s.Apps[0].Secret.Reveal())
	}
	var logged bytes.Buffer
	slog.New(slog.NewJSONHandler(&logged, nil)).Info("settings", "apps", s.Apps, "secret", s.Apps[0].Secret)
	slog.New(slog.NewTextHandler(&logged, nil)).Info("settings", "loops", s.Loops, "secret", s.Apps[0].Secret)
	encoded, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	asKey, err := json.Marshal(map[conf.Secret]int{s.Apps[0].Secret: 1})
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"v": fmt.Sprintf("%v", s.Apps), "+v": fmt.Sprintf("%+v", s.Loops), "#v": fmt.Sprintf("%#v", s.Apps),
		"q": fmt.Sprintf("%q", s.Apps[0].Secret), "x": fmt.Sprintf("%x", s.Apps[0].Secret), "d": fmt.Sprintf("%d", s.Apps[0].Secret),
		"JSON": string(encoded), "JSON key": string(asKey), "log": logged.String(),
	} {
		if strings.Contains(text, hush) || strings.Contains(text, fmt.Sprintf("%x", hush)) {
			t.Errorf("%s shows the secret: %s", name, text)
		}
	}
	if !strings.Contains(string(encoded), "[redacted]") || !strings.Contains(logged.String(), "secret=[redacted]") {
		t.Errorf("no sign of a secret in %s or %s", encoded, logged.String())
	}
}

// No error shows a secret either, wrong as it may be.
func TestErrorsHideSecrets(t *testing.T) {
	_, _, err := conf.Load(conf.Options{
		File: "blitz.conf",
		ReadFile: reader(map[string]string{
			"blitz.conf": "blitz.prod.local.idp { keys.master = \"" + hush + "\", apps.a { secret = hushhush }\napps.b.secret = \"file(s)\" }",
			"s":          "hushfile\n",
		}),
		LookupEnv: environment(nil),
	})
	if err == nil || strings.Contains(err.Error(), "hush") || strings.Contains(err.Error(), hush) {
		t.Errorf("the error is %v", err)
	}
}

func TestSecretFile(t *testing.T) {
	files := map[string]string{
		"dir/plain": "of-a-file\n", "/run/windows": "of-a-file\r\n", "dir/two": "of-a-file\n\n", "dir/empty": "\n",
		"dir/large": strings.Repeat("x", 65<<10),
	}
	tests := []struct{ name, value, want, wrong string }{
		{"relative", `"file(plain)"`, "of-a-file", ""},
		{"unquoted", `file(plain)`, "of-a-file", ""},
		{"absolute, CRLF", `"file(/run/windows)"`, "of-a-file", ""},
		{"one newline is trimmed", `"file(two)"`, "of-a-file\n", ""},
		{"empty", `"file(empty)"`, "", "write a secret, 1 to 10000 characters"},
		{"missing", `"file(none)"`, "", "there is no such file"},
		{"too large", `"file(large)"`, "", "more than 64 KiB"},
		{"not closed", `"file(plain"`, "file(plain", ""},
		{"null", `null`, "", "is null"},
		{"a list", `[a]`, "", "is a list"},
		{"a number", `1234`, "1234", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			files["dir/blitz.conf"] = "blitz.prod.local.idp { login.methods.flashCall.driver = example, loops.secrets.example.token = " + tt.value + " }"
			s, _, err := conf.Load(conf.Options{File: "dir/blitz.conf", ReadFile: reader(files), LookupEnv: environment(nil)})
			if tt.wrong != "" {
				if err == nil || !strings.Contains(err.Error(), "loops.secrets.example.token: ") || !strings.Contains(err.Error(), tt.wrong) {
					t.Errorf("the error is %v, want %q", err, tt.wrong)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := s.Loops.Secrets["example"]["token"].Reveal(); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestMasterKey(t *testing.T) {
	key := bytes.Repeat([]byte{0xfb, 0xff}, 16)
	for name, text := range map[string]string{
		"hex": fmt.Sprintf("%x", key), "HEX": fmt.Sprintf("%X", key),
		"base64": base64.StdEncoding.EncodeToString(key), "base64url": base64.RawURLEncoding.EncodeToString(key),
	} {
		s := load(t, conf.Options{Set: []string{withDriver}, LookupEnv: environment(map[string]string{"RINGTAIL_MASTER_KEY": text})})
		if !bytes.Equal(s.Keys.MasterKey(), key) {
			t.Errorf("%s: the key is %x", name, s.Keys.MasterKey())
		}
	}
	_, _, err := conf.Load(conf.Options{Set: []string{withDriver}, LookupEnv: environment(map[string]string{"RINGTAIL_MASTER_KEY": "abcd"})})
	if err == nil || !strings.Contains(err.Error(), "keys.master: ") || strings.Contains(err.Error(), "abcd") {
		t.Errorf("the error of a short key is %v", err)
	}
}
