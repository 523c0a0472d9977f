package engine

import (
	"regexp"
	"strconv"
	"strings"
)

// hint says what to write in place of a name that JavaScript has elsewhere and a driver has not; empty for any other.
func hint(name string) string {
	switch name {
	case "fetch", "XMLHttpRequest":
		return "return HttpLoop.callBuilder(..); the host makes the request"
	case "console":
		return "there is no console; --trace shows each request and its answer"
	case "eval", "Function":
		return "no code is made of text; write it into the script"
	case "require", "module", "exports", "import", "export":
		return "there are no modules; a driver is one file, and its functions are found by their names"
	case "process":
		return "there is no environment; what differs from one installation to the next is a secret, secrets.NAME"
	case "setTimeout", "setInterval":
		return "a script can't wait; poll is asked again later"
	case "Buffer", "btoa", "atob", "TextEncoder", "TextDecoder":
		return "crypto has base64, hex, fromBase64 and fromHex; text is UTF-8 everywhere"
	case "URL", "URLSearchParams":
		return "withQuery and withForm escape, result.form() reads"
	}
	return ""
}

var undefined = regexp.MustCompile(`^ReferenceError: ([A-Za-z]+) is not defined$`)

// hinted adds the hint to what an Error says of a name that isn't there.
func hinted(text string) string {
	if m := undefined.FindStringSubmatch(text); m != nil && hint(m[1]) != "" {
		return text + ": " + hint(m[1])
	}
	return text
}

// hintedSyntax adds hints to problems of a word that begins what the parser doesn't know.
func hintedSyntax(source string, problems []Problem) []Problem {
	lines := strings.Split(source, "\n")
	for i, p := range problems {
		parts := strings.Split(p.At, ":")
		line, _ := strconv.Atoi(parts[len(parts)-2]) // position wrote them
		column, _ := strconv.Atoi(parts[len(parts)-1])
		if line > len(lines) || column > len(lines[line-1]) {
			continue
		}
		for _, word := range []string{"import", "export"} {
			if strings.HasPrefix(lines[line-1][column-1:], word) {
				problems[i].Message += ": " + hint(word)
			}
		}
	}
	return problems
}
