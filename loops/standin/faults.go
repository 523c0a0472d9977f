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

// Faults that only a call can have which the virtual phone was ordered to keep pending.
const (
	FaultStays       Fault = "stays_pending" // it stays so until it is told to ring
	FaultUnreachable Fault = "unreachable"   // it fails, since the phone can't be reached
	FaultBlocked     Fault = "blocked"       // it fails, since the number is on a stop-list
)

// Faults gives the faults that any call of the virtual phone can have.
func Faults() []Fault { return append(Common(), FaultNoCaller, FaultShort) }

// Common gives the faults that any provider may have, whatever its answers look like. Fault.Answer plays them.
func Common() []Fault {
	return []Fault{FaultError, FaultHang, FaultClose, FaultHuge, FaultHTML, FaultRedirect, FaultRateLimit}
}

// Player holds what is to go wrong next. It serves many goroutines.
type Player struct {
	known []Fault

	mu    sync.Mutex
	fault Fault
	times int
}

// NewPlayer makes a Player of these faults.
func NewPlayer(known ...Fault) *Player { return &Player{known: known} }

// Faults gives what can be played.
func (p *Player) Faults() []Fault { return slices.Clone(p.known) }

// Play makes the next requests fail; times 0 ends it. It fails when there is no such fault.
func (p *Player) Play(fault Fault, times int) error {
	if times > 0 && !slices.Contains(p.known, fault) {
		return fmt.Errorf("standin: there is no fault %q", fault)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fault, p.times = fault, max(times, 0)
	return nil
}

// Next gives the fault to play now, if it is one of these, and counts it; else it is empty.
func (p *Player) Next(able ...Fault) Fault {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.times == 0 || !slices.Contains(able, p.fault) {
		return ""
	}
	p.times--
	return p.fault
}

// Answer plays a fault that is an answer of its own, one of Common, and reports whether it did.
func (f Fault) Answer(w http.ResponseWriter, r *http.Request) bool {
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
	if connection, _, err := http.NewResponseController(w).Hijack(); err == nil {
		_ = connection.Close()
	}
}

// Spoil changes the number that a provider tells, for the faults that are about it.
func (f Fault) Spoil(number string) string {
	switch f {
	case FaultNoCaller:
		return ""
	case FaultShort:
		return number[len(number)-2:]
	}
	return number
}
