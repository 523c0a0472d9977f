package observe

import (
	"bufio"
	"context"
	"crypto/rand"
	"io"
	"net/http"
	"sync"

	"github.com/ringtail-id/ringtail/idp"
)

// HeaderRequestID is the header that every answer carries the request's id in.
const HeaderRequestID = "X-Request-Id"

// maxRequestID bounds an id that comes from outside, in characters.
const maxRequestID = 64

type requestIDKey struct{}

// drawnAhead is how many bytes of randomness are read at once: to ask the system takes longer than all else about an id.
const drawnAhead = 512

// ahead gives randomness that was read before. It is for ids, which are no secrets, and safe for concurrent use.
type ahead struct {
	mu   sync.Mutex
	from *bufio.Reader
}

// Read implements io.Reader.
func (a *ahead) Read(p []byte) (int, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return io.ReadFull(a.from, p)
}

// RequestIDs gives every request an id: that of its header where trusted says that
// who sent it may choose one and it has a form that can go anywhere, else a new one.
// A nil random is crypto/rand.
func RequestIDs(trusted func(*http.Request) bool, random io.Reader, next http.Handler) http.Handler {
	if random == nil {
		random = rand.Reader
	}
	drawn := &ahead{from: bufio.NewReaderSize(random, drawnAhead)}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := ""
		if sent := r.Header.Values(HeaderRequestID); len(sent) == 1 && usable(sent[0]) && trusted(r) {
			id = sent[0]
		}
		if id == "" {
			var err error
			if id, err = idp.NewID(drawn); err != nil {
				id = "unknown" // without randomness nothing else works either
			}
		}
		w.Header().Set(HeaderRequestID, id)
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), requestIDKey{}, id)))
	})
}

// RequestID is that of the context; empty where no request led here.
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}

// usable says whether the id may stand in logs, pages and headers as it is.
func usable(id string) bool {
	if id == "" || len(id) > maxRequestID {
		return false
	}
	for i := range len(id) {
		switch c := id[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '_', c == '.', c == ':':
		default:
			return false
		}
	}
	return true
}
