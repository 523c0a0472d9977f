package engine

import (
	"unicode/utf8"

	"github.com/dop251/goja"

	"github.com/ringtail-id/ringtail/loops"
)

// result is the last answer.
type result struct{ answer *loops.Answer }

// resultWords are those of the last answer: status() and body(), which Blitz has, and our own.
func resultWords(p vocabulary) {
	read := func(name string, fn func(m *machine, answer *loops.Answer, a arguments) goja.Value) {
		p.method(name, func(m *machine, this goja.Value, a arguments) goja.Value {
			r, ok := unwrap[*result](this)
			if !ok {
				m.typeError("this is not a result")
			}
			return fn(m, r.answer, a)
		})
	}
	read("status", func(m *machine, answer *loops.Answer, _ arguments) goja.Value { return m.rt.ToValue(answer.Status) })
	read("text", func(m *machine, answer *loops.Answer, _ arguments) goja.Value { return m.rt.ToValue(answer.Body) })
	read("body", func(m *machine, answer *loops.Answer, _ arguments) goja.Value { return m.parse(answer.Body, isObject) })
	read("bodyArr", func(m *machine, answer *loops.Answer, _ arguments) goja.Value { return m.parse(answer.Body, isArray) })
	read("xml", func(m *machine, answer *loops.Answer, _ arguments) goja.Value {
		return m.decoded(decodeXML(answer.Body))
	})
	read("form", func(m *machine, answer *loops.Answer, _ arguments) goja.Value {
		return m.decoded(decodeForm(answer.Body))
	})
	read("csv", func(m *machine, answer *loops.Answer, a arguments) goja.Value {
		return m.decoded(decodeCSV(answer.Body, m.separator(a)))
	})
	read("header", func(m *machine, answer *loops.Answer, a arguments) goja.Value {
		values := answer.Header.Values(a.text(0))
		if len(values) == 0 {
			return goja.Null()
		}
		return m.rt.ToValue(values[0])
	})
}

func (m *machine) separator(a arguments) rune {
	if !a.has(0) {
		return ','
	}
	text := a.text(0)
	r, size := utf8.DecodeRuneInString(text)
	if size == 0 || size != len(text) || !separates(r) {
		a.wrong(0, "one character, neither a quote nor a line break")
	}
	return r
}

// decoded gives what a provider's answer held, or throws an unreadable answer.
func (m *machine) decoded(v any, err error) goja.Value {
	if err != nil {
		m.unreadable(err.Error())
	}
	return m.value(v)
}
