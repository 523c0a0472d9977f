package conf_test

import (
	"reflect"
	"testing"

	"github.com/ringtail-id/ringtail/conf"
)

func TestScopes(t *testing.T) {
	const file = `blitz.prod.local.idp {
		login.methods.flashCall.driver = example
		scopes {
			"urn:x:staff" {
				title { en = "Department", ru = "Отдел" }
				claims { department = "${department-$unit}", "https://x.example/roles" = "${roles&list}" }
			}
			"orders.read" { clientLevel = true }
			address.enabled = false
			# As Blitz has it.
			contacts {
				names { default = "Contacts", ru = "Контакты" }
				title.ru = "Адреса"
				descriptions { default = "How to reach you" }
				attrs = [email, mobile]
				claims.mobile = "${mobile&digits}"
				client-level = false
			}
		}
	}`
	s := load(t, conf.Options{File: "a.conf", ReadFile: reader(map[string]string{"a.conf": file})})
	texts := func(pairs ...string) map[string]string {
		all := map[string]string{}
		for i := 0; i < len(pairs); i += 2 {
			all[pairs[i]] = pairs[i+1]
		}
		return all
	}
	want := []conf.Scope{
		{Name: "address", Title: texts(), Description: texts(), Claims: texts()},
		{Name: "contacts", Title: texts("default", "Contacts", "ru", "Адреса"), Description: texts("default", "How to reach you"),
			Claims: texts("email", "${email}", "mobile", "${mobile&digits}"), Enabled: true},
		{Name: "orders.read", Title: texts(), Description: texts(), Claims: texts(), ClientLevel: true, Enabled: true},
		{Name: "urn:x:staff", Title: texts("en", "Department", "ru", "Отдел"), Description: texts(),
			Claims: texts("department", "${department-$unit}", "https://x.example/roles", "${roles&list}"), Enabled: true},
	}
	if !reflect.DeepEqual(s.Scopes, want) {
		t.Errorf("scopes are\n%+v\nwant\n%+v", s.Scopes, want)
	}
}
