package engine

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/dop251/goja"

	"github.com/ringtail-id/ringtail/loops"
)

// cacheSize is how many compiled scripts an Engine keeps. A server has a handful of drivers; when there are more than
// this, all are forgotten and compiled anew.
const cacheSize = 64

// watchEvery is how often a running script is looked at. A step that ends sooner is never looked at.
const watchEvery = 5 * time.Millisecond

// Options are what an Engine needs.
type Options struct {
	Limits loops.Limits
	// Heap gives the bytes that this process holds on its heap now. A step is stopped when there are more than
	// Limits.Memory. Nil means that memory isn't watched.
	Heap func() int64
	// Used gives the processor time that this process has used. A step that had less of it than Limits.Step may go on, up
	// to loops.Patience times as long. Nil means that a step has Limits.Step by the clock on the wall.
	Used func() time.Duration
	// Late is called beside a step that isn't done when it is first looked at, in a goroutine of its own. Nil means that nothing is.
	Late func()
}

// Engine compiles drivers and runs their steps. It serves one goroutine.
type Engine struct {
	limits   loops.Limits
	heap     func() int64
	used     func() time.Duration
	late     func()
	lexicon  lexicon
	programs map[[32]byte]compiled
	java     *goja.Program // the runtime of procedures, once there was one
}

type compiled struct {
	program  *program
	problems []Problem
}

// New makes an Engine.
func New(o Options) *Engine {
	return &Engine{limits: o.Limits, heap: o.Heap, used: o.Used, late: o.Late, lexicon: newLexicon(), programs: map[[32]byte]compiled{}}
}

// Check returns the problems of a script that can be seen without running it.
func (e *Engine) Check(name, source string) []Problem { return e.compiled(name, source).problems }

// Entries gives the entries that a script has a function for, in the order of loops.Entries, without running it. The error is a
// *loops.Refusal: the first of the script's problems.
func (e *Engine) Entries(name, source string) ([]loops.Entry, error) {
	c := e.compiled(name, source)
	if len(c.problems) > 0 {
		return nil, refuse(c.problems[0].Reason, "%s", c.problems[0])
	}
	var out []loops.Entry
	for _, entry := range loops.Entries() {
		if c.program.entries[entry] != nil {
			out = append(out, entry)
		}
	}
	return out, nil
}

func (e *Engine) compiled(name, source string) compiled {
	key := sha256.Sum256([]byte(name + "\x00" + source))
	if c, ok := e.programs[key]; ok {
		return c
	}
	if len(e.programs) >= cacheSize {
		clear(e.programs)
	}
	var c compiled
	c.program, c.problems = e.compile(name, source)
	e.programs[key] = c
	return c
}

// Step asks a driver for its next action. The error is a *loops.Refusal. A *loops.Failure that the driver said, or an
// answer that it couldn't read, is an action.
func (e *Engine) Step(q loops.Question) (action *loops.Action, err error) {
	name := q.Driver.File
	c := e.compiled(name, q.Driver.Source)
	if len(c.problems) > 0 {
		return nil, refuse(c.problems[0].Reason, "%s", c.problems[0])
	}
	entry := c.program.entries[q.Entry]
	if entry == nil {
		return nil, refuse(loops.ReasonUnsupported, "%s:1:1: the driver has no function %s", name, q.Entry)
	}
	var m *machine
	defer func() {
		fault := recover()
		if stopped := overrun(fault); stopped != nil {
			action, err = m.failed(stopped)
		} else if fault != nil {
			action, err = nil, faultOf(name, fault)
		}
	}()
	m = newMachine(q, c.program, e.limits, e.lexicon)
	stop := e.watch(m.rt)
	defer stop()
	value, err := m.invoke(entry)
	if err != nil {
		return m.failed(err)
	}
	action, err = m.action(value)
	if err != nil {
		return m.failed(err)
	}
	return action, nil
}

// watch interrupts a script that passes its time or memory. The interrupt is seen between two instructions of the
// script, so native code isn't stopped by it.
func (e *Engine) watch(rt *goja.Runtime) (stop func()) {
	done := make(chan struct{})
	left := e.timeLeft()
	first := min(watchEvery, e.limits.Step)
	late := time.AfterFunc(first, func() { e.look(rt, e.limits.Step-first, left, done) })
	return func() { late.Stop(); close(done) }
}

// look goes on until the script is done or interrupted. The first deadline is over after rest.
func (e *Engine) look(rt *goja.Runtime, rest time.Duration, left func() time.Duration, done <-chan struct{}) {
	if e.late != nil {
		go e.late()
	}
	deadline := time.NewTimer(rest)
	defer deadline.Stop()
	look := time.NewTicker(watchEvery)
	defer look.Stop()
	for {
		if e.heap != nil && e.heap() > e.limits.Memory {
			rt.Interrupt(loops.ReasonMemory)
			return
		}
		select {
		case <-done:
			return
		case <-deadline.C:
			if more := left(); more > 0 {
				deadline.Reset(more)
				continue
			}
			rt.Interrupt(loops.ReasonTime)
			return
		case <-look.C:
		}
	}
}

// timeLeft gives a function that says how long the step which begins now may go on at least.
func (e *Engine) timeLeft() func() time.Duration {
	if e.used == nil {
		return func() time.Duration { return 0 }
	}
	began, used := time.Now(), e.used()
	return func() time.Duration {
		return min(e.limits.Step-(e.used()-used), loops.Patience*e.limits.Step-time.Since(began))
	}
}

func refuse(reason loops.Reason, format string, args ...any) *loops.Refusal {
	return &loops.Refusal{Reason: reason, Detail: fmt.Sprintf(format, args...)}
}

// overrun is the error of a script that was stopped, where fault is one. goja panics with it where a script's getter is
// called by our own code instead of by the script: it must end as any other overrun does, or the breaker never learns of it.
func overrun(fault any) error {
	switch stopped := fault.(type) {
	case *goja.InterruptedError:
		return stopped
	case *goja.StackOverflowError:
		return stopped
	}
	return nil
}

// faultOf judges a Go panic that came out of the interpreter. The ones we know of are sizes that no memory holds.
func faultOf(name string, fault any) *loops.Refusal {
	text := fmt.Sprint(fault)
	for _, word := range []string{"makeslice", "growslice", "out of range", "Repeat", "too large", "overflow"} {
		if strings.Contains(text, word) {
			return refuse(loops.ReasonMemory, "%s:1:1: the script asked for more memory than there is", name)
		}
	}
	return refuse(loops.ReasonContract, "%s:1:1: the script broke the interpreter: %.200s", name, text)
}

// failed turns an error out of the script into a refusal, or into the failure that the script could have caught.
func (m *machine) failed(err error) (*loops.Action, error) {
	var refused *loops.Refusal
	if errors.As(err, &refused) {
		return nil, refused
	}
	var unreadable *unreadableAnswer
	if errors.As(err, &unreadable) {
		return &loops.Action{Failure: &loops.Failure{
			Key:    loops.BadAnswer,
			Params: map[string]string{"detail": unreadable.what},
		}}, nil
	}
	var stopped *goja.InterruptedError
	if errors.As(err, &stopped) {
		if stopped.Value() == (loginWanted{}) {
			return &loops.Action{Login: true}, nil
		}
		return nil, m.interrupted(stopped)
	}
	var deep *goja.StackOverflowError
	if errors.As(err, &deep) {
		return nil, refuse(loops.ReasonMemory, "%s: calls are nested deeper than %d", m.place(deep.Stack()), m.limits.Stack)
	}
	var thrown *goja.Exception
	if errors.As(err, &thrown) {
		text, stopped := m.describe(thrown.Value())
		if stopped != nil {
			return m.failed(stopped)
		}
		return nil, refuse(loops.ReasonContract, "%s: %s", m.place(thrown.Stack()), text)
	}
	return nil, refuse(loops.ReasonContract, "%s:1:1: %v", m.program.file, err)
}

func (m *machine) interrupted(err *goja.InterruptedError) *loops.Refusal {
	at := m.place(err.Stack())
	if err.Value() == loops.ReasonMemory {
		return refuse(loops.ReasonMemory, "%s: the script took more than %d MiB", at, m.limits.Memory>>20)
	}
	return refuse(loops.ReasonTime, "%s: the script ran longer than %v", at, m.limits.Step)
}

// place is the innermost position in the driver's own file.
func (m *machine) place(stack []goja.StackFrame) string {
	for _, frame := range stack {
		if p := frame.Position(); p.Filename == m.program.file && p.Line > 0 {
			return m.program.at(p)
		}
	}
	return m.program.file + ":1:1"
}

// whole is a text in the middle of a detail, or how long it is. A secret that is cut there, in base64 say, would not be known
// and masked any more; at a detail's end it is.
func whole(text string, most int) string {
	if len(text) > most {
		return fmt.Sprintf("a text of %d characters", len(text))
	}
	return text
}

// describe says what was thrown. Of the script's code only an Error's own getters can run once more, see errorText.
func (m *machine) describe(thrown goja.Value) (text string, stopped error) {
	object, ok := thrown.(*goja.Object)
	if !ok {
		return fmt.Sprintf("the script threw %s, which is not an Error", whole(strconv.Quote(m.hide(fmt.Sprint(thrown))), 200)), nil
	}
	if object.ClassName() != "Error" {
		return "the script threw an object that is not an Error", nil
	}
	text, stopped = errorText(object)
	return fmt.Sprintf("%.400s", m.hide(hinted(text))), stopped
}
