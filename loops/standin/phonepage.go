package standin

import (
	"bytes"
	"net/http"
)

// onPage is how many calls and messages the page shows.
const onPage = 20

// shown is a call or a message as the page shows it.
type shown struct {
	Channel    string // empty: a call
	Head, Tail string // the number that calls, its last digits apart
	To         string
	Time       string
	Ringing    bool
	Text       string
}

func (p *Phone) show(w http.ResponseWriter, r *http.Request) {
	to := wanted(r)
	if !ValidNumber(to) {
		to = ""
	}
	view := struct {
		To      string
		Numbers []string
		Calls   []shown
	}{To: to, Numbers: p.book.numbers(), Calls: p.shown(to)}
	var page bytes.Buffer
	if err := p.page.Execute(&page, view); err != nil {
		http.Error(w, "the page can't be made", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(page.Bytes())
}

// shown gives what the phone has shown, newest first.
func (p *Phone) shown(to string) []shown {
	var out []shown
	for _, c := range p.book.To(to) {
		if c.State == StatePending || c.State == StateFailed {
			continue
		}
		s := shown{Channel: c.Channel, To: c.To, Time: c.At.Format("15:04:05"), Ringing: c.State == StateRinging && c.Channel != ChannelSMS, Text: c.Text}
		if cut := max(len(c.From)-p.o.CodeLength, 0); c.Channel == "" {
			s.Head, s.Tail = c.From[:cut], c.From[cut:]
		}
		if out = append(out, s); len(out) == onPage {
			break
		}
	}
	return out
}

func (p *Phone) asset(name string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { http.ServeFileFS(w, r, assets, name) }
}
