package words

import (
	"regexp"
	"strings"
)

var (
	class     = regexp.MustCompile(`^(?:class|interface) [\w.]*?(\w+)$`)
	signature = regexp.MustCompile(`^  (static |const )?([\w<>,]+) (\w+)(\(.*?\))?(?: = .*)?$`)
)

// fromSignatures reads the classes of a Java procedure. What they mean is what the script's words of the same names do.
func fromSignatures(text string, script Language) Language {
	out := Language{Choices: script.Choices}
	name := ""
	statics, own := Object{}, Object{}
	end := func() {
		if len(statics.Members) > 0 {
			out.Globals = append(out.Globals, statics)
		}
		if len(own.Members) > 0 {
			out.Types = append(out.Types, own)
		}
	}
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		if m := class.FindStringSubmatch(line); m != nil {
			end()
			name = m[1]
			statics, own = Object{Name: name, Means: find(script.Globals, name).Means}, Object{Name: name, Means: find(script.Types, inScript(name)).Means}
			continue
		}
		m := signature.FindStringSubmatch(line)
		if m == nil || m[2] == "is" {
			continue
		}
		word := Member{Name: m[3], Form: m[2] + " " + m[3] + strings.ReplaceAll(m[4], ",", ", "), Gives: m[2]}
		if m[1] != "" {
			word.Means = meaning(script, m[3], name, "crypto", "clock")
			statics.Members = append(statics.Members, word)
			continue
		}
		word.Means = find(script.Types, inScript(name)).means(m[3])
		own.Members = append(own.Members, word)
	}
	end()
	return out
}

// inScript is the type of a script that the class is.
func inScript(class string) string {
	switch class {
	case "HttpLoopRequest":
		return "Builder"
	case "HttpLoopResult":
		return "Result"
	}
	return class
}

// meaning is what the first of the objects that has the member says of it.
func meaning(script Language, name string, objects ...string) string {
	for _, o := range objects {
		if means := find(script.Globals, o).means(name); means != "" {
			return means
		}
	}
	switch name {
	case "secret":
		return "the driver's secret of that name in driver.conf; one that isn't there throws"
	case "hasSecret":
		return "whether there is a secret of that name"
	case "token":
		return find(script.Globals, "tokens").means("get")
	}
	return ""
}
