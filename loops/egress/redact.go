package egress

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"slices"
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

// Redactor takes secrets out of what people will see: as they are, and as base64, hex, percent-encoded, JSON
// or XML text.
// What a script derives from a secret in another way (a signature) is not recognised, and needn't be.
type Redactor struct {
	spellings []string // the longest first
	short     map[string]bool
}

// NewRedactor makes a Redactor for these secrets.
func NewRedactor(secrets map[string]string) *Redactor {
	r := &Redactor{short: map[string]bool{}}
	for _, secret := range secrets {
		if len(secret) <= shortSecret {
			r.short[secret] = secret != ""
			continue
		}
		r.spellings = append(r.spellings, spellings(secret)...)
	}
	slices.SortFunc(r.spellings, func(a, b string) int { return len(b) - len(a) })
	r.spellings = slices.Compact(r.spellings)
	return r
}

// spellings gives the ways in which a secret may stand in a request.
func spellings(secret string) []string {
	quoted, _ := json.Marshal(secret) // a string can always be written
	out := []string{
		secret, url.QueryEscape(secret), url.PathEscape(secret), encodeURI(secret), encodeURIComponent(secret),
		strings.Trim(string(quoted), `"`), strings.Trim(plainJSON(secret), `"`), html.EscapeString(secret), escapeXML(secret),
		hex.EncodeToString([]byte(secret)), strings.ToUpper(hex.EncodeToString([]byte(secret))),
	}
	for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		for shift := range 3 {
			if core := encodedInside(encoding, secret, shift); len(core) > shortSecret {
				out = append(out, core, url.QueryEscape(core))
			}
		}
	}
	return out
}

// plainJSON is JSON as the engine writes bodies: without escaping <, > and &.
func plainJSON(secret string) string {
	var out strings.Builder
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	_ = e.Encode(secret) // a string can always be written
	return strings.TrimSuffix(out.String(), "\n")
}

// encodeURIComponent and encodeURI are the script's functions of these names (ECMA-262, section 19.2.6), which leave other
// characters as they are than Go does.
func encodeURIComponent(secret string) string { return percent(secret, "-_.!~*'()") }

func encodeURI(secret string) string { return percent(secret, "-_.!~*'();/?:@&=+$,#") }

func percent(secret, plain string) string {
	var out strings.Builder
	for _, c := range []byte(secret) {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte(plain, c) >= 0 {
			out.WriteByte(c)
		} else {
			fmt.Fprintf(&out, "%%%02X", c)
		}
	}
	return out.String()
}

// escapeXML writes the five characters that XML has names for, as scripts do that build XML by hand.
func escapeXML(secret string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&apos;").Replace(secret)
}

// encodedInside gives the characters of base64 that depend on the secret alone when it stands after shift bytes of something
// else, as a password stands after "user:" in basic authentication.
func encodedInside(encoding *base64.Encoding, secret string, shift int) string {
	text := encoding.EncodeToString(append(make([]byte, shift), secret...))
	first := (shift*8 + 5) / 6
	last := (shift + len(secret)) * 8 / 6
	return text[first:last]
}

// Text gives a text without the secrets.
func (r *Redactor) Text(text string) string {
	if r.short[text] {
		return Mask
	}
	for _, s := range r.spellings {
		text = strings.ReplaceAll(text, s, Mask)
	}
	return text
}

func (r *Redactor) header(h http.Header) http.Header {
	out := make(http.Header, len(h))
	for name, values := range h {
		for _, v := range values {
			if slices.Contains(credentialHeaders, http.CanonicalHeaderKey(name)) {
				v = Mask
			}
			out[name] = append(out[name], r.Text(v))
		}
	}
	return out
}

// Step gives a step without the secrets.
func (r *Redactor) Step(s loops.Step) loops.Step {
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

// Value gives a JSON value, as encoding/json reads it into any, without the secrets.
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
	}
	return v
}
