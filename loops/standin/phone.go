package standin

import (
	"crypto/rand"
	"crypto/subtle"
	"embed"
	"encoding/json"
	"errors"
	"html/template"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"
)

//go:embed assets
var assets embed.FS

// maxBody bounds what a stand-in reads of a request.
const maxBody = 16 << 10

// pendingFor is how long a call that was ordered with "pending" stays so.
const pendingFor = 2 * time.Second

// PhoneOptions are what a virtual phone needs.
type PhoneOptions struct {
	Token      string           // what a driver must send as "Authorization: Bearer TOKEN", and the key of callbacks; required
	CodeLength int              // how many last digits are drawn anew for each call, and made bold on the page, 3 to 8; zero: 4
	Now        func() time.Time // zero: time.Now
	Rand       io.Reader        // zero: crypto/rand
	// Pending is how long a call that was ordered with "pending" stays so by itself; zero: 2 s; below zero: until SetState, or POST
	// /calls/ID/state, says otherwise.
	Pending time.Duration
	Cost    string         // what the phone says that each order costs, like "0.40"; empty: it says nothing
	Send    func(Callback) // sends a callback; it must not wait for it. Nil: none are sent
	// After runs f after d, for callbacks; zero: time.AfterFunc.
	After func(d time.Duration, f func())
}

func (o PhoneOptions) withDefaults() PhoneOptions {
	if o.CodeLength <= 0 {
		o.CodeLength = 4
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Rand == nil {
		o.Rand = rand.Reader
	}
	if o.Pending == 0 {
		o.Pending = pendingFor
	}
	if o.After == nil {
		o.After = func(d time.Duration, f func()) { time.AfterFunc(d, f) }
	}
	return o
}

// Phone is the virtual phone, an http.Handler. For drivers, all with the token:
//
//	POST /calls              {"to","code"?,"reference"?} -> 201 {"id","from","to","at","state"}: rings at once
//	                         "code_length": of the code that it draws, 3 to 8
//	                         "tell": "caller" tells the number that calls, as "from"; "code" its last digits alone, and "nothing"
//	                         neither: then "code" or nothing, and "prefix", the digits before
//	                         "pending": true takes the order alone -> 202; "callback": the address to tell how it goes on
//	GET  /calls/ID           {"id","to","at","state","error"?}, and from, code or prefix as was ordered
//	GET  /calls?to=7999..    all that was ordered for a number, pending ones too
//	POST /calls/ID/check     {"code"} -> {"valid","reason"?}: wrong, expired after 5 minutes, locked after 5 wrong ones
//	POST /calls/ID/report    {"verified"} -> 204
//	POST /calls/ID/state     {"state","error"?} -> 204: has a pending call ring or fail, and a ringing one end, now
//	POST /messages           {"to","text","reference"?} -> 201 {"id","to","at","state"}
//	POST /voice              the same: rings, and reads the text out
//	POST /faults             {"fault","times"} -> 204
//
// For whoever looks at it:
//
//	GET  /api/calls?to=7999..     the calls to a number that rang, newest first
//	GET  /api/messages?to=7999..  what was written and spoken to it, newest first
//	GET  /api/reports?to=7999..   what was reported, newest first
//	GET  /?to=7999..              the phone, for a person
//
// A call is "pending", "ringing", "ended" or "failed". A callback is a POST of {"id","reference","to","state","error"?} as JSON,
// with the time in X-Phone-Time (seconds since 1970) and in X-Phone-Signature the HMAC-SHA256 under the token, in hex, of that
// time, "." and the body's bytes.
type Phone struct {
	*Player
	o    PhoneOptions
	book *Book
	page *template.Template
	mux  *http.ServeMux

	mu      sync.Mutex
	reports []Report // oldest first
}

// NewPhone makes a virtual phone. It fails without a token.
func NewPhone(o PhoneOptions) (*Phone, error) {
	if o.Token == "" {
		return nil, errors.New("standin: the virtual phone needs a token")
	}
	o = o.withDefaults()
	page, err := template.ParseFS(assets, "assets/phone.html")
	if err != nil {
		return nil, err
	}
	p := &Phone{Player: NewPlayer(ableToOrder(true)...), o: o, page: page, mux: http.NewServeMux(),
		book: NewBook(BookOptions{Now: o.Now, Rand: o.Rand, Random: o.CodeLength})}
	for pattern, handler := range map[string]http.HandlerFunc{
		"POST /calls": p.call, "GET /calls": p.listOrders, "GET /calls/{id}": p.tellCall, "POST /calls/{id}/check": p.check,
		"POST /calls/{id}/report": p.report, "POST /calls/{id}/state": p.steer,
		"POST /messages": p.say(ChannelSMS), "POST /voice": p.say(ChannelVoice), "POST /faults": p.setFault,
	} {
		p.mux.HandleFunc(pattern, p.withToken(handler))
	}
	p.mux.HandleFunc("GET /api/calls", p.listCalls)
	p.mux.HandleFunc("GET /api/messages", p.listMessages)
	p.mux.HandleFunc("GET /api/reports", p.listReports)
	p.mux.HandleFunc("GET /{$}", p.show)
	p.mux.HandleFunc("GET /phone.css", p.asset("assets/phone.css"))
	p.mux.HandleFunc("GET /phone.js", p.asset("assets/phone.js"))
	p.mux.HandleFunc("GET /phone.svg", p.asset("assets/phone.svg"))
	return p, nil
}

// ServeHTTP answers drivers and people.
func (p *Phone) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; "+
		"form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	p.mux.ServeHTTP(w, r)
}

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

// wanted is the number that a list is wanted for, as digits; empty: all.
func wanted(r *http.Request) string {
	return digitsOf(strings.TrimSpace(r.URL.Query().Get("to")))
}

// digitsOf is a number as drivers may send it, without "+".
func digitsOf(number string) string { return strings.TrimPrefix(number, "+") }

func readJSON(w http.ResponseWriter, r *http.Request, out any) bool {
	return json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody)).Decode(out) == nil
}

func writeJSON(w http.ResponseWriter, status int, value any) { garbled(w, "", status, value) }

// garbled answers what a fault leaves of value.
func garbled(w http.ResponseWriter, fault Fault, status int, value any) {
	text, _ := json.Marshal(value) // texts, times and numbers: it can always be written
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, fault.Garble(string(text))+"\n") // the caller is gone, and nobody else is there to tell
}

func refuse(w http.ResponseWriter, status int, word string) {
	writeJSON(w, status, map[string]string{"error": word})
}
