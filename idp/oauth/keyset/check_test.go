package keyset_test

import (
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/idp/oauth/keyset"
)

// The keys are those of RFC 7515, appendix A.3.1, and RFC 8037, appendix A.2.
const (
	ecMembers = `"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"`
	edMembers = `"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"`
)

func TestCheck(t *testing.T) {
	for name, c := range map[string]struct{ document, alg, want string }{
		"any algorithm":           {`{"keys":[{` + ecMembers + `}]}`, "", ""},
		"the right algorithm":     {`{"keys":[{` + edMembers + `},{` + ecMembers + `}]}`, "ES256", ""},
		"another algorithm":       {`{"keys":[{` + ecMembers + `}]}`, "EdDSA", "no key that checks signatures of EdDSA"},
		"a key for encryption":    {`{"keys":[{` + ecMembers + `,"use":"enc"}]}`, "", "no key"},
		"a key for another alg":   {`{"keys":[{` + ecMembers + `,"alg":"ES384"}]}`, "", "no key"},
		"no key":                  {`{"keys":[]}`, "", "no key"},
		"a private key":           {`{"keys":[{` + ecMembers + `,"d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"}]}`, "", `holds "d"`},
		"a shared secret":         {`{"keys":[{"kty":"oct","k":"AAAA"}]}`, "", `holds "k"`},
		"a certificate, no set":   {`{` + ecMembers + `}`, "", "isn't one"},
		"a point off the curve":   {`{"keys":[{` + strings.Replace(ecMembers, "f83O", "g83O", 1) + `}]}`, "", "no valid key"},
		"a document of no JSON":   {"-----BEGIN PUBLIC KEY-----", "", "isn't one"},
		"a document of no length": {"", "", "isn't one"},
	} {
		t.Run(name, func(t *testing.T) {
			err := keyset.Check(c.document, c.alg)
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
}
