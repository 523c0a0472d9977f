package java

import (
	"regexp"
	"slices"
	"strings"
)

// checkConstants refuses a call whose constant argument names what isn't done here, a digest for example, which a login
// would otherwise find out.
func (c *checker) checkConstants(n *node, m *method, args []argument) {
	if m.owner.user {
		return
	}
	var flags int64
	if m.owner.name == "Pattern" && m.name == "compile" && len(args) == 2 {
		flags, _ = args[1].v.value.(int64)
	}
	for i, a := range args {
		text, ok := a.v.value.(string)
		if !ok {
			continue
		}
		where := n
		if a.n != nil {
			where = a.n
		}
		if problem := constantProblem(m, i, text, flags); problem != "" {
			c.refuse(where, "%s", problem)
		}
	}
}

// constantProblem says why the i-th argument of a method can't be text, or nothing. flags are those of a regular expression.
func constantProblem(m *method, i int, text string, flags int64) string {
	call := m.owner.name + "." + m.name
	switch {
	case i == 0 && slices.Contains([]string{"String.matches", "String.replaceAll", "String.replaceFirst", "String.split", "Pattern.compile", "Pattern.matches"}, call):
		if problem := patternProblem(text, flags); problem != "" {
			return "this regular expression isn't supported: " + problem
		}
	case call == "MessageDigest.getInstance" && !oneOf(text, "MD5", "SHA", "SHA1", "SHA-1", "SHA-256", "SHA-512"):
		return "the digest " + shorten(text) + " isn't available; MD5, SHA-1, SHA-256 and SHA-512 are"
	case call == "Mac.getInstance" && !oneOf(text, "HmacMD5", "HmacSHA1", "HmacSHA256", "HmacSHA512"):
		return "the signature " + shorten(text) + " isn't available; HmacMD5, HmacSHA1, HmacSHA256 and HmacSHA512 are"
	case namesCharset(call, i, len(m.params)) && !oneOf(text, "UTF-8", "UTF8", "ISO-8859-1", "ISO8859_1", "latin1", "US-ASCII", "ASCII", "UTF-16", "UTF-16BE", "UTF-16LE"):
		return "the character set " + shorten(text) + " isn't available; UTF-8, ISO-8859-1, US-ASCII and UTF-16 are"
	case call == "String.format" && i < len(m.params) && m.params[i].isString():
		return formatProblem(text)
	}
	return ""
}

func oneOf(text string, list ...string) bool {
	return slices.ContainsFunc(list, func(s string) bool { return strings.EqualFold(s, text) })
}

// namesCharset reports whether an argument names a character set.
func namesCharset(call string, i, params int) bool {
	switch call {
	case "String.getBytes", "Charset.forName":
		return i == 0
	case "String.new":
		return i == 1 && params == 2
	case "URLEncoder.encode", "URLDecoder.decode":
		return i == 1
	}
	return false
}

var conversion = regexp.MustCompile(`%(?:\d+\$)?([-#+ 0,(]*)(?:\d+)?(?:\.\d+)?(?s:(.?))`)

// formatProblem says what of a format can't be done, or nothing.
func formatProblem(format string) string {
	for _, m := range conversion.FindAllStringSubmatch(format, -1) {
		if m[2] == "" || !strings.Contains("bBhHsSdxXofeEcCn%", m[2]) {
			return "the format " + shorten(m[0]) + " isn't supported; %s %d %x %X %o %f %e %c %b %h %n and %% are"
		}
	}
	return ""
}
