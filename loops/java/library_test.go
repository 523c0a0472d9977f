package java

import (
	"strconv"
	"strings"
	"testing"
)

func TestSignaturesCanBeRead(t *testing.T) {
	for _, fault := range library().faults {
		t.Error(fault)
	}
}

// TestTemplatesUseWhatTheyAreGiven holds that no argument is left out of the script, since reckoning it may do something,
// and that none is reckoned twice.
func TestTemplatesUseWhatTheyAreGiven(t *testing.T) {
	for name, c := range library().classes {
		list := c.ctors
		for _, methods := range c.methods {
			list = append(list, methods...)
		}
		for _, m := range list {
			if strings.Contains(m.js, "$*") {
				continue
			}
			used := m.js
			if !m.static && m.name != "new" && strings.Count(used, "$0") != 1 {
				t.Errorf("%s.%s uses its receiver %d times: %s", name, m.name, strings.Count(used, "$0"), used)
			}
			for i := range m.params {
				if n := strings.Count(used, "$"+strconv.Itoa(i+1)); n != 1 {
					t.Errorf("%s.%s uses argument %d of %d %d times: %s", name, m.name, i+1, len(m.params), n, used)
				}
			}
		}
	}
}

// TestRuntimeHasEveryWord holds that what the signatures call is in the runtime.
func TestRuntimeHasEveryWord(t *testing.T) {
	words := runtime().words
	for name, c := range library().classes {
		scripts := []string{c.is}
		for _, f := range c.fields {
			scripts = append(scripts, f.js)
		}
		for _, m := range c.ctors {
			scripts = append(scripts, m.js)
		}
		for _, methods := range c.methods {
			for _, m := range methods {
				scripts = append(scripts, m.js)
			}
		}
		for _, script := range scripts {
			if strings.Count(script, `"`)%2 != 0 {
				t.Errorf("%s: a text of %s isn't closed, so words in it would count", name, script)
			}
			for _, word := range used(script) {
				if words[word] == "" {
					t.Errorf("%s: the runtime has no %s", name, word)
				}
			}
		}
	}
}
