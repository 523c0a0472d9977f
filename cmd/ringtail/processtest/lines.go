package processtest

import (
	"bytes"
	"sync"
)

// Lines is what programs say, written and read by many goroutines. Its zero value is
// ready.
type Lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write implements io.Writer; it never fails.
func (l *Lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

// String is all that was said.
func (l *Lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// Tail is the end of it, at most n bytes.
func (l *Lines) Tail(n int) string {
	text := l.String()
	return text[max(0, len(text)-n):]
}
