package faults

import (
	"context"
	"math/rand/v2"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/loops/standin"
)

// moods are what a telephone provider does while it is out of order.
func (p *phone) moods() map[string]func(http.ResponseWriter, *http.Request) bool {
	var turn atomic.Int64
	return map[string]func(http.ResponseWriter, *http.Request) bool{
		"down":     standin.FaultClose.Answer,
		"failing":  standin.FaultError.Answer,
		"babbling": standin.FaultHTML.Answer,
		"slow": func(w http.ResponseWriter, r *http.Request) bool {
			<-time.After(2 * time.Second)
			return false
		},
		"flapping": func(w http.ResponseWriter, r *http.Request) bool {
			return turn.Add(1)%2 == 0 && standin.FaultError.Answer(w, r)
		},
		"ringing, and hanging up before it says so": func(w http.ResponseWriter, r *http.Request) bool {
			p.place(nowhere{}, r, nil)
			return standin.FaultClose.Answer(w, r)
		},
	}
}

// nowhere is an answer that never arrives.
type nowhere struct{}

func (nowhere) Header() http.Header         { return http.Header{} }
func (nowhere) Write(b []byte) (int, error) { return len(b), nil }
func (nowhere) WriteHeader(int)             {}

// TestProviderOutOfOrder: while the provider is down nobody is called twice for one
// request, and afterwards people sign in again.
func TestProviderOutOfOrder(t *testing.T) {
	needsFaults(t)
	w := newWorld(t, setup{people: 12})
	w.run(t)
	end := w.crowd(context.Background())
	for range runs(3) {
		for mood, behave := range w.phone.moods() {
			w.phone.set(behave)
			<-time.After(2*time.Second + rand.N(time.Second))
			w.phone.set(nil)
			w.faults.count("times that the provider was " + mood)
			w.comesBack(t)
		}
	}
	end()
	w.invariants(t)
}
