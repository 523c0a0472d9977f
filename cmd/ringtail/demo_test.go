package main

import (
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/loops/drivers"
)

// Naming another driver of the virtual phone is all that it takes to try it in the demo.
func TestEveryDriverOfThePhoneHasItsSecretsInTheDemo(t *testing.T) {
	list, err := drivers.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	set, err := (&demoRun{port: 8400}).phoneSecrets("t0ken")
	if err != nil {
		t.Fatal(err)
	}
	all := strings.Join(set, "\n") + "\n"
	for _, d := range list {
		phone := strings.HasPrefix(d.Name, "virtual-phone")
		for _, name := range d.Manifest.Secrets {
			if strings.Contains(all, "loops.secrets."+d.Name+"."+name+" = ") != phone {
				t.Errorf("%s.%s is set: %v, want %v", d.Name, name, !phone, phone)
			}
		}
	}
	for _, want := range []string{`loops.secrets.virtual-phone-sms.TOKEN = "t0ken"`, `loops.secrets.virtual-phone.URL = "http://localhost:8402"`,
		`loops.secrets.virtual-phone-callback.CALLBACK_URL = "http://localhost:8400/blitz/hooks/virtual-phone-callback"`} {
		if !strings.Contains(all, want+"\n") {
			t.Errorf("%s is missing in\n%s", want, all)
		}
	}
	startDemoIn(t, t.TempDir(), "--set", "login.methods.flashCall.driver=virtual-phone-callback")
}
