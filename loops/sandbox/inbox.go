package sandbox

import (
	"bufio"
	"errors"
	"io"
	"os"
	"sync"

	"golang.org/x/sys/unix"
)

// inbox is where a worker's tasks come from. next is for one goroutine.
type inbox struct {
	reader *bufio.Reader
	most   int // bytes of a task

	mu     sync.Mutex
	busy   bool          // a task is being done
	looked chan struct{} // closed when who watches has seen something; nil while nobody does
}

// next waits for a task.
func (i *inbox) next() (t task, err error) {
	i.mu.Lock()
	i.busy = false
	looked := i.looked
	i.looked = nil
	i.mu.Unlock()
	if looked != nil {
		<-looked // it sees the beginning of this task, and leaves it there
	}
	err = readFrame(i.reader, &t, i.most)
	i.mu.Lock()
	i.busy = true
	i.mu.Unlock()
	return t, err
}

// watch ends this process when its owner is gone, in the middle of an endless loop too. It is for steps that take long:
// to watch every one would wake a thread more.
func (i *inbox) watch() {
	i.mu.Lock()
	if !i.busy || i.looked != nil {
		i.mu.Unlock()
		return
	}
	looked := make(chan struct{})
	i.looked = looked
	i.mu.Unlock()
	if _, err := i.reader.Peek(1); err != nil {
		os.Exit(exitOf(err))
	}
	close(looked)
}

// exitOf is the exit code for a pipe that gives no more tasks.
func exitOf(err error) int {
	if errors.Is(err, io.EOF) {
		return exitDone
	}
	return exitBroken
}

// polled has Go's poller wait for a pipe, and no thread in a system call: that would keep Go's monitor awake, which takes more time
// than most steps.
func polled(in io.Reader) io.Reader {
	pipe, ok := in.(*os.File)
	if !ok || unix.SetNonblock(int(pipe.Fd()), true) != nil {
		return in
	}
	return os.NewFile(pipe.Fd(), pipe.Name())
}
