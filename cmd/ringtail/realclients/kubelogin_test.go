package realclients

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/cmd/ringtail/processtest"
)

const kubeloginVersion = "v1.28.0"

func kubelogin() software {
	return software{
		name: "kubelogin", version: kubeloginVersion, from: "Makefile",
		setups: []setup{
			{"authcode", "login with both factors, refresh (it asks for neither userinfo nor logout); public, `http://localhost:PORT`, PKCE and nonce, RS256", func(t *testing.T, p *provider) {
				port := processtest.FreePorts(t, 1)
				p.addClient(t, "kube", "--public", "--redirect", "http://"+address(port))
				signInWithKubelogin(t, p, byBrowser(newPerson(t, p)), "--oidc-client-id=kube", "--listen-address="+address(port))
			}},
			{"authcode-keyboard", "the same with the code typed by the person; confidential", func(t *testing.T, p *provider) {
				secret := p.addClient(t, "kube-keyboard", "--redirect", kubeRedirect)
				signInWithKubelogin(t, p, byKeyboard(newPerson(t, p)), "--oidc-client-id=kube-keyboard", "--oidc-client-secret="+secret,
					"--grant-type=authcode-keyboard", "--oidc-redirect-url-authcode-keyboard="+kubeRedirect)
			}},
			{"device-code", "the same on a machine without a browser (RFC 8628); public", func(t *testing.T, p *provider) {
				p.addClient(t, "kube-device", append(deviceGrants(), "--public")...)
				signInWithKubelogin(t, p, byDevice(newPerson(t, p)), "--oidc-client-id=kube-device", "--grant-type=device-code")
			}},
		},
	}
}

// Nobody listens there: the page would show the code to the person.
const kubeRedirect = "https://kube.example/code"

// attend is what the person does with what kubelogin opened in the system's
// browser, empty before it did, and with what it said. What the person types
// goes back to it, once there is something to answer.
type attend func(opened, said string) (typed string, answered bool)

// signInWithKubelogin gets a token with the person's doing, and another one without.
func signInWithKubelogin(t *testing.T, p *provider, person attend, flags ...string) {
	t.Helper()
	flags = append(flags, "--oidc-issuer-url="+p.issuer, "--oidc-extra-scope=offline_access", "--token-cache-dir="+t.TempDir())
	first := kubeToken(t, person, flags...)
	nobody := func(opened, said string) (string, bool) {
		if opened != "" || strings.Contains(said, "Enter code") {
			t.Fatalf("kubelogin doesn't refresh, it asks again: %s%s", opened, said)
		}
		return "", false
	}
	fresh := kubeToken(t, nobody, append(flags, "--force-refresh")...)
	if fresh.raw == first.raw || fresh.Sub != first.Sub || first.Sub == "" {
		t.Errorf("the refresh gave a token of %q, the login one of %q", fresh.Sub, first.Sub)
	}
}

// byBrowser answers the pages that the system's browser shows.
func byBrowser(who *person) attend {
	return func(opened, _ string) (string, bool) {
		if opened == "" {
			return "", false
		}
		who.visit(opened)
		return "", true
	}
}

// byDevice lets the machine in at the address that the system's browser shows.
func byDevice(who *person) attend {
	return func(opened, _ string) (string, bool) {
		if opened == "" {
			return "", false
		}
		who.approve(opened, "")
		return "", true
	}
}

// byKeyboard opens the address that kubelogin says and types the code, which the
// browser's last address holds.
func byKeyboard(who *person) attend {
	return func(_, said string) (string, bool) {
		if !strings.Contains(said, "Enter code") {
			return "", false
		}
		page := said[strings.Index(said, who.provider.issuer):]
		return query(who.t, who.open(strings.Fields(page)[0], kubeRedirect).URL).Get("code"), true
	}
}

// kubeClaims is the ID token that kubelogin hands to kubectl.
type kubeClaims struct {
	Sub string
	raw string
}

func kubeToken(t *testing.T, person attend, flags ...string) (claims kubeClaims) {
	t.Helper()
	binary := installed(t, filepath.Join("bin", "clients", "kubelogin@"+kubeloginVersion, "kubelogin"), "make clients")
	opener, file := systemBrowser(t)
	cmd := exec.Command(binary, append([]string{"get-token", "--browser-command=" + filepath.Join(opener, "xdg-open")}, flags...)...)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	credential, answered := &processtest.Lines{}, false
	cmd.Stdout = credential
	running := processtest.Start(t, cmd)
	processtest.Eventually(t, "kubelogin doesn't end", func() bool {
		if !answered {
			opened, _ := os.ReadFile(file) // none before it opened something
			var typed string
			if typed, answered = person(string(opened), running.Said.String()); typed != "" {
				fmt.Fprintln(in, typed)
			}
		}
		return running.HasEnded()
	})
	return readKubeToken(t, credential.String(), running.Said.String())
}

func readKubeToken(t *testing.T, credential, said string) (claims kubeClaims) {
	t.Helper()
	var given struct{ Status struct{ Token string } }
	if err := json.Unmarshal([]byte(credential), &given); err != nil || strings.Count(given.Status.Token, ".") != 2 {
		t.Fatalf("kubelogin gives %q:\n%s", credential, said)
	}
	payload, err := io.ReadAll(base64.NewDecoder(base64.RawURLEncoding, strings.NewReader(strings.Split(given.Status.Token, ".")[1])))
	if err == nil {
		err = json.Unmarshal(payload, &claims)
	}
	if err != nil {
		t.Fatal(err)
	}
	claims.raw = given.Status.Token
	return claims
}
