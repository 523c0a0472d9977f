package standin

import (
	"bytes"
	"crypto/rand"
	"crypto/subtle"
	"embed"
	"encoding/json"
	"errors"
	"html/template"
	"io"
	"net/http"
	"strings"
	"time"
)

//go:embed assets
var assets embed.FS

// maxBody bounds what a stand-in reads of a request.
const maxBody = 16 << 10

// PhoneOptions are what a virtual phone needs.
type PhoneOptions struct {
	Token      string           // what a driver must send as "Authorization: Bearer TOKEN"; required
	CodeLength int              // how many last digits are drawn anew for each call, and made bold on the page, 3 to 8; zero: 4
	Now        func() time.Time // zero: time.Now
	Rand       io.Reader        // zero: crypto/rand
}

// Phone is the virtual phone, an http.Handler:
//
//	POST /calls              {"to","code"?,"reference"?} -> 201 {"id","from","to","at","state"}; needs the token
//	POST /faults             {"fault","times"} -> 204; needs the token
//	GET  /api/calls?to=7999..  -> the calls to a number, newest first
//	GET  /?to=7999..         the phone, for a person
type Phone struct {
	*Player
	o    PhoneOptions
	book *Book
	page *template.Template
	mux  *http.ServeMux
}

// NewPhone makes a virtual phone. It fails without a token.
func NewPhone(o PhoneOptions) (*Phone, error) {
	if o.Token == "" {
		return nil, errors.New("standin: the virtual phone needs a token")
	}
	if o.CodeLength <= 0 {
		o.CodeLength = 4
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Rand == nil {
		o.Rand = rand.Reader
	}
	page, err := template.ParseFS(assets, "assets/phone.html")
	if err != nil {
		return nil, err
	}
	p := &Phone{Player: NewPlayer(Faults()...), o: o, book: NewBook(BookOptions{Now: o.Now, Rand: o.Rand, Random: o.CodeLength}), page: page, mux: http.NewServeMux()}
	p.mux.HandleFunc("POST /calls", p.withToken(p.call))
	p.mux.HandleFunc("POST /faults", p.withToken(p.setFault))
	p.mux.HandleFunc("GET /api/calls", p.list)
	p.mux.HandleFunc("GET /{$}", p.show)
	p.mux.HandleFunc("GET /phone.css", p.asset("assets/phone.css"))
	p.mux.HandleFunc("GET /phone.js", p.asset("assets/phone.js"))
	return p, nil
}

// ServeHTTP answers drivers and people.
func (p *Phone) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "+
		"form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	p.mux.ServeHTTP(w, r)
}

// Calls gives the calls to a number (digits), newest first.
func (p *Phone) Calls(to string) []Call { return p.book.To(to) }

func (p *Phone) withToken(next http.HandlerFunc) http.HandlerFunc {
	want := []byte("Bearer " + p.o.Token)
	return func(w http.ResponseWriter, r *http.Request) {
		if subtle.ConstantTimeCompare([]byte(r.Header.Get("Authorization")), want) != 1 {
			refuse(w, http.StatusUnauthorized, "unauthorized")
			return
		}
		next(w, r)
	}
}

func (p *Phone) call(w http.ResponseWriter, r *http.Request) {
	var ask struct {
		To        string `json:"to"`
		Code      string `json:"code"`
		Reference string `json:"reference"`
	}
	fault := p.Next(p.known...)
	switch {
	case !readJSON(w, r, &ask):
		refuse(w, http.StatusBadRequest, "not_json")
		return
	case fault.Answer(w, r):
		return
	}
	to := strings.TrimPrefix(ask.To, "+")
	if !ValidNumber(to) || (ask.Code != "" && !codeForm.MatchString(ask.Code)) || len(ask.Reference) > 200 {
		refuse(w, http.StatusBadRequest, "invalid_number")
		return
	}
	call, _, err := p.book.Place(Order{To: to, Code: ask.Code, Reference: ask.Reference})
	if err != nil {
		refuse(w, http.StatusInternalServerError, "internal")
		return
	}
	call.From = fault.Spoil(call.From)
	writeJSON(w, http.StatusCreated, call)
}

func (p *Phone) setFault(w http.ResponseWriter, r *http.Request) {
	var ask struct {
		Fault Fault `json:"fault"`
		Times int   `json:"times"`
	}
	if !readJSON(w, r, &ask) || p.Play(ask.Fault, ask.Times) != nil {
		refuse(w, http.StatusBadRequest, "no_such_fault")
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func (p *Phone) list(w http.ResponseWriter, r *http.Request) {
	writeJSON(w, http.StatusOK, p.book.To(strings.TrimPrefix(strings.TrimSpace(r.URL.Query().Get("to")), "+")))
}

// shown is a call as the page shows it.
type shown struct {
	Head, Tail string // the number that calls, its last digits apart
	To         string
	Time       string
	Ringing    bool
}

func (p *Phone) show(w http.ResponseWriter, r *http.Request) {
	to := strings.TrimPrefix(strings.TrimSpace(r.URL.Query().Get("to")), "+")
	if !ValidNumber(to) {
		to = ""
	}
	view := struct {
		To      string
		Numbers []string
		Calls   []shown
	}{To: to, Numbers: p.book.numbers()}
	for _, c := range p.book.To(to) {
		cut := len(c.From) - p.o.CodeLength
		view.Calls = append(view.Calls, shown{
			Head: c.From[:max(cut, 0)], Tail: c.From[max(cut, 0):], To: c.To, Time: c.At.Format("15:04:05"), Ringing: c.State == "ringing",
		})
		if len(view.Calls) == 20 {
			break
		}
	}
	var page bytes.Buffer
	if err := p.page.Execute(&page, view); err != nil {
		http.Error(w, "the page can't be made", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(page.Bytes())
}

func (p *Phone) asset(name string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { http.ServeFileFS(w, r, assets, name) }
}

func readJSON(w http.ResponseWriter, r *http.Request, out any) bool {
	return json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody)).Decode(out) == nil
}

func writeJSON(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(value) // the caller is gone, and nobody else is there to tell
}

func refuse(w http.ResponseWriter, status int, word string) {
	writeJSON(w, status, map[string]string{"error": word})
}
