package java

import (
	"strconv"
	"strings"
)

// While a script is being written, places of the Java file stand in it between two control characters, which no text of
// the script can hold: texts are written in printable ASCII.
const (
	markBegin = '\x01'
	markEnd   = '\x02'
)

// at gives the mark of a node's place.
func at(n *node) string {
	return string(markBegin) + strconv.Itoa(n.line) + ":" + strconv.Itoa(n.col) + string(markEnd)
}

// place takes the marks out of a script.
func place(script string) (string, []mark) {
	var out strings.Builder
	var marks []mark
	line, column := 1, 1
	for i := 0; i < len(script); i++ {
		switch b := script[i]; b {
		case markBegin:
			end := i + strings.IndexByte(script[i:], markEnd)
			javaLine, javaColumn, _ := strings.Cut(script[i+1:end], ":")
			m := mark{line: line, column: column}
			m.javaLine, _ = strconv.Atoi(javaLine)
			m.javaColumn, _ = strconv.Atoi(javaColumn)
			marks = append(marks, m)
			i = end
		case '\n':
			out.WriteByte(b)
			line, column = line+1, 1
		default:
			out.WriteByte(b)
			column++
		}
	}
	return out.String(), marks
}
