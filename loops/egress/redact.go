package egress

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/ringtail-id/ringtail/loops"
)

// Mask is what stands in a trace where a secret was.
const Mask = "***"

// shortSecret is the length up to which a secret is only masked where it is the whole of a value: masking every "1"
// would make a trace unreadable and hide nothing.
const shortSecret = 3

// credentialHeaders are masked whatever they hold.
var credentialHeaders = []string{"Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie"}

// layers is how many encodings in one another are undone: JSON in a form in a JSON text is three.
const layers = 3

// keptStart is how much of a secret's start is taken for the secret at the very end of a long text, which may have been cut
// there. Shorter texts are never cut, and may well end as a list of numbers begins that an installation keeps as a secret.
const (
	keptStart = 8
	longText  = 200
)

// Redactor takes secrets out of what people will see: as they are, in any case of letters; as hex or base64, alone or inside of
// more; each of that with any of its characters percent-encoded or escaped as in JSON, XML or forms, up to three times over.
// What a script derives from a secret in another way (a signature) is not recognised, and needn't be.
type Redactor struct {
	folded    []needle // looked for in lower case
	exact     []needle
	short     map[string]bool
	encodings []encoding
}

// NewRedactor makes a Redactor for these secrets.
func NewRedactor(secrets map[string]string) *Redactor {
	r := &Redactor{short: map[string]bool{}, encodings: encodings()}
	for _, secret := range secrets {
		if len(secret) <= shortSecret {
			r.short[secret] = secret != ""
			continue
		}
		r.add(secret)
	}
	return r
}

func (r *Redactor) add(secret string) {
	// A reader that meets bytes that are no text writes the replacement character for each.
	for _, form := range []string{secret, strings.ToLower(secret), string([]rune(secret)), latin1(secret), hex.EncodeToString([]byte(secret))} {
		if len(form) > shortSecret {
			r.folded = addNeedle(r.folded, lowerASCII([]byte(form)))
		}
	}
	if strings.Contains(secret, "\n") { // a key in PEM, whose lines scripts join
		for line := range strings.Lines(secret) {
			if line = strings.TrimSpace(line); len(line) >= 2*keptStart && !strings.HasPrefix(line, "-----") {
				r.folded = addNeedle(r.folded, lowerASCII([]byte(line)))
			}
		}
	}
	for _, alphabet := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		for shift := range 3 {
			if core := encodedInside(alphabet, secret, shift); len(core) > shortSecret {
				r.exact = addNeedle(r.exact, []byte(core))
			}
		}
	}
}

// latin1 is the secret with one byte for each character, as the script's escape() writes it, or empty where that can't be.
func latin1(secret string) string {
	out := make([]byte, 0, len(secret))
	for _, c := range secret {
		if c > 0xff {
			return ""
		}
		out = append(out, byte(c))
	}
	return string(out)
}

func lowerASCII(text []byte) []byte {
	out := bytes.Clone(text)
	for i, c := range out {
		if c >= 'A' && c <= 'Z' {
			out[i] = c + 'a' - 'A'
		}
	}
	return out
}

// encodedInside gives the characters of base64 that depend on the secret alone when it stands after shift bytes of something
// else, as a password stands after "user:" in basic authentication.
func encodedInside(alphabet *base64.Encoding, secret string, shift int) string {
	text := alphabet.EncodeToString(append(make([]byte, shift), secret...))
	first := (shift*8 + 5) / 6
	last := (shift + len(secret)) * 8 / 6
	return text[first:last]
}

// Text gives a text without the secrets.
func (r *Redactor) Text(text string) string {
	if r.short[text] {
		return Mask
	}
	if len(r.folded)+len(r.exact) == 0 || text == "" {
		return text
	}
	hidden := make([]bool, len(text))
	r.search(reading{text: []byte(text)}, hidden, layers)
	return masked(text, hidden)
}

// search marks what is to be hidden in a text, read as it is and through the encodings.
func (r *Redactor) search(in reading, hidden []bool, depth int) {
	lower := lowerASCII(in.text)
	for _, needle := range r.folded {
		in.mark(lower, needle, hidden)
	}
	for _, needle := range r.exact {
		in.mark(in.text, needle, hidden)
	}
	if depth == 0 {
		return
	}
	for _, e := range r.encodings {
		if inner, changed := in.undo(e); changed {
			r.search(inner, hidden, depth-1)
		}
	}
}

// mark hides every place of a needle, and its start where a long text ends with it. It takes as long as text and needle are.
func (r reading) mark(text []byte, n needle, hidden []bool) {
	done := 0 // what of the text needn't be hidden any more
	hide := func(first, last int) {
		for at := max(first, done); at <= last; at++ {
			for i := r.start(at); i < r.end(at); i++ {
				hidden[i] = true
			}
		}
		done = max(done, last+1)
	}
	rest := n.places(text, func(at int) { hide(at, at+len(n.bytes)-1) })
	if rest >= keptStart && len(text) >= longText {
		hide(len(text)-rest, len(text)-1)
	}
}

// masked writes one Mask for each run of hidden bytes.
func masked(text string, hidden []bool) string {
	if !slices.Contains(hidden, true) {
		return text
	}
	var out strings.Builder
	for i := range len(text) {
		switch {
		case !hidden[i]:
			out.WriteByte(text[i])
		case i == 0 || !hidden[i-1]:
			out.WriteString(Mask)
		}
	}
	return out.String()
}

func (r *Redactor) header(h http.Header) http.Header {
	out := make(http.Header, len(h))
	for name, values := range h {
		for _, v := range values {
			if slices.Contains(credentialHeaders, http.CanonicalHeaderKey(name)) {
				v = Mask
			}
			out[r.Text(name)] = append(out[r.Text(name)], r.Text(v))
		}
	}
	return out
}

// Step gives a step without the secrets.
func (r *Redactor) Step(s loops.Step) loops.Step {
	s.Request.Method = r.Text(s.Request.Method)
	s.Request.URL = r.Text(s.Request.URL)
	s.Request.Body = r.Text(s.Request.Body)
	s.Request.Header = r.header(s.Request.Header)
	if s.Answer != nil {
		s.Answer = &loops.Answer{Status: s.Answer.Status, Header: r.header(s.Answer.Header), Body: r.Text(s.Answer.Body)}
	}
	return s
}

// Params gives the parameters of a failure without the secrets.
func (r *Redactor) Params(params map[string]string) map[string]string {
	out := make(map[string]string, len(params))
	for k, v := range params {
		out[r.Text(k)] = r.Text(v)
	}
	return out
}

// Value gives a JSON value, as encoding/json reads it into any, without the secrets. A number that holds one becomes text.
func (r *Redactor) Value(v any) any {
	switch x := v.(type) {
	case string:
		return r.Text(x)
	case map[string]any:
		out := make(map[string]any, len(x))
		for k, item := range x {
			out[r.Text(k)] = r.Value(item)
		}
		return out
	case []any:
		out := make([]any, len(x))
		for i, item := range x {
			out[i] = r.Value(item)
		}
		return out
	case json.Number:
		return r.number(x.String(), v)
	case float64:
		return r.number(strconv.FormatFloat(x, 'f', -1, 64), v)
	}
	return v
}

func (r *Redactor) number(text string, v any) any {
	if hidden := r.Text(text); hidden != text {
		return hidden
	}
	return v
}
