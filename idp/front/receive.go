package front

import (
	"bytes"
	"io"
	"net/http"
	"time"
)

const (
	// received is how much of a body is read before its request waits for its turn; few
	// requests have more.
	received = 64 << 10
	// receiveWithin is how long that may take.
	receiveWithin = 10 * time.Second
)

// receive reads the body, or its beginning. What went wrong is met by who reads it
// later.
func receive(w http.ResponseWriter, r *http.Request, now time.Time) {
	if r.Body == nil || r.Body == http.NoBody {
		return
	}
	connection := http.NewResponseController(w)
	_ = connection.SetReadDeadline(now.Add(receiveWithin)) // not where a test records answers
	var text bytes.Buffer
	_, err := io.CopyN(&text, r.Body, received+1)
	if err == nil { // there is more, which the server's own time bounds
		r.Body = &body{Reader: io.MultiReader(&text, r.Body), Closer: r.Body}
		return
	}
	if err != io.EOF {
		r.Body = &body{Reader: io.MultiReader(&text, broken{err}), Closer: r.Body}
		return
	}
	// The deadline would end the context of a request that is being served.
	_ = connection.SetReadDeadline(time.Time{})
	r.Body = &body{Reader: &text, Closer: r.Body}
}

// body is what was received, then what is to come.
type body struct {
	io.Reader
	io.Closer
}

// broken is a body that ended too early.
type broken struct{ err error }

// Read implements io.Reader.
func (b broken) Read([]byte) (int, error) { return 0, b.err }
