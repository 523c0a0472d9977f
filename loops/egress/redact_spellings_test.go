package egress_test

import (
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/loops/egress"
)

// Each text is what a script's own functions make of the secret, written out here so that the test shares no code with
// the Redactor.
func TestRedactionOfWhatScriptsWrite(t *testing.T) {
	for name, c := range map[string]struct{ secret, text string }{
		"encodeURIComponent":        {`p!w d&(x)`, `p!w%20d%26(x)`},
		"encodeURI":                 {`p!w d&(x)`, `p!w%20d&(x)`},
		"a body that withBody made": {`pa"ss&<word>`, `{"k":"pa\"ss&<word>"}`},
		"XML by hand":               {`pa"ss&'word'`, `<k>pa&quot;ss&amp;&apos;word&apos;</k>`},
		"XML, quotes left":          {`pass&word`, `<k>pass&amp;word</k>`},
	} {
		out := egress.NewRedactor(map[string]string{"key": c.secret}).Text(c.text)
		if !strings.Contains(out, egress.Mask) || strings.Contains(out, "word") || strings.Contains(out, "p!w") {
			t.Errorf("%s: %s stays %s", name, c.text, out)
		}
	}
}
