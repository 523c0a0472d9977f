package emit

import (
	"slices"
	"strings"
	"time"
)

// Kinds of emitters.
const (
	KindLog     = "log"
	KindWebhook = "webhook"
)

// Settings say what is kept and where it goes.
type Settings struct {
	// Store says which of the recorded events are kept at all; what administrators do
	// is always.
	Store Filter
	// Keep is how long records are kept; 0 is for ever.
	Keep time.Duration
	// Emitters have names of their own.
	Emitters []Emitter
}

// Emitter is one way out.
type Emitter struct {
	// Name tells one from another; a receiver's position is kept under it.
	Name string
	Kind string
	Filter
	// Logger is the value of "logger" in the lines of KindLog.
	Logger string
	// URL and Secret are the webhook's.
	URL, Secret string
}

// Filter says which types of events pass: those of Include, or all where it is
// empty, without those of Exclude. A "*" at the end stands for any rest.
type Filter struct {
	Include, Exclude []string
}

// Takes says whether events of the type pass.
func (f Filter) Takes(kind string) bool {
	among := func(list []string) bool {
		return slices.ContainsFunc(list, func(pattern string) bool {
			start, open := strings.CutSuffix(pattern, "*")
			return pattern == kind || open && strings.HasPrefix(kind, start)
		})
	}
	return (len(f.Include) == 0 || among(f.Include)) && !among(f.Exclude)
}
