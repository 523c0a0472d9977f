package java

import (
	"fmt"
	"strings"

	"github.com/ringtail-id/ringtail/loops"
)

// maxBrackets bounds how deep brackets may be nested.
const maxBrackets = 100

// scanner goes over a file before it is parsed: brackets, texts and comments must be closed, and brackets not be nested
// without end. It tells such faults better than a parser can, which moreover takes long to recover from them.
type scanner struct {
	r    *reader
	open []int // where the open brackets stand
}

func (s *scanner) fault(at int, format string, args ...any) {
	s.r.problems = append(s.r.problems, Problem{int(s.r.lines[at]), int(s.r.columns[at]), loops.ReasonSyntax, fmt.Sprintf(format, args...)})
}

// scan reports whether the file may be parsed.
func (r *reader) scan() bool {
	s := &scanner{r: r}
	for i := 0; i < len(r.source) && len(r.problems) == 0; {
		i = s.step(i)
	}
	if len(r.problems) == 0 && len(s.open) > 0 {
		at := s.open[len(s.open)-1]
		s.fault(at, "this %c is never closed", r.source[at])
	}
	return len(r.problems) == 0
}

// step passes over one piece of the file.
func (s *scanner) step(i int) int {
	rest := s.r.source[i:]
	switch {
	case strings.HasPrefix(rest, "//"):
		if end := strings.IndexByte(rest, '\n'); end >= 0 {
			return i + end
		}
		return len(s.r.source)
	case strings.HasPrefix(rest, "/*"):
		end := strings.Index(rest[2:], "*/")
		if end < 0 {
			s.fault(i, "this comment is never closed")
			return i
		}
		return i + end + 4
	case strings.HasPrefix(rest, `"""`):
		return s.text(i, `"""`)
	case rest[0] == '"', rest[0] == '\'':
		return s.text(i, rest[:1])
	case strings.IndexByte("([{", rest[0]) >= 0:
		s.open = append(s.open, i)
		if len(s.open) > maxBrackets {
			s.fault(i, "brackets are nested deeper than %d levels; split this with variables or methods", maxBrackets)
		}
	case strings.IndexByte(")]}", rest[0]) >= 0:
		s.shut(i, rest[0])
	}
	return i + 1
}

func (s *scanner) shut(i int, b byte) {
	if len(s.open) == 0 {
		s.fault(i, "this %c closes nothing", b)
		return
	}
	at := s.open[len(s.open)-1]
	if want := map[byte]byte{'(': ')', '[': ']', '{': '}'}[s.r.source[at]]; want != b {
		s.fault(at, "this %c isn't closed before the %c of line %d", s.r.source[at], b, s.r.lines[i])
		return
	}
	s.open = s.open[:len(s.open)-1]
}

// text passes over a text, a character or a text block.
func (s *scanner) text(i int, quote string) int {
	for k := i + len(quote); k < len(s.r.source); k++ {
		switch {
		case s.r.source[k] == '\\':
			k++
		case strings.HasPrefix(s.r.source[k:], quote):
			return k + len(quote)
		case s.r.source[k] == '\n' && len(quote) == 1:
			s.fault(i, "this text is never closed")
			return i
		}
	}
	s.fault(i, "this text is never closed")
	return i
}
