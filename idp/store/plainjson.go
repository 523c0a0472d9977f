package store

import "bytes"

// readPlain reads what most columns of JSON hold: null, and lists and maps of
// strings without a blank between them and without an escape, as asJSON writes
// them. It says whether it could; everything else is for encoding/json, which
// takes several times as long.
func readPlain(into any, text []byte) bool {
	if string(text) == "null" {
		return true // the zero value
	}
	switch v := into.(type) {
	case *[]string:
		return plainList(v, text)
	case *map[string]string:
		return plainMap(v, text)
	}
	return false
}

func plainList(into *[]string, text []byte) bool {
	rest, ok := within(text, '[', ']')
	list := []string{}
	for ok && len(rest) > 0 {
		var s string
		if s, rest, ok = plainString(rest); ok {
			list = append(list, s)
			rest, ok = next(rest)
		}
	}
	*into = list
	return ok
}

func plainMap(into *map[string]string, text []byte) bool {
	rest, ok := within(text, '{', '}')
	all := map[string]string{}
	for ok && len(rest) > 0 {
		var name, value string
		if name, rest, ok = plainString(rest); !ok || len(rest) == 0 || rest[0] != ':' {
			return false
		}
		if value, rest, ok = plainString(rest[1:]); ok {
			all[name] = value
			rest, ok = next(rest)
		}
	}
	*into = all
	return ok
}

// within is what stands between the brackets.
func within(text []byte, open, end byte) ([]byte, bool) {
	last := len(text) - 1
	if last < 1 || text[0] != open || text[last] != end {
		return nil, false
	}
	return text[1:last], true
}

// next goes over a comma, after which something must come.
func next(rest []byte) ([]byte, bool) {
	if len(rest) == 0 {
		return rest, true
	}
	return rest[1:], rest[0] == ',' && len(rest) > 1
}

// plainString reads a string of printable ASCII without an escape.
func plainString(text []byte) (s string, rest []byte, ok bool) {
	if len(text) == 0 || text[0] != '"' {
		return "", nil, false
	}
	end := bytes.IndexByte(text[1:], '"')
	if end < 0 {
		return "", nil, false
	}
	for _, c := range text[1 : end+1] {
		if c == '\\' || c < ' ' || c > '~' {
			return "", nil, false
		}
	}
	return string(text[1 : end+1]), text[end+2:], true
}
