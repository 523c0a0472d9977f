package settings

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/ringtail-id/ringtail/conf"
	"github.com/ringtail-id/ringtail/conf/hocon"
)

// The list of methods, and how many factors a login needs.
const (
	pathFactors = "login.factors"
	pathLevel   = "login.level"
)

// block is one method in a list of factors.
type block struct {
	Method  string `json:"method"`
	Enabled bool   `json:"enabled"`
}

// lists are the first factors and the second factors, in the order of offer.
type lists [2][]block

// text is the lists as HOCON.
func (l lists) text() string {
	for i := range l {
		if l[i] == nil {
			l[i] = []block{}
		}
	}
	return asJSON(l)
}

// listsOf reads the setting.
func listsOf(v hocon.Value) (l lists) {
	for i, list := range v.Elems() {
		if i >= len(l) {
			break
		}
		for _, e := range list.Elems() {
			var b block
			if json.Unmarshal([]byte(canonical(e)), &b) == nil && b.Method != "" {
				l[i] = append(l[i], b)
			}
		}
	}
	return l
}

// methods says as which factors this version has each method that it has.
func methods(keys []conf.Key) map[string][2]bool {
	candidates := map[string]bool{}
	for _, k := range keys {
		if rest, ok := strings.CutPrefix(k.Path, methodsOf); ok {
			name, _, _ := strings.Cut(rest, ".")
			candidates[name] = true
		}
		if k.Path != pathFactors {
			continue
		}
		if v, ok := parseValue(k.Default); ok {
			for _, list := range listsOf(v) {
				for _, b := range list {
					candidates[b.Method] = true
				}
			}
		}
	}
	all := map[string][2]bool{}
	for name := range candidates {
		var l lists
		l[0] = []block{{name, true}}
		first := serves(l)
		l[0], l[1] = []block{{"password", true}}, []block{{name, true}}
		if second := serves(l); first || second {
			all[name] = [2]bool{first, second}
		}
	}
	return all
}

// serves says whether the decoder takes the lists.
func serves(l lists) bool {
	return !slices.ContainsFunc(faultsOf(pathFactors, l.text()), func(f conf.Finding) bool { return below(f.Path) == pathFactors })
}

// complete adds the methods that this version has as that factor and that the list
// lacks, switched off.
func (s *Section) complete(list []block, factor int) []block {
	for _, name := range slices.Sorted(maps.Keys(s.methods)) {
		if s.methods[name][factor] && !slices.ContainsFunc(list, func(b block) bool { return b.Method == name }) {
			list = append(list, block{Method: name})
		}
	}
	return list
}

// act does what a button of the list says; false: it says nothing that can be done.
func act(list []block, do, method string) bool {
	i := slices.IndexFunc(list, func(b block) bool { return b.Method == method })
	if i < 0 {
		return false
	}
	switch {
	case do == actionEnable:
		list[i].Enabled = true
	case do == actionDisable:
		list[i].Enabled = false
	case do == actionUp && i > 0:
		list[i-1], list[i] = list[i], list[i-1]
	case do == actionDown && i < len(list)-1:
		list[i], list[i+1] = list[i+1], list[i]
	default:
		return false
	}
	return true
}

// Buttons of a method beside those that move it.
const (
	actionEnable  = "enable"
	actionDisable = "disable"
	actionLevel   = "level"
)

// methodTitle is what the method is called.
func methodTitle(id string) string {
	switch id {
	case "password":
		return "Password"
	case "flashCall":
		return titles()[flashCall]
	case "recovery":
		return "Recovery codes"
	}
	return id
}
