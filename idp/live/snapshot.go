package live

import (
	"io/fs"
	"maps"
	"sync"
	"time"
)

// snapshot keeps the files that the settings lead to as they were read, so that a
// revision is checked and served with the file that is served: not with one that
// somebody is writing just now.
type snapshot struct {
	read func(name string) ([]byte, error)
	stat func(name string) (fs.FileInfo, error)

	mu    sync.Mutex
	files map[string]content
}

type content struct {
	data []byte
	err  error
	mark mark
}

// mark tells one state of a file from another. The zero mark is a file that isn't there.
type mark struct {
	size int64
	at   time.Time
}

func newSnapshot(read func(string) ([]byte, error), stat func(string) (fs.FileInfo, error)) *snapshot {
	return &snapshot{read: read, stat: stat, files: map[string]content{}}
}

// ReadFile is conf.Options.ReadFile.
func (s *snapshot) ReadFile(name string) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c, ok := s.files[name]; ok {
		return c.data, c.err
	}
	// The mark first: what is written between the two is read again.
	c := content{mark: s.look(name)}
	c.data, c.err = s.read(name)
	s.files[name] = c
	return c.data, c.err
}

func (s *snapshot) look(name string) mark {
	info, err := s.stat(name)
	if err != nil {
		return mark{}
	}
	return mark{size: info.Size(), at: info.ModTime()}
}

// marks are those of all files that were read, as they were then.
func (s *snapshot) marks() map[string]mark {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make(map[string]mark, len(s.files))
	for name, c := range s.files {
		all[name] = c.mark
	}
	return all
}

// now are the marks of the same files as they are on disk.
func (s *snapshot) now() map[string]mark {
	all := s.marks()
	for name := range all {
		all[name] = s.look(name)
	}
	return all
}

// changes notices that files were written. An editor may take a file away and
// write it in pieces, so it counts when two looks in a row see the same.
type changes struct {
	before map[string]mark
}

// settled says whether the files differ from what was read and are still.
func (c *changes) settled(of *snapshot) bool {
	now := of.now()
	still := maps.Equal(now, c.before)
	c.before = now
	return still && !maps.Equal(now, of.marks())
}
