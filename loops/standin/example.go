package standin

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"regexp"
	"strings"
	"time"
)

// ExampleOptions are what the stand-in of provider X needs.
type ExampleOptions struct {
	Token string           // what a driver must send in the header Token; required
	Now   func() time.Time // zero: time.Now
	Rand  io.Reader        // zero: crypto/rand
}

// Example plays "provider X" of Blitz's example: POST /call with the header Token and {"id","dst_number"}, where the number has
// exactly ten digits; it answers 200 with {"SenderID"}, the number that calls.
type Example struct {
	*Player
	token []byte
	book  *Book
}

var tenDigits = regexp.MustCompile(`^[0-9]{10}$`)

// NewExample makes the stand-in. It fails without a token.
func NewExample(o ExampleOptions) (*Example, error) {
	if o.Token == "" {
		return nil, errors.New("standin: the example needs a token")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Rand == nil {
		o.Rand = rand.Reader
	}
	return &Example{Player: NewPlayer(Faults()...), token: []byte(o.Token), book: NewBook(BookOptions{Now: o.Now, Rand: o.Rand})}, nil
}

// Calls gives the calls to a number of ten digits, newest first.
func (e *Example) Calls(to string) []Call { return e.book.To(to) }

// ServeHTTP answers drivers.
func (e *Example) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	fault := e.Next(e.known...)
	if fault.Answer(w, r) {
		return
	}
	var ask struct {
		ID     string `json:"id"`
		Number string `json:"dst_number"`
	}
	strict := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	strict.DisallowUnknownFields()
	switch {
	case r.URL.Path != "/call":
		refuse(w, http.StatusNotFound, "no_such_path")
	case r.Method != http.MethodPost:
		refuse(w, http.StatusMethodNotAllowed, "post_only")
	case subtle.ConstantTimeCompare([]byte(r.Header.Get("Token")), e.token) != 1:
		refuse(w, http.StatusUnauthorized, "wrong_token")
	case !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json"):
		refuse(w, http.StatusUnsupportedMediaType, "json_only")
	case strict.Decode(&ask) != nil || ask.ID == "" || !tenDigits.MatchString(ask.Number):
		refuse(w, http.StatusBadRequest, "wrong_number")
	default:
		e.call(w, fault, ask.Number)
	}
}

func (e *Example) call(w http.ResponseWriter, fault Fault, number string) {
	call, _, err := e.book.Place(Order{To: number})
	if err != nil {
		refuse(w, http.StatusInternalServerError, "internal")
		return
	}
	answer := map[string]string{}
	if sender := fault.Spoil(call.From); sender != "" {
		answer["SenderID"] = sender
	}
	writeJSON(w, http.StatusOK, answer)
}
