package java

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf16"
)

// quote writes a text as a JavaScript literal in printable ASCII.
func quote(units []uint16) string {
	var out strings.Builder
	out.WriteByte('"')
	for _, u := range units {
		if u >= 0x20 && u < 0x7f && u != '"' && u != '\\' {
			out.WriteByte(byte(u))
		} else {
			fmt.Fprintf(&out, "\\u%04x", u)
		}
	}
	out.WriteByte('"')
	return out.String()
}

// text gives the expression of a constant text.
func (c *checker) text(units []uint16) val {
	return val{js: quote(units), t: c.str(), value: string(utf16.Decode(units)), solid: true}
}

func (c *checker) literal(n *node) val {
	switch n.kind {
	case "decimal_integer_literal", "hex_integer_literal", "octal_integer_literal", "binary_integer_literal":
		return c.integer(n, n.text, false)
	case "decimal_floating_point_literal", "hex_floating_point_literal":
		return c.floating(n)
	case "true", "false":
		return val{js: n.text, t: tBool, value: n.text == "true", solid: true}
	case "null_literal":
		return val{js: "null", t: tNull}
	case "character_literal":
		units, ok := unescape(n.text[1 : len(n.text)-1])
		if !ok || len(units) != 1 {
			return c.wrong(n, "a character literal must hold one character")
		}
		return number(int64(units[0]), tChar)
	}
	if n.only("string_interpolation") != nil {
		return c.refuse(n, "string templates aren't supported; join the pieces with +")
	}
	if strings.HasPrefix(n.text, `"""`) {
		return c.textBlock(n)
	}
	units, ok := unescape(n.text[1 : len(n.text)-1])
	if !ok {
		return c.wrong(n, "this text holds an escape that Java doesn't have")
	}
	return c.text(units)
}

// number gives a constant of an integral type.
func number(v int64, t *typ) val {
	js := strconv.FormatInt(v, 10)
	if t.kind == kLong {
		js += "n"
	}
	if v < 0 {
		js = "(" + js + ")"
	}
	return val{js: js, t: t, value: v, solid: true}
}

// integer reads an int or long. Only behind a minus may a decimal be as large as the smallest value is.
func (c *checker) integer(n *node, text string, negative bool) val {
	digits := strings.ToLower(strings.ReplaceAll(text, "_", ""))
	digits, long := strings.CutSuffix(digits, "l")
	base := 10
	switch {
	case strings.HasPrefix(digits, "0x"):
		digits, base = digits[2:], 16
	case strings.HasPrefix(digits, "0b"):
		digits, base = digits[2:], 2
	case len(digits) > 1 && digits[0] == '0':
		digits, base = digits[1:], 8
	}
	bits, t := 32, tInt
	if long {
		bits, t = 64, tLong
	}
	v, err := strconv.ParseUint(digits, base, 64)
	most := uint64(1)<<(bits-1) - 1
	if negative {
		most++
	}
	if base != 10 {
		most = math.MaxUint64 >> (64 - bits)
	}
	if err != nil || v > most {
		hint := ""
		if !long {
			hint = "; write an L behind it for a long"
		}
		return c.wrong(n, "the number %s is too large%s", shorten(text), hint)
	}
	signed := int64(v)
	if !long {
		signed = int64(int32(uint32(v)))
	}
	if negative {
		signed = wrap(-signed, t)
	}
	return number(signed, t)
}

func (c *checker) floating(n *node) val {
	text := strings.ToLower(strings.ReplaceAll(n.text, "_", ""))
	t := tDouble
	hex := strings.HasPrefix(text, "0x")
	if !hex || strings.Contains(text, "p") {
		if cut, ok := strings.CutSuffix(text, "f"); ok {
			text, t = cut, tFloat
		} else {
			text = strings.TrimSuffix(text, "d")
		}
	}
	bits := 64
	if t == tFloat {
		bits = 32
	}
	f, err := strconv.ParseFloat(text, bits)
	if err != nil {
		return c.wrong(n, "the number %s can't be read", shorten(n.text))
	}
	return val{js: strconv.FormatFloat(f, 'g', -1, 64), t: t, solid: true}
}

// wrap keeps v within the width of an integral type.
func wrap(v int64, t *typ) int64 {
	switch t.kind {
	case kByte:
		return int64(int8(v))
	case kShort:
		return int64(int16(v))
	case kChar:
		return int64(uint16(v))
	case kInt:
		return int64(int32(v))
	}
	return v
}

// unescape reads what stands between the quotes of a text.
func unescape(text string) ([]uint16, bool) {
	var out []uint16
	for i := 0; i < len(text); {
		if text[i] != '\\' {
			end := i
			for end < len(text) && text[end] != '\\' {
				end++
			}
			out = append(out, utf16.Encode([]rune(text[i:end]))...)
			i = end
			continue
		}
		unit, size, ok := escape(text[i:])
		if !ok {
			return nil, false
		}
		if size > 0 && unit >= 0 {
			out = append(out, uint16(unit))
		}
		i += size
	}
	return out, true
}

// escape reads one escape at the beginning of text; unit is -1 for one that stands for nothing.
func escape(text string) (unit, size int, ok bool) {
	if len(text) < 2 {
		return 0, 0, false
	}
	if i := strings.IndexByte("btnfrs\"'\\", text[1]); i >= 0 {
		return int("\b\t\n\f\r \"'\\"[i]), 2, true
	}
	switch b := text[1]; {
	case b == '\n':
		return -1, 2, true
	case b == 'u': // what decode kept
		half, size := codeUnit(text)
		return int(half), size, size > 0
	case b >= '0' && b <= '7':
		most := 3
		if b > '3' {
			most = 2
		}
		end := 1
		for end < len(text) && end <= most && text[end] >= '0' && text[end] <= '7' {
			end++
		}
		v, _ := strconv.ParseUint(text[1:end], 8, 16)
		return int(v), end, true
	}
	return 0, 0, false
}

// textBlock reads a """ text: common white space at the beginning of lines and all at their ends is left out.
func (c *checker) textBlock(n *node) val {
	body := strings.ReplaceAll(strings.TrimSuffix(strings.TrimPrefix(n.text, `"""`), `"""`), "\r\n", "\n")
	first, body, found := strings.Cut(body, "\n")
	if !found || strings.TrimSpace(first) != "" {
		return c.wrong(n, `a text block begins on the line after its """`)
	}
	lines := strings.Split(body, "\n")
	indent := math.MaxInt
	for i, line := range lines {
		if strings.TrimSpace(line) != "" || i == len(lines)-1 {
			indent = min(indent, len(line)-len(strings.TrimLeft(line, " \t\f")))
		}
	}
	for i, line := range lines {
		if strings.TrimSpace(line) == "" {
			lines[i] = ""
			continue
		}
		lines[i] = strings.TrimRight(line[indent:], " \t\f")
	}
	units, ok := unescape(strings.Join(lines, "\n"))
	if !ok {
		return c.wrong(n, "this text holds an escape that Java doesn't have")
	}
	return c.text(units)
}
