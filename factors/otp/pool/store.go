package pool

import (
	"context"
	"maps"
	"slices"
	"sync"
)

// Seen is what a driver's window knows of one code and one number.
type Seen struct {
	Count int    // how often the code came before
	Last  string // the hash of the code that the number got last; empty where it got none
}

// Draw is a code that came, as it is stored. The hashes are of one driver alone:
// the same code of another one has another hash.
type Draw struct {
	Driver string
	Code   string // keyed hash
	Phone  string // keyed hash
}

// Store keeps windows. Implementations serve many goroutines and many processes.
type Store interface {
	// CountCode loads the window of the draw's driver (with Driver set and all else
	// zero where there is none) and what it has seen of code and number, lets change
	// alter the window, and writes it with the code counted and the number's last
	// code noted, as one serializable transaction. Where change has set another
	// Serial, what the window before had seen is deleted first.
	//
	// An error of change leaves everything as it was and is returned as it is.
	// change may run more than once.
	CountCode(ctx context.Context, d Draw, change func(w *Window, seen Seen) error) error
	// CodeWindows gives all drivers' windows by the drivers' names.
	CodeWindows(ctx context.Context) ([]Window, error)
}

// Memory is a Store in this process's memory. The zero value is ready to use.
type Memory struct {
	mu      sync.Mutex
	windows map[string]*kept
}

// kept is a driver's window with what it has seen.
type kept struct {
	window Window
	codes  map[string]int
	phones map[string]string
}

var _ Store = (*Memory)(nil)

// CountCode is Store's.
func (m *Memory) CountCode(ctx context.Context, d Draw, change func(w *Window, seen Seen) error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	k := m.windows[d.Driver]
	if k == nil {
		k = newKept(Window{Driver: d.Driver})
	}
	w := k.window.clone()
	if err := change(&w, Seen{Count: k.codes[d.Code], Last: k.phones[d.Phone]}); err != nil {
		return err
	}
	if w.Serial != k.window.Serial {
		k = newKept(w)
	}
	k.window = w.clone()
	k.codes[d.Code]++
	k.phones[d.Phone] = d.Code
	if m.windows == nil {
		m.windows = map[string]*kept{}
	}
	m.windows[d.Driver] = k
	return nil
}

func newKept(w Window) *kept {
	return &kept{window: w, codes: map[string]int{}, phones: map[string]string{}}
}

// clone shares nothing that is counted.
func (w Window) clone() Window {
	w.Digits = append([][10]int(nil), w.Digits...)
	return w
}

// CodeWindows is Store's.
func (m *Memory) CodeWindows(context.Context) ([]Window, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := make([]Window, 0, len(m.windows))
	for _, driver := range slices.Sorted(maps.Keys(m.windows)) {
		out = append(out, m.windows[driver].window.clone())
	}
	return out, nil
}
