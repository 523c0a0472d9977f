package conf

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/ringtail-id/ringtail/conf/hocon"
)

// AllKeys are all settings in the order of blitz.conf: what the decoder reads, with the
// comments that stand there. The reference page and the console's forms are made of
// them, so that they can't say something else than the file does.
func AllKeys() ([]Key, error) {
	text := withExamples(string(defaults))
	d, err := documentedDecoder(text)
	if err != nil {
		return nil, err
	}
	d.decode()
	lines, written := strings.Split(text, "\n"), strings.Split(string(defaults), "\n")
	keys := slices.SortedFunc(maps.Values(d.known), func(a, b Key) int {
		return cmp.Or(cmp.Compare(a.line, b.line), cmp.Compare(a.Path, b.Path))
	})
	for i := range keys {
		keys[i].describe(lines, written)
	}
	return keys, nil
}

// documentedDecoder stands on the default with its examples. What they name
// outside of the file is made up.
func documentedDecoder(text string) (*decoder, error) {
	o := Options{
		File:      DefaultName,
		LookupEnv: func(string) (string, bool) { return strings.Repeat("0", 64), true },
		ReadFile:  func(string) ([]byte, error) { return []byte("example-of-a-secret"), nil },
	}
	config, faults := load(o, hocon.Source{Name: DefaultName, Text: []byte(text)})
	if len(faults) > 0 {
		return nil, Errors(faults)
	}
	return newDecoder(o, config), nil
}

// describe takes the comment above the key, and the default behind it, where the
// examples are comments.
func (k *Key) describe(lines, plain []string) {
	if k.line == 0 {
		return
	}
	first := k.line - 1
	for first > 0 && strings.HasPrefix(strings.TrimSpace(lines[first-1]), "# ") {
		first--
	}
	var comment []string
	for _, l := range lines[first : k.line-1] {
		comment = append(comment, strings.TrimPrefix(strings.TrimSpace(l), "# "))
	}
	k.comment = strings.Join(comment, "\n")
	if !k.Section && len(comment) > 0 {
		comment = comment[:len(comment)-1]
	}
	k.Meaning = strings.Join(comment, " ")
	if !k.Section && !k.example() {
		k.Default = writtenValue(plain[k.line-1:])
	}
}

// example says whether the key belongs to an entry that a file adds, so that
// its value in blitz.conf is an example and no default.
func (k *Key) example() bool {
	return strings.HasPrefix(k.Path, "apps.") || strings.HasPrefix(k.Path, "scopes.") || strings.HasPrefix(k.Path, "registration.statements.issuers.") || strings.HasPrefix(k.Path, "loops.secrets.") || strings.Contains(k.Path, ".channels.N.") || strings.HasPrefix(k.Path, "audit.emitters.N.")
}

// writtenValue is the value of "key = value", over as many lines as its brackets stay open.
func writtenValue(lines []string) string {
	_, value, _ := strings.Cut(lines[0], "=")
	value = strings.TrimSpace(value)
	for _, l := range lines[1:] {
		if strings.Count(value, "[") <= strings.Count(value, "]") {
			break
		}
		l = strings.TrimSpace(l)
		if l == "" || l[0] == '#' {
			continue
		}
		separator := ", "
		if strings.HasSuffix(value, "[") || strings.HasPrefix(l, "]") {
			separator = " "
		}
		value += separator + l
	}
	if value == "[ ]" {
		return "[]"
	}
	return value
}

// withExamples takes the # away from the examples: blocks from "#name {" or "#{" to "#}".
func withExamples(text string) string {
	lines := strings.Split(text, "\n")
	inside := false
	for i, l := range lines {
		indent, rest := l[:len(l)-len(strings.TrimLeft(l, " "))], strings.TrimLeft(l, " ")
		if !inside && (len(rest) < 2 || rest[0] != '#' || rest[1] == ' ') {
			continue
		}
		inside = rest != "#}"
		lines[i] = indent + strings.TrimPrefix(rest, "#")
	}
	return strings.Join(lines, "\n")
}
