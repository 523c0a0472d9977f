package conf

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/ringtail-id/ringtail/conf/hocon"
)

var (
	claimName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.:/-]{0,99}$`)
	tag       = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$`)
)

// grants is a list of grants; those whose names are URNs may be written by their
// last word.
func grants() kind[[]string] {
	plain := []string{grantCode, grantRefresh, grantClient, grantImplicit}
	urns := []string{"device_code", "token-exchange", "jwt-bearer"}
	words := slices.Concat(plain, urns)
	one := parsed("one of "+strings.Join(words, ", "), func(s string) (string, string, bool) {
		word, isURN := strings.CutPrefix(s, grantURN)
		switch {
		case slices.Contains(urns, word):
			return grantURN + word, "", true
		case !isURN && slices.Contains(plain, s):
			return s, "", true
		}
		return "", "", false
	})
	one.ask.Choices = words
	return list(strings.Join(words, ", "), one)
}

// pageURL is an address of an application's own.
func pageURL() kind[string] {
	return parsed("an https URL; http only on a loopback host", func(s string) (string, string, bool) {
		u, err := url.Parse(s)
		switch {
		case err != nil || u.Hostname() == "":
			return "", "which is no URL with a host", false
		case u.User != nil:
			return "", "with a user name", false
		case u.Scheme == "http" && !loopbackHost(u.Hostname()):
			return "", "http on a host that is not loopback", false
		}
		return s, "", u.Scheme == "https" || u.Scheme == "http"
	})
}

// resourceURI is what tokens may be asked for (RFC 8707, section 2).
func resourceURI() kind[string] {
	return parsed("an absolute URI without fragment", func(s string) (string, string, bool) {
		u, err := url.Parse(s)
		return s, "", err == nil && u.Scheme != "" && !strings.Contains(s, "#")
	})
}

// optional also allows null, for nil.
func optional[T any](k kind[T]) kind[*T] {
	return kind[*T]{phrase: k.phrase + ", or null", null: true, ask: k.ask, read: func(v hocon.Value, bad fault) *T {
		value := k.read(v, bad)
		return &value
	}}
}

// keySet is a JWK set (RFC 7517): as an object, as JSON in a text, or in a file of
// its own.
func (f files) keySet() kind[string] {
	return kind[string]{
		phrase: "a JWK set { keys = [ .. ] }, its JSON in quotes, or file(PATH)",
		read: func(v hocon.Value, bad fault) string {
			if v.Kind() == hocon.Object {
				document, err := v.MarshalJSON()
				if err != nil {
					bad(v, "is no JSON", "")
				}
				return string(document)
			}
			text, err := v.Str()
			if err != nil {
				bad(v, have(v), "")
				return ""
			}
			if name, ok := fileForm(text); ok {
				if text, err = f.secretFile(name); err != nil {
					bad(v, err.Error(), "write the path of a readable file, starting at "+quoted(f.dir))
				}
			}
			return text
		},
	}
}
