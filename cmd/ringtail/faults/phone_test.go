package faults

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"time"

	"github.com/ringtail-id/ringtail/loops/standin"
)

const phoneToken = "faults-phone-token"

// order is a call that was ordered, each time that it was.
type order struct {
	To, Reference, From string
	At                  time.Time
}

// phone is the telephone provider. The virtual phone answers a reference that
// comes twice with the first call; this one notes that it came twice.
type phone struct {
	inner http.Handler

	mu       sync.Mutex
	orders   []order
	behave   func(w http.ResponseWriter, r *http.Request) bool // true: it answered in the phone's place
	ordering func()                                            // told of each order before it is placed
	placed   func()                                            // and after, before the answer
}

func newPhone() (*phone, error) {
	inner, err := standin.NewPhone(standin.PhoneOptions{Token: phoneToken})
	return &phone{inner: inner}, err
}

// ServeHTTP answers drivers.
func (p *phone) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost || r.URL.Path != "/calls" {
		p.inner.ServeHTTP(w, r)
		return
	}
	p.mu.Lock()
	behave, ordering, placed := p.behave, p.ordering, p.placed
	p.mu.Unlock()
	if ordering != nil {
		ordering()
	}
	if behave != nil && behave(w, r) {
		return
	}
	p.place(w, r, placed)
}

// place has the phone ring and notes it.
func (p *phone) place(w http.ResponseWriter, r *http.Request, placed func()) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the node is gone: it ordered nothing
	}
	var ask struct{ To, Reference string }
	_ = json.Unmarshal(body, &ask)
	r.Body = io.NopCloser(bytes.NewReader(body))
	answer := httptest.NewRecorder()
	p.inner.ServeHTTP(answer, r)
	var call struct{ From string }
	_ = json.Unmarshal(answer.Body.Bytes(), &call)
	if answer.Code == http.StatusCreated {
		p.mu.Lock()
		p.orders = append(p.orders, order{To: ask.To, Reference: ask.Reference, From: call.From, At: time.Now()})
		p.mu.Unlock()
		if placed != nil {
			placed()
		}
	}
	w.Header().Set("Content-Type", answer.Header().Get("Content-Type"))
	w.WriteHeader(answer.Code)
	_, _ = w.Write(answer.Body.Bytes())
}

// to are the calls to a number, oldest first.
func (p *phone) to(number string) []order {
	p.mu.Lock()
	defer p.mu.Unlock()
	var list []order
	for _, o := range p.orders {
		if o.To == number || "+"+o.To == number {
			list = append(list, o)
		}
	}
	return list
}

func (p *phone) all() []order {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]order(nil), p.orders...)
}

// set has the phone behave otherwise, or again as usual where it is nil.
func (p *phone) set(behave func(http.ResponseWriter, *http.Request) bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.behave = behave
}

func (p *phone) watch(ordering, placed func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ordering, p.placed = ordering, placed
}
