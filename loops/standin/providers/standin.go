package providers

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"

	"github.com/ringtail-id/ringtail/loops/standin"
)

// maxBody bounds what a stand-in reads of a request.
const maxBody = 64 << 10

// Options are what a stand-in needs. The zero value will do.
type Options struct {
	Secrets    map[string]string // in place of the ready-made ones
	Now        func() time.Time  // zero: time.Now
	Rand       io.Reader         // zero: crypto/rand
	CodeLength int               // how many digits a code of the provider's own has; zero: what the provider does
	// Send sends a callback; it must not wait for it. Nil: none are sent, and Callback gives them.
	Send func(standin.Callback)
}

// Standin plays one provider, over HTTP. It serves many goroutines.
type Standin struct {
	*standin.Player
	p   *provider
	mux *http.ServeMux
}

// provider is what the answers of a stand-in rest on. It is never changed once made.
type provider struct {
	name string
	definition
	book *standin.Book
	now  func() time.Time
	send func(standin.Callback)
	memo *memo
}

func newStandin(name string, d definition, o Options) *Standin {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.CodeLength > 0 {
		d.random = o.CodeLength
	}
	book := standin.NewBook(standin.BookOptions{Now: o.Now, Rand: o.Rand, Random: d.random, ID: d.id})
	p := &provider{name: name, definition: d, book: book, now: o.Now, send: o.Send, memo: newMemo()}
	common := append(standin.Common(), standin.Garbage()...)
	known := slices.Clone(common)
	for _, r := range d.routes {
		known = append(known, r.plays...)
	}
	slices.Sort(known[len(common):])
	s := &Standin{Player: standin.NewPlayer(slices.Compact(known)...), p: p, mux: http.NewServeMux()}
	for _, r := range d.routes {
		able := append(slices.Clone(common), r.plays...)
		s.mux.HandleFunc(r.pattern, func(w http.ResponseWriter, request *http.Request) { s.serve(w, request, able, r.answer) })
	}
	s.control()
	return s
}

// ServeHTTP answers drivers, and whoever controls the stand-in.
func (s *Standin) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// Name is the provider's, which is its driver's too.
func (s *Standin) Name() string { return s.p.name }

// Calls gives the calls to a number (digits with the country code), newest first; all calls where it is empty.
func (s *Standin) Calls(to string) []standin.Call { return s.p.book.To(to) }

// Callback gives the request by which the provider would tell its caller about an event of a call, signed as the
// provider signs. It fails where there is no such call, or where the provider has no such event or calls nobody back.
func (s *Standin) Callback(id, event string) (standin.Callback, error) {
	call, ok := s.p.book.Find(id)
	if !ok {
		return standin.Callback{}, fmt.Errorf("there is no call %q", id)
	}
	if s.p.callback == nil {
		return standin.Callback{}, fmt.Errorf("%s calls nobody back", s.p.name)
	}
	return s.p.callback(s.p, call, event)
}

// serve reads a request, plays what is to be played and else lets the provider answer.
func (s *Standin) serve(w http.ResponseWriter, r *http.Request, able []standin.Fault, answer func(*ask)) {
	fault := s.Next(able...)
	if fault.Answer(w, r) {
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		http.Error(w, "the request is too long", http.StatusRequestEntityTooLarge)
		return
	}
	answer(&ask{provider: s.p, w: w, r: r, body: body, fault: fault})
}
