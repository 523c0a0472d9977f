package realclients

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/ringtail-id/ringtail/cmd/ringtail/processtest"
)

func modAuthOpenIDC() software {
	return software{
		name: "mod_auth_openidc", version: "2.4.12.3", from: "Debian 12",
		setups: append([]setup{
			{"default", whole + "; no PKCE, which its registration waives, client_secret_basic, RS256", func(t *testing.T, p *provider) {
				port := processtest.FreePorts(t, 1)
				secret := p.addClient(t, "apache-default", "--pkce", "optional", "--redirect", apacheCallback(port), "--post-logout", apacheBye(port))
				signInThroughApache(t, p, port, "OIDCClientID apache-default", "OIDCClientSecret "+secret)
			}},
			{"PKCE", "the same with `OIDCPKCEMethod S256`", func(t *testing.T, p *provider) {
				port := processtest.FreePorts(t, 1)
				secret := p.addClient(t, "apache-pkce", "--redirect", apacheCallback(port), "--post-logout", apacheBye(port))
				signInThroughApache(t, p, port, "OIDCClientID apache-pkce", "OIDCClientSecret "+secret, "OIDCPKCEMethod S256")
			}},
			{"form_post", "the same with `OIDCResponseMode form_post`, client_secret_post", func(t *testing.T, p *provider) {
				port := processtest.FreePorts(t, 1)
				secret := p.addClient(t, "apache-post", "--redirect", apacheCallback(port), "--post-logout", apacheBye(port))
				signInThroughApache(t, p, port, "OIDCClientID apache-post", "OIDCClientSecret "+secret, "OIDCPKCEMethod S256",
					"OIDCResponseMode form_post", "OIDCProviderTokenEndpointAuth client_secret_post")
			}},
			{"code id_token", "the same with `OIDCResponseType \"code id_token\"` and form_post: nonce and c_hash checked", func(t *testing.T, p *provider) {
				port := processtest.FreePorts(t, 1)
				secret := p.addClient(t, "apache-hybrid", append(hybrid(), "--redirect", apacheCallback(port), "--post-logout", apacheBye(port))...)
				signInThroughApache(t, p, port, "OIDCClientID apache-hybrid", "OIDCClientSecret "+secret, "OIDCPKCEMethod S256",
					`OIDCResponseType "code id_token"`, "OIDCResponseMode form_post")
			}},
			{"code id_token, fragment", "login with both factors in Chromium with the module's default response mode of `code id_token`", func(t *testing.T, p *provider) {
				port := processtest.FreePorts(t, 1)
				secret := p.addClient(t, "apache-fragment", append(hybrid(), "--redirect", apacheCallback(port))...)
				startApache(t, port, apacheParty(p, port, "OIDCClientID apache-fragment", "OIDCClientSecret "+secret, "OIDCPKCEMethod S256",
					`OIDCResponseType "code id_token"`)...)
				ctx := window(t)
				do(t, ctx, "opening the page", chromedp.Navigate(apacheHome(port)))
				signInWithWindow(t, ctx, p)
				do(t, ctx, "waiting for the page", chromedp.WaitVisible("#behind"))
			}},
		}, apacheLogouts()...),
	}
}

func apacheHome(port int) string     { return fmt.Sprintf("http://%s/", address(port)) }
func apacheCallback(port int) string { return apacheHome(port) + "callback" }
func apacheBye(port int) string      { return apacheHome(port) + "bye.html" }

// apacheConf is a server of one folder, all of it behind the module but the page
// that people see after they signed out.
const apacheConf = `
ServerRoot "%[1]s"
PidFile "%[1]s/apache.pid"
ErrorLog "%[1]s/error.log"
LogLevel warn auth_openidc:info
Listen 127.0.0.1:%[2]d
ServerName localhost:%[2]d
DocumentRoot "%[1]s/www"
LoadModule mpm_event_module %[3]s/mod_mpm_event.so
LoadModule authn_core_module %[3]s/mod_authn_core.so
LoadModule authz_core_module %[3]s/mod_authz_core.so
LoadModule authz_user_module %[3]s/mod_authz_user.so
LoadModule dir_module %[3]s/mod_dir.so
LoadModule auth_openidc_module %[3]s/mod_auth_openidc.so
DirectoryIndex index.html
OIDCCryptoPassphrase passphrase-of-the-test
%[4]s
<Location "/">
  Require valid-user
</Location>
<Location "/bye.html">
  AuthType none
  Require all granted
</Location>
`

// apacheBehind puts everything behind the module.
func apacheBehind(kind string) string {
	return "<Location \"/\">\n  AuthType " + kind + "\n</Location>"
}

// apacheParty is what every relying party of the module has.
func apacheParty(p *provider, port int, directives ...string) []string {
	return append([]string{
		"OIDCProviderMetadataURL " + p.issuer + "/.well-known/openid-configuration", "OIDCRedirectURI " + apacheCallback(port),
		`OIDCScope "openid profile email offline_access"`, "OIDCRemoteUserClaim sub",
		"OIDCInfoHook access_token id_token userinfo refresh_token session", apacheBehind("openid-connect"),
	}, directives...)
}

const apacheModules = "/usr/lib/apache2/modules"

// startApache runs Debian's Apache with its module, as nobody where the test
// runs as root.
func startApache(t *testing.T, port int, directives ...string) {
	t.Helper()
	const installs = "apt-get install apache2-bin libapache2-mod-auth-openidc"
	if _, err := os.Stat(filepath.Join(apacheModules, "mod_auth_openidc.so")); err != nil {
		t.Fatalf("mod_auth_openidc is missing: %s", installs)
	}
	binary := "/usr/sbin/apache2"
	if _, err := os.Stat(binary); err != nil {
		t.Fatalf("apache2 is missing: %s", installs)
	}
	dir := apacheFolder(t, map[string]string{
		"apache.conf":    "",
		"www/index.html": `<p id="behind">behind the module</p>`,
		"www/bye.html":   "signed out",
	})
	conf := filepath.Join(dir, "apache.conf")
	text := fmt.Sprintf(apacheConf, dir, port, apacheModules, strings.Join(directives, "\n"))
	if err := os.WriteFile(conf, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(binary, "-d", dir, "-f", conf, "-DFOREGROUND")
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: nobody(t)}
	t.Cleanup(func() {
		if t.Failed() {
			log, _ := os.ReadFile(filepath.Join(dir, "error.log"))
			t.Logf("Apache's log:\n%s", log[max(0, len(log)-8000):])
		}
	})
	processtest.Start(t, cmd).Listening(t, address(port))
}

// nobody is who Apache runs as; nil where the test isn't root.
func nobody(t *testing.T) *syscall.Credential {
	t.Helper()
	if os.Getuid() != 0 {
		return nil
	}
	u, err := user.Lookup("nobody")
	if err != nil {
		t.Fatal(err)
	}
	uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
	gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
	if err1 != nil || err2 != nil {
		t.Fatalf("nobody is %s:%s", u.Uid, u.Gid)
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
}

// apacheFolder is a folder that nobody may write.
func apacheFolder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "ringtail-apache-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Mkdir(filepath.Join(dir, "www"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if who := nobody(t); who != nil {
		if err := os.Chown(dir, int(who.Uid), int(who.Gid)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// apacheSession is what the module tells of itself.
type apacheSession struct {
	AccessToken  string `json:"access_token"`
	RefreshToken string `json:"refresh_token"`
	IDToken      struct {
		Sub, Acr string
		Amr      []string
	} `json:"id_token"`
	UserInfo struct{ Sub, Email string } `json:"userinfo"`
}

func readApacheSession(t *testing.T, who *person, port int) (s apacheSession) {
	t.Helper()
	who.get(apacheCallback(port) + "?info=json")
	if err := json.Unmarshal([]byte(who.body()), &s); err != nil {
		t.Fatalf("the module tells %s: %s", who.last.Status, who.body())
	}
	return s
}

func signInThroughApache(t *testing.T, p *provider, port int, directives ...string) {
	t.Helper()
	startApache(t, port, apacheParty(p, port, directives...)...)
	who := newPerson(t, p)
	if got := who.visit(apacheHome(port)).body(); got != "behind the module" {
		t.Fatalf("behind the module is %q", got)
	}
	useThroughApache(t, who, port)
}

// useThroughApache takes a person who is signed in from userinfo to logout.
func useThroughApache(t *testing.T, who *person, port int) {
	t.Helper()
	first := readApacheSession(t, who, port)
	if first.IDToken.Sub == "" || first.IDToken.Acr != "urn:ringtail:acr:2" || first.UserInfo.Sub != first.IDToken.Sub || first.UserInfo.Email != "demo@shop.example" {
		t.Errorf("the module learned %+v", first)
	}
	refreshThroughApache(t, who, port, first)
	signOutThroughApache(t, who, port)
}

func refreshThroughApache(t *testing.T, who *person, port int, first apacheSession) {
	t.Helper()
	ask := url.Values{"refresh": {apacheHome(port)}, "access_token": {first.AccessToken}}
	if got := who.visit(apacheCallback(port) + "?" + ask.Encode()); got.body() != "behind the module" || got.at.Query().Get("error_code") != "" {
		t.Fatalf("the refresh leads to %s: %s", got.at, got.body())
	}
	fresh := readApacheSession(t, who, port)
	if fresh.AccessToken == first.AccessToken || fresh.RefreshToken == first.RefreshToken || fresh.RefreshToken == "" {
		t.Error("the refresh gave an old token")
	}
}

func signOutThroughApache(t *testing.T, who *person, port int) {
	t.Helper()
	if !who.signedIn() {
		t.Fatal("the person isn't signed in before the logout")
	}
	who.visit(apacheCallback(port) + "?logout=" + url.QueryEscape(apacheBye(port)))
	if who.body() != "signed out" {
		t.Errorf("the logout leads to %s: %s", who.at, who.body())
	}
	if who.signedIn() {
		t.Error("the person is still signed in after the logout")
	}
}
