package egress_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/egress"
)

func TestOnlyReachesOneHost(t *testing.T) {
	for address, want := range map[string]string{
		"https://rp.example/x":      "rp.example:443",
		"https://RP.example.:8443/": "rp.example:8443",
		"http://127.0.0.1/hook":     "127.0.0.1:80",
		"https://[2001:db8::1]/":    "[2001:db8::1]:443",
		"mailto:a@rp.example":       "",
		"https:///path":             "",
		"://":                       "",
	} {
		own, err := egress.Only("hook", address)
		switch {
		case want == "" && err == nil:
			t.Errorf("%s was taken: %+v", address, own.Manifest.Hosts)
		case want != "" && (err != nil || len(own.Manifest.Hosts) != 1 || own.Manifest.Hosts[0] != want):
			t.Errorf("%s: %+v, %v; want %s", address, own, err, want)
		}
	}
}

func TestOnlyHoldsWhatIsAsked(t *testing.T) {
	own, err := egress.Only("hook", "https://rp.example/x")
	if err != nil {
		t.Fatal(err)
	}
	_, err = egress.New(egress.Options{Limits: loops.DefaultLimits()}).Exchange(context.Background(), own, loops.Request{Method: "GET", URL: "https://other.example/x"})
	if err = egress.Explain(err); err == nil || !strings.Contains(err.Error(), "the address may not be reached") {
		t.Errorf("another host: %v", err)
	}
	if own := errors.New("gone"); egress.Explain(own) != own {
		t.Error("an error of another kind was changed")
	}
}
