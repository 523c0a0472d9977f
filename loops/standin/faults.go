package standin

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// Fault is something that goes wrong at a provider.
type Fault string

// The faults that a stand-in can play.
const (
	FaultError     Fault = "error"      // answers 500
	FaultHang      Fault = "hang"       // never answers
	FaultClose     Fault = "close"      // closes the connection without an answer
	FaultHuge      Fault = "huge"       // answers 10 MB
	FaultHTML      Fault = "html"       // answers 200 with a web page
	FaultRedirect  Fault = "redirect"   // answers 302 to another host
	FaultRateLimit Fault = "rate_limit" // answers 429 with Retry-After
	FaultNoCaller  Fault = "no_caller"  // answers as usual, but without a number
	FaultShort     Fault = "short"      // the number that it tells has two digits
)

// Faults gives all faults.
func Faults() []Fault {
	return []Fault{FaultError, FaultHang, FaultClose, FaultHuge, FaultHTML, FaultRedirect, FaultRateLimit, FaultNoCaller, FaultShort}
}

// faults holds what is to be played next.
type faults struct {
	mu    sync.Mutex
	fault Fault
	times int
}

// Play makes the next requests fail; times 0 ends it.
func (f *faults) Play(fault Fault, times int) error {
	if times > 0 && !slices.Contains(Faults(), fault) {
		return fmt.Errorf("standin: there is no fault %q", fault)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.fault, f.times = fault, max(times, 0)
	return nil
}

func (f *faults) next() Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.times == 0 {
		return ""
	}
	f.times--
	return f.fault
}

// answer plays a fault that is an answer of its own, and reports whether it did.
func (f Fault) answer(w http.ResponseWriter, r *http.Request) bool {
	switch f {
	case FaultError:
		http.Error(w, "out of order", http.StatusInternalServerError)
	case FaultHang:
		_, _ = io.Copy(io.Discard, io.LimitReader(r.Body, maxBody)) // the server sees a caller leave only once the body is read
		<-r.Context().Done()                                        // until the caller gives up
	case FaultClose:
		hangUp(w)
	case FaultHuge:
		chunk := []byte(strings.Repeat("x", 1<<20))
		for range 10 {
			_, _ = w.Write(chunk)
		}
	case FaultHTML:
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte("<!doctype html><title>It works</title>"))
	case FaultRedirect:
		http.Redirect(w, r, "https://elsewhere.example/", http.StatusFound)
	case FaultRateLimit:
		w.Header().Set("Retry-After", "30")
		http.Error(w, "too many calls", http.StatusTooManyRequests)
	default:
		return false
	}
	return true
}

func hangUp(w http.ResponseWriter) {
	hijacker, ok := w.(http.Hijacker)
	if !ok {
		return
	}
	if connection, _, err := hijacker.Hijack(); err == nil {
		_ = connection.Close()
	}
}

// spoil changes the number that a provider tells, for the faults that are about it.
func (f Fault) spoil(number string) string {
	switch f {
	case FaultNoCaller:
		return ""
	case FaultShort:
		return number[len(number)-2:]
	}
	return number
}
