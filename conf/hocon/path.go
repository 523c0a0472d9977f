package hocon

import (
	"strings"
	"unicode/utf8"
)

// SplitPath cuts a path expression into its keys: `a."b.c".d` is a, b.c, d.
func SplitPath(path string) ([]string, error) {
	l := newLexer("", []byte(path))
	var parts []token
	for {
		t, err := l.next()
		if err != nil {
			return nil, &Error{Path: path, Msg: "this isn't a path: " + err.(*Error).Msg}
		}
		if t.kind == tokEnd {
			break
		}
		if !t.literal() && t.kind != tokSpace {
			return nil, &Error{Path: path, Msg: "this isn't a path: " + t.String() + " isn't allowed in one"}
		}
		parts = append(parts, t)
	}
	keys, err := pathOf(parts, Pos{})
	if err != nil {
		return nil, &Error{Path: path, Msg: err.(*Error).Msg}
	}
	return keys, nil
}

// JoinPath makes a path expression of keys, with quotes around those that need them. It undoes SplitPath.
func JoinPath(keys ...string) string {
	quoted := make([]string, len(keys))
	for i, k := range keys {
		quoted[i] = quoteKey(k)
	}
	return strings.Join(quoted, ".")
}

func quoteKey(key string) string {
	for _, r := range key {
		plain := r == '-' || r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' ||
			r >= utf8.RuneSelf && !isSpace(r) && r != utf8.RuneError
		if !plain {
			return quote(key)
		}
	}
	if key == "" || key == "include" {
		return quote(key)
	}
	return key
}

// pathOf makes keys of the tokens of a path expression. Dots outside of quotes separate; blanks between two tokens belong to
// the key, blanks around the whole don't.
func pathOf(parts []token, pos Pos) ([]string, error) {
	for len(parts) > 0 && parts[0].kind == tokSpace {
		parts = parts[1:]
	}
	for len(parts) > 0 && parts[len(parts)-1].kind == tokSpace {
		parts = parts[:len(parts)-1]
	}
	if len(parts) == 0 {
		return nil, errorAt(pos, "a key or a path should stand here")
	}
	var keys []string
	var key strings.Builder
	quoted := false // the key under way has a quoted part, so it may be empty
	finish := func(at Pos) error {
		if key.Len() == 0 && !quoted {
			return errorAt(at, `a path can't begin or end with '.', or have two of them together (write "" for an empty key)`)
		}
		keys = append(keys, key.String())
		key.Reset()
		quoted = false
		return nil
	}
	for _, t := range parts {
		if t.kind == tokString {
			key.WriteString(t.text)
			quoted = true
			continue
		}
		pieces := strings.Split(t.text, ".")
		for i, s := range pieces {
			key.WriteString(s)
			if i == len(pieces)-1 {
				break
			}
			if err := finish(t.pos); err != nil {
				return nil, err
			}
		}
	}
	return keys, finish(pos)
}
