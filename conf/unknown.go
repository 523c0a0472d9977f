package conf

import (
	"maps"
	"slices"
	"strings"

	"github.com/ringtail-id/ringtail/conf/hocon"
)

// judge turns the keys that nobody asked for into warnings, where Blitz has
// them, and into errors with a suggestion.
func (d *decoder) judge() {
	for _, u := range d.unknown {
		path := child(u.in.path, u.name)
		root := rootPath()
		if len(path) > len(root) && slices.Equal(path[:len(root)], root) {
			if purpose, ok := blitzKey(path[len(root):]); ok {
				d.warn(u.at, path, "known to Blitz, not used by Ringtail: "+purpose)
				continue
			}
		}
		d.fail(u.at, path, "there is no such setting; "+d.suggest(u))
	}
}

// suggest says what was probably meant by an unknown key.
func (d *decoder) suggest(u unknownKey) string {
	if len(u.in.path) == 0 {
		return "write settings under " + hocon.JoinPath(rootPath()...) + " and values of your own under " + ownValues
	}
	others := "take it out, or write one of " + listed(u.in.asked)
	if best := nearest(u.name, u.in.asked, ""); best != "" {
		return "write " + best
	}
	for _, path := range sortedKeys(d.known) {
		parts, err := hocon.SplitPath(path)
		if err == nil && plain(parts[len(parts)-1]) == plain(u.name) && !d.known[path].Section {
			return "write it as " + path
		}
	}
	return others
}

// listed are a section's keys in the order of the reference.
func listed(keys []string) string {
	var once []string
	for _, k := range keys {
		if !slices.Contains(once, k) {
			once = append(once, k)
		}
	}
	return strings.Join(once, ", ")
}

// nearest is the candidate that a person who wrote name most probably meant, or
// otherwise where none is near.
func nearest(name string, candidates []string, otherwise string) string {
	best, least := otherwise, 1+len([]rune(name))/3
	for _, c := range candidates {
		if n := distance(plain(name), plain(c)); n < least || n == least && best == otherwise && n <= 2 {
			best, least = c, n
		}
	}
	return best
}

// plain takes away what differs between spellings: code-length, code_length, codeLength.
func plain(name string) string {
	return strings.ToLower(strings.NewReplacer("-", "", "_", "").Replace(name))
}

// distance is the number of letters to add, drop, change or swap with their
// neighbour (optimal string alignment).
func distance(a, b string) int {
	s, t := []rune(a), []rune(b)
	rows := make([][]int, len(s)+1)
	for i := range rows {
		rows[i] = make([]int, len(t)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(s); i++ {
		for j := 1; j <= len(t); j++ {
			change := 1
			if s[i-1] == t[j-1] {
				change = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+change)
			if i > 1 && j > 1 && s[i-1] == t[j-2] && s[i-2] == t[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(s)][len(t)]
}

func sortedKeys(m map[string]Key) []string { return slices.Sorted(maps.Keys(m)) }
