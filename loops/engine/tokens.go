package engine

import (
	"github.com/dop251/goja"

	"github.com/ringtail-id/ringtail/loops"
)

// loginWanted is what a step is interrupted with when it needs a token that it wasn't given. An interrupt can't be caught
// by the script, and a step has no effects, so the host may log in and ask the step again.
type loginWanted struct{}

// tokenWords are those of tokens: get, which gives the token of the script's own login.
func tokenWords(w vocabulary) {
	w.method("get", func(m *machine, _ goja.Value, _ arguments) goja.Value {
		switch {
		case m.program.entries[loops.EntryLogin] == nil:
			m.typeError("tokens.get: the driver has no function login(obj, result) that gets a token")
		case m.question.Entry == loops.EntryLogin:
			m.typeError("tokens.get: the function login gets the token, so it can't ask for it")
		case m.question.Token == nil:
			m.rt.Interrupt(loginWanted{})
			return goja.Undefined()
		}
		m.usedToken = true
		return m.rt.ToValue(*m.question.Token)
	})
}
