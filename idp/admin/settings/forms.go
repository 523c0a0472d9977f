package settings

import (
	"slices"
	"strings"
	"unicode"

	"github.com/ringtail-id/ringtail/conf"
	"github.com/ringtail-id/ringtail/conf/hocon"
	"github.com/ringtail-id/ringtail/idp/admin"
)

// form is one page of settings: all that stands below its root.
type form struct {
	Title, Path, Group string
	Lead               string // what the settings are for
	View, Edit         admin.Right
	root               string
	parts              []part
}

// part is one group of fields.
type part struct {
	title, meaning string
	keys           []conf.Key
}

// flashCall is the section of the phone call's settings.
const flashCall = "login.methods.flashCall"

// methodsOf holds a section for each method of login.
const methodsOf = "login.methods."

// titles are those of the forms whose section has a short name; others are called
// by their section.
func titles() map[string]string {
	return map[string]string{
		flashCall: "Confirmation by a phone call", methodsOf + "password": "Password", "login": "Login and sessions", "lang": "Languages of the pages",
		"keys": "Signing keys", "registration": "Registration of applications", "logout": "Sign-out", "device": "Devices without a browser",
		"loops": "Limits of drivers", "calls": "Records and alarms of calls",
	}
}

// firstOfCalls are Blitz's own settings of a call, in its order.
func firstOfCalls() []string {
	return []string{"codeLength", "validity", "attemptsPerLogin", "totalAttempts", "blockMinutes", "phoneAttribute"}
}

// editable says whether a form or the API may change the setting. Entries whose
// names the file chooses are for the file alone.
func editable(k conf.Key) bool {
	for _, word := range strings.Split(k.Path, ".") {
		if word == "N" || word != "" && word == strings.ToUpper(word) {
			return false
		}
	}
	return conf.Editable(k.Path)
}

// formsOf makes a form of each section at the top, and one of each method.
func formsOf(keys []conf.Key) []*form {
	var all []*form
	meaning := map[string]string{}
	for _, k := range keys {
		if k.Section {
			meaning[k.Path] = k.Meaning
		}
	}
	for _, k := range keys {
		// The list of methods has pages of its own.
		if k.Section || !editable(k) || k.Path == pathFactors {
			continue
		}
		root := rootOf(k.Path)
		i := slices.IndexFunc(all, func(f *form) bool { return f.root == root })
		if i < 0 {
			i, all = len(all), append(all, newForm(root, meaning[root]))
		}
		all[i].add(k, meaning)
	}
	slices.SortStableFunc(all, func(a, b *form) int { return a.rank() - b.rank() })
	return all
}

// rank puts the phone call first and other methods behind it.
func (f *form) rank() int {
	switch {
	case f.root == flashCall:
		return 0
	case f.Group == groupLogin:
		return 1
	}
	return 2
}

func newForm(root, meaning string) *form {
	f := &form{
		root: root, Lead: meaning, Title: titles()[root], Path: pathSettings + "/" + root[strings.LastIndexByte(root, '.')+1:],
		Group: groupSettings, View: admin.SettingsView, Edit: admin.SettingsEdit,
	}
	if f.Title == "" {
		f.Title = words(root[strings.LastIndexByte(root, '.')+1:])
	}
	if strings.HasPrefix(root, methodsOf) {
		f.Group = groupLogin
	}
	if root == "lang" {
		f.View, f.Edit = admin.PagesView, admin.PagesEdit
	}
	return f
}

// rootOf is the section whose form has the setting.
func rootOf(path string) string {
	parts := strings.Split(path, ".")
	if strings.HasPrefix(path, methodsOf) {
		return strings.Join(parts[:3], ".")
	}
	return parts[0]
}

// add puts the setting into the part of its section. The settings right below the
// root come first; of the phone call, Blitz's own before them.
func (f *form) add(k conf.Key, meaning map[string]string) {
	section := k.Path[:strings.LastIndexByte(k.Path, '.')]
	name := strings.TrimPrefix(strings.TrimPrefix(section, f.root), ".")
	title := sectionTitle(name)
	if f.root == flashCall && name == "" {
		title = "More about the call"
		if slices.Contains(firstOfCalls(), k.Path[len(section)+1:]) {
			title = ""
		}
	}
	i := slices.IndexFunc(f.parts, func(p part) bool { return p.title == title })
	if i < 0 {
		p := part{title: title}
		if name != "" {
			p.meaning = meaning[section]
		}
		i, f.parts = len(f.parts), append(f.parts, p)
	}
	f.parts[i].keys = append(f.parts[i].keys, k)
}

// sectionTitle says limits.perNumber as "Limits: per number".
func sectionTitle(name string) string {
	if name == "" {
		return ""
	}
	parts, err := hocon.SplitPath(name)
	if err != nil {
		return name
	}
	title := words(parts[0])
	for i, p := range parts[1:] {
		separator := ", "
		if i == 0 {
			separator = ": "
		}
		title += separator + strings.ToLower(words(p))
	}
	return title
}

// words says attemptsPerLogin as "Attempts per login", and memoryKiB as "Memory KiB".
func words(name string) string {
	name = strings.ReplaceAll(name, "KiB", "Kib")
	var b strings.Builder
	for _, r := range name {
		switch {
		case r == '-' || r == '_':
			b.WriteByte(' ')
		case unicode.IsUpper(r):
			b.WriteByte(' ')
			b.WriteRune(unicode.ToLower(r))
		default:
			b.WriteRune(r)
		}
	}
	all := strings.Fields(b.String())
	for i, word := range all {
		switch known, ok := abbreviations()[word]; {
		case ok:
			all[i] = known
		case i == 0:
			all[i] = strings.ToUpper(word[:1]) + word[1:]
		}
	}
	return strings.Join(all, " ")
}

// abbreviations are words that have letters of their own.
func abbreviations() map[string]string {
	return map[string]string{"kib": "KiB", "uri": "URI", "uris": "URIs", "jwks": "JWKS", "pkce": "PKCE", "voip": "VoIP", "id": "ID"}
}
