package standin

import (
	"net/http"
	"slices"
	"time"
	"unicode/utf8"
)

// Channels of what the virtual phone gets beside calls.
const (
	ChannelSMS   = "sms"
	ChannelVoice = "voice"
)

// maxText is how many characters a message may have: ten parts of an SMS in any alphabet (3GPP TS 23.040: 67 in each).
const maxText = 670

// Message is what was written or spoken to a number.
type Message struct {
	ID      string    `json:"id"`
	Channel string    `json:"channel"`        // ChannelSMS or ChannelVoice
	From    string    `json:"from,omitempty"` // of a spoken one: the number that called
	To      string    `json:"to"`             // digits with the country code, without "+"
	At      time.Time `json:"at"`
	Text    string    `json:"text"`
}

// Report is what the phone was told about how a login went.
type Report struct {
	ID       string    `json:"id"` // of the call
	To       string    `json:"to"` // digits with the country code, without "+"
	At       time.Time `json:"at"`
	Verified bool      `json:"verified"`
}

// Fates of a call that was reported.
const (
	fateVerified = "verified"
	fateWrong    = "not verified"
)

// Orders gives all that was ordered for a number (digits), newest first, messages and calls that don't ring yet among it.
func (p *Phone) Orders(to string) []Call { return p.book.To(to) }

// Calls gives the calls to a number (digits) that rang, newest first.
func (p *Phone) Calls(to string) []Call {
	return slices.DeleteFunc(p.book.To(to), func(c Call) bool {
		return c.Channel != "" || c.State == StatePending || c.State == StateFailed
	})
}

// Messages gives what was written and spoken to a number (digits), newest first.
func (p *Phone) Messages(to string) []Message {
	out := []Message{}
	for _, c := range p.book.To(to) {
		if c.Channel != "" {
			out = append(out, messageOf(c))
		}
	}
	return out
}

func messageOf(c Call) Message {
	m := Message{ID: c.ID, Channel: c.Channel, To: c.To, At: c.At, Text: c.Text}
	if c.Channel == ChannelVoice {
		m.From = c.From
	}
	return m
}

// Reports gives what was reported about calls to a number (digits), newest first; all where it is empty.
func (p *Phone) Reports(to string) []Report {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := []Report{}
	for _, r := range slices.Backward(p.reports) {
		if to == "" || r.To == to {
			out = append(out, r)
		}
	}
	return out
}

// say takes what is to be written or spoken.
func (p *Phone) say(channel string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var ask struct {
			To        string `json:"to"`
			Text      string `json:"text"`
			Reference string `json:"reference"`
		}
		if !readJSON(w, r, &ask) {
			refuse(w, http.StatusBadRequest, "not_json")
			return
		}
		fault := p.Next(append(Common(), Garbage()...)...)
		if fault.Answer(w, r) {
			return
		}
		switch {
		case !ValidNumber(digitsOf(ask.To)):
			refuse(w, http.StatusBadRequest, "invalid_number")
			return
		case ask.Text == "" || utf8.RuneCountInString(ask.Text) > maxText || len(ask.Reference) > maxReference:
			refuse(w, http.StatusBadRequest, "invalid_order")
			return
		}
		said, _, err := p.book.Place(Order{To: digitsOf(ask.To), Text: ask.Text, Reference: ask.Reference, Channel: channel, Tell: tellNothing})
		if err != nil {
			refuse(w, http.StatusInternalServerError, "internal")
			return
		}
		garbled(w, fault, http.StatusCreated, toldCall{ID: said.ID, To: said.To, At: said.At, State: said.State, Cost: p.o.Cost})
	}
}

func (p *Phone) report(w http.ResponseWriter, r *http.Request) {
	var ask struct {
		Verified bool `json:"verified"`
	}
	call, _, ok := p.ordered(w, r, &ask)
	if !ok {
		return
	}
	if call.State != StateFailed { // else its fate says why
		fate := fateWrong
		if ask.Verified {
			fate = fateVerified
		}
		p.book.SetFate(call.ID, fate)
	}
	p.note(Report{ID: call.ID, To: call.To, At: p.o.Now().UTC(), Verified: ask.Verified})
	w.WriteHeader(http.StatusNoContent)
}

func (p *Phone) note(r Report) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.reports = append(p.reports, r); len(p.reports) > kept {
		p.reports = slices.Clone(p.reports[1:])
	}
}

func (p *Phone) listOrders(w http.ResponseWriter, r *http.Request) {
	out := []toldCall{}
	for _, c := range p.Orders(wanted(r)) {
		if c.Channel == "" {
			out = append(out, p.told(c, ""))
		}
	}
	writeJSON(w, http.StatusOK, out)
}

// listCalls has the keys that tests from outside rely on, and no others.
func (p *Phone) listCalls(w http.ResponseWriter, r *http.Request) {
	out := p.Calls(wanted(r))
	for i := range out {
		out[i].Fate = ""
	}
	writeJSON(w, http.StatusOK, out)
}

func (p *Phone) listMessages(w http.ResponseWriter, r *http.Request) {
	writeJSON(w, http.StatusOK, p.Messages(wanted(r)))
}

func (p *Phone) listReports(w http.ResponseWriter, r *http.Request) {
	writeJSON(w, http.StatusOK, p.Reports(wanted(r)))
}
