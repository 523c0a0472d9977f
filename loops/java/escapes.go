package java

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/ringtail-id/ringtail/loops"
)

// decode does what Java does before it reads a file: \uXXXX becomes the character that it names wherever it stands, in
// comments too, where it may end the comment (JLS 3.3). It notes line and column, in the file as it was written, of every
// byte that comes of it, so that one long line costs no more than many short ones.
//
// A backslash or the end of a line that is written so is refused: nobody means it, and it is how code is hidden. So is a
// carriage return alone, which ends a line for Java and not for most of those who read the file.
func (r *reader) decode(source string) {
	var out strings.Builder
	out.Grow(len(source))
	d := decoder{r: r, out: &out, source: source, line: 1, column: 1}
	r.lines, r.columns = make([]int32, 0, len(source)+1), make([]int32, 0, len(source)+1)
	for d.at < len(source) && len(r.problems) == 0 {
		d.step()
	}
	r.lines, r.columns = append(r.lines, d.line), append(r.columns, d.column)
	r.source = out.String()
}

// decoder is on its way through a file.
type decoder struct {
	r            *reader
	out          *strings.Builder
	source       string
	at           int
	line, column int32
}

func (d *decoder) fault(format string, args ...any) {
	d.r.problems = append(d.r.problems, Problem{int(d.line), int(d.column), loops.ReasonSyntax, fmt.Sprintf(format, args...)})
}

// put writes what the next bytes of the file stand for.
func (d *decoder) put(text string, bytes, columns int) {
	for range len(text) {
		d.r.lines, d.r.columns = append(d.r.lines, d.line), append(d.r.columns, d.column)
	}
	d.out.WriteString(text)
	d.at += bytes
	d.column += int32(columns)
}

func (d *decoder) step() {
	rest := d.source[d.at:]
	switch {
	case strings.HasPrefix(rest, `\u`):
		d.escape(rest)
	case rest[0] == '\\' && len(rest) > 1 && rest[1] == '\\': // a \ behind this one begins nothing
		d.put(rest[:2], 2, 2)
	case rest[0] == '\n':
		d.put("\n", 1, 0)
		d.line, d.column = d.line+1, 1
	case rest[0] == '\r' && !strings.HasPrefix(rest, "\r\n"):
		d.fault("a carriage return stands alone here; save the file with line feeds")
	default:
		_, size := utf8.DecodeRuneInString(rest)
		d.put(rest[:size], size, 1)
	}
}

func (d *decoder) escape(rest string) {
	unit, size := codeUnit(rest)
	switch {
	case size == 0:
		d.fault(`\u must be followed by four hexadecimal digits, in comments too`)
	case unit == '\\' || unit == '\n' || unit == '\r':
		d.fault(`%s isn't supported; write \\, \n or \r`, rest[:size])
	case utf16.IsSurrogate(rune(unit)):
		low, more := codeUnit(rest[size:])
		if whole := utf16.DecodeRune(rune(unit), rune(low)); whole != utf8.RuneError {
			d.put(string(whole), size+more, size+more)
			return
		}
		d.keep(unit, size)
	case unit < ' ' && unit != '\t' && unit != '\f':
		d.keep(unit, size)
	default:
		d.put(string(rune(unit)), size, size)
	}
}

// keep leaves what only a text can hold, and the parser can't read, for unescape: half a character, and control characters.
func (d *decoder) keep(unit uint16, size int) {
	d.put(fmt.Sprintf(`\u%04x`, unit), size, size)
}

// codeUnit reads \uXXXX, which may have more than one u, and gives its length, 0 where it can't be read.
func codeUnit(text string) (unit uint16, size int) {
	if !strings.HasPrefix(text, `\u`) {
		return 0, 0
	}
	digits := strings.TrimLeft(text[1:], "u")
	if len(digits) < 4 {
		return 0, 0
	}
	v, err := strconv.ParseUint(digits[:4], 16, 16)
	if err != nil {
		return 0, 0
	}
	return uint16(v), len(text) - len(digits) + 4
}
