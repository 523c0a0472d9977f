package server_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// TestWhatIsAnnouncedIsServed: every address of the discovery document answers,
// and the document is at the three places where it may be looked for.
func TestWhatIsAnnouncedIsServed(t *testing.T) {
	s, _ := newServer(t)
	scheme, _, _ := strings.Cut(issuer, "://")
	scheme += "://"
	host, base, _ := strings.Cut(strings.TrimPrefix(issuer, scheme), "/")
	var document string
	for _, address := range []string{
		issuer + "/.well-known/openid-configuration",
		issuer + "/.well-known/oauth-authorization-server",
		scheme + host + "/.well-known/oauth-authorization-server/" + base,
	} {
		rec := ask(s.Handler(), http.MethodGet, address, "")
		if document == "" {
			document = rec.Body.String()
		}
		if rec.Code != http.StatusOK || rec.Body.String() != document {
			t.Errorf("%s: %d %s", address, rec.Code, rec.Body)
		}
	}
	var members map[string]any
	if err := json.Unmarshal([]byte(document), &members); err != nil {
		t.Fatal(err)
	}
	endpoints := 0
	for name, value := range members {
		if !strings.HasSuffix(name, "_endpoint") && name != "jwks_uri" {
			continue
		}
		endpoints++
		address, _ := value.(string)
		if rec := ask(s.Handler(), http.MethodGet, address, ""); !strings.HasPrefix(address, issuer+"/") || rec.Code == http.StatusNotFound {
			t.Errorf("%s: %s is %d", name, address, rec.Code)
		}
	}
	if endpoints < 8 {
		t.Errorf("%d endpoints in %s", endpoints, document)
	}
}
