package standin

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Words of "tell": what the virtual phone tells of the number that calls.
const (
	tellCaller  = "caller"
	tellCode    = "code"
	tellNothing = "nothing"
)

// Bounds of a code that the virtual phone checks.
const (
	checkLife  = 5 * time.Minute
	checkTries = 5
)

// maxCallback bounds the address of a callback, and maxReference a reference.
const (
	maxCallback  = 500
	maxReference = 200
)

// ableToOrder are the faults that ordering a call can play.
func ableToOrder(pending bool) []Fault {
	able := append(Faults(), Garbage()...)
	if pending {
		able = append(able, FaultStays, FaultUnreachable, FaultBlocked)
	}
	return able
}

// callOrder is what POST /calls takes.
type callOrder struct {
	To         string `json:"to"`
	Code       string `json:"code"`
	CodeLength int    `json:"code_length"`
	Reference  string `json:"reference"`
	Tell       string `json:"tell"`
	Pending    bool   `json:"pending"`
	Callback   string `json:"callback"`
}

// fault is what is wrong with the order, in the phone's own word.
func (o callOrder) fault() string {
	_, callable := CallbackURL(o.Callback)
	known := slices.Contains([]string{"", tellCaller, tellCode, tellNothing}, o.Tell)
	length := o.CodeLength == 0 || (o.CodeLength >= 3 && o.CodeLength <= 8 && (o.Code == "" || len(o.Code) == o.CodeLength))
	switch {
	case !ValidNumber(digitsOf(o.To)):
		return "invalid_number"
	case !known, !length, !callable, o.Callback != "" && !o.Pending, len(o.Callback) > maxCallback,
		o.Code != "" && !codeForm.MatchString(o.Code), len(o.Reference) > maxReference:
		return "invalid_order"
	}
	return ""
}

func (p *Phone) call(w http.ResponseWriter, r *http.Request) {
	var ask callOrder
	if !readJSON(w, r, &ask) {
		refuse(w, http.StatusBadRequest, "not_json")
		return
	}
	fault := p.Next(ableToOrder(ask.Pending)...)
	if fault.Answer(w, r) {
		return
	}
	if word := ask.fault(); word != "" {
		refuse(w, http.StatusBadRequest, word)
		return
	}
	call, again, err := p.book.Place(p.orderOf(ask, fault))
	if err != nil {
		refuse(w, http.StatusInternalServerError, "internal")
		return
	}
	if ask.Pending && !again && fault != FaultStays {
		p.goOn(call, fault)
	}
	status := http.StatusCreated
	if ask.Pending {
		status = http.StatusAccepted
	}
	garbled(w, fault, status, p.told(call, fault))
}

func (p *Phone) orderOf(ask callOrder, fault Fault) Order {
	o := Order{To: digitsOf(ask.To), Code: ask.Code, Reference: ask.Reference, Callback: ask.Callback, Tell: ask.Tell, Digits: ask.CodeLength}
	if o.Digits == 0 {
		o.Digits = max(len(ask.Code), p.o.CodeLength)
	}
	if ask.Pending {
		o.Wait = p.o.Pending
		if ask.Callback != "" || fault == FaultStays || fault == FaultUnreachable || fault == FaultBlocked {
			o.Wait = -1 // the clock alone sends no callback, and has no call fail
		}
	}
	return o
}

// goOn has a pending call that nobody steers ring and end, or fail, when it is time, and tells whoever wants to be called back.
func (p *Phone) goOn(call Call, fault Fault) {
	failed := fault == FaultUnreachable || fault == FaultBlocked
	if p.o.Pending < 0 || (call.Callback == "" && !failed) {
		return
	}
	if failed {
		p.o.After(p.o.Pending, func() { _ = p.SetState(call.ID, StateFailed, string(fault)) })
		return
	}
	p.o.After(p.o.Pending, func() { _ = p.SetState(call.ID, StateRinging, "") })
	p.o.After(p.o.Pending+ringing, func() { _ = p.SetState(call.ID, StateEnded, "") })
}

// SetState has a pending call ring ("ringing") or fail ("failed") and a ringing one end ("ended"), now, and tells whoever wants to be
// called back. reason is of a call that failed: "unreachable", also where it is empty, or "blocked". It fails where there is no such
// call, or none that can be in that state next.
func (p *Phone) SetState(id, state, reason string) error {
	fate := ""
	if state == StateFailed {
		if fate = reason; fate == "" {
			fate = string(FaultUnreachable)
		}
		if fate != string(FaultUnreachable) && fate != string(FaultBlocked) {
			return errors.New("standin: a call fails because it is unreachable or blocked")
		}
	}
	if !p.book.SetState(id, state, fate) {
		return errors.New("standin: no such call, or none that can be " + state + " now")
	}
	p.notify(id, state)
	return nil
}

// toldCall is a call as the caller of the API is told about it.
type toldCall struct {
	ID     string    `json:"id"`
	From   string    `json:"from,omitempty"`
	Code   string    `json:"code,omitempty"`
	Prefix string    `json:"prefix,omitempty"`
	To     string    `json:"to"`
	At     time.Time `json:"at"`
	State  string    `json:"state"`
	Error  string    `json:"error,omitempty"`
	Cost   string    `json:"cost,omitempty"`
}

// told leaves out what wasn't ordered. A number that doesn't call yet is told to nobody.
func (p *Phone) told(c Call, fault Fault) toldCall {
	out := toldCall{ID: c.ID, To: c.To, At: c.At, State: c.State, Cost: p.o.Cost}
	cut := len(c.From) - c.Digits
	switch {
	case c.Tell == tellCode:
		out.Code, out.Prefix = fault.Spoil(c.From[cut:]), c.From[:cut]
	case c.Tell == tellNothing:
		out.Prefix = c.From[:cut]
	case c.State != StatePending && c.State != StateFailed:
		out.From = fault.Spoil(c.From)
	}
	if c.State == StateFailed {
		out.Error = c.Fate
	}
	return out
}

// ordered reads the call that a request is about and plays what is to be played. ok is false where it was answered already.
func (p *Phone) ordered(w http.ResponseWriter, r *http.Request, ask any) (call Call, fault Fault, ok bool) {
	if ask != nil && !readJSON(w, r, ask) {
		refuse(w, http.StatusBadRequest, "not_json")
		return Call{}, "", false
	}
	fault = p.Next(append(Common(), Garbage()...)...)
	if fault.Answer(w, r) {
		return Call{}, "", false
	}
	call, ok = p.book.Find(r.PathValue("id"))
	if ok = ok && call.Channel == ""; !ok {
		refuse(w, http.StatusNotFound, "no_such_call")
	}
	return call, fault, ok
}

func (p *Phone) tellCall(w http.ResponseWriter, r *http.Request) {
	if call, fault, ok := p.ordered(w, r, nil); ok {
		garbled(w, fault, http.StatusOK, p.told(call, fault))
	}
}

// check judges a code as a provider does that keeps its codes to itself. The whole number that calls is as good as its last digits.
// Nothing keeps a right code from being right again: that it is used once is the business of whoever asked.
func (p *Phone) check(w http.ResponseWriter, r *http.Request) {
	var ask struct {
		Code string `json:"code"`
	}
	call, fault, ok := p.ordered(w, r, &ask)
	if !ok {
		return
	}
	var verdict struct {
		Valid  bool   `json:"valid"`
		Reason string `json:"reason,omitempty"`
	}
	code := digitsOf(ask.Code)
	switch {
	case call.Tries >= checkTries:
		verdict.Reason = "locked"
	case call.Age(p.o.Now()) >= checkLife:
		verdict.Reason = "expired"
	case code != call.From && (len(code) != call.Digits || !strings.HasSuffix(call.From, code)):
		p.book.AddTry(call.ID)
		verdict.Reason = "wrong"
	default:
		verdict.Valid = true
	}
	garbled(w, fault, http.StatusOK, verdict)
}

func (p *Phone) steer(w http.ResponseWriter, r *http.Request) {
	var ask struct {
		State string `json:"state"`
		Error string `json:"error"`
	}
	if !readJSON(w, r, &ask) {
		refuse(w, http.StatusBadRequest, "not_json")
		return
	}
	if p.SetState(r.PathValue("id"), ask.State, ask.Error) != nil {
		refuse(w, http.StatusConflict, "no_such_state_now")
		return
	}
	w.WriteHeader(http.StatusNoContent)
}
