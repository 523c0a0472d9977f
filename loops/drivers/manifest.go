package drivers

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/ringtail-id/ringtail/conf/hocon"
	"github.com/ringtail-id/ringtail/loops"
)

// ParseManifest reads a driver.conf. The error joins every fault, each as "FILE:LINE:COL: KEY: what is wrong".
func ParseManifest(file string, source []byte) (loops.Manifest, error) {
	c, err := hocon.Parse(file, source, hocon.Options{ReadFile: noInclude})
	if err != nil {
		return loops.Manifest{}, err
	}
	r := &reader{file: file, root: c.Root(), unread: map[string]bool{}}
	var m loops.Manifest
	m.Title = read(r, "title", hocon.Value.Str)
	m.Channel = loops.Channel(read(r, "channel", hocon.Value.Str))
	m.Page = read(r, "page", hocon.Value.Str)
	m.Written = read(r, "written", day)
	m.Caution = read(r, "caution", hocon.Value.Str)
	m.Hosts = read(r, "hosts", hocon.Value.Strings)
	m.Secrets = read(r, "secrets", hocon.Value.Strings)
	m.CodeOrigin = loops.CodeOrigin(read(r, "code.origin", hocon.Value.Str))
	m.CodeLengths = read(r, "code.lengths", integers)
	m.LeadingZero = read(r, "code.leadingZero", hocon.Value.Bool)
	m.Timeout = read(r, "timeout", hocon.Value.Duration)
	if m.Channel == "" {
		m.Channel = loops.ChannelFlashCall
	}
	r.unknown()
	r.validate(m)
	return m, errors.Join(r.faults...)
}

// noInclude keeps a manifest from including other files: it is the whole of what a driver declares.
func noInclude(string) ([]byte, error) { return nil, fs.ErrNotExist }

// reader collects the faults of one manifest with their places.
type reader struct {
	file   string
	root   hocon.Value
	faults []error
	asked  []string        // the keys that a manifest may have, in their order
	unread map[string]bool // keys whose values couldn't be read
}

func (r *reader) fault(at hocon.Pos, format string, args ...any) {
	r.faults = append(r.faults, fmt.Errorf("%s:%d:%d: %s", r.file, max(at.Line, 1), max(at.Col, 1), fmt.Sprintf(format, args...)))
}

// unknown notes the keys that nobody asked for: a misspelt one would otherwise be a rule that silently doesn't hold.
func (r *reader) unknown() {
	var outer, inner []string
	for _, key := range r.asked {
		group, name, nested := strings.Cut(key, ".")
		if nested {
			inner = append(inner, name)
		}
		if !slices.Contains(outer, group) {
			outer = append(outer, group)
		}
	}
	r.keys("", r.root, outer...)
	if code, ok := r.root.Get("code"); ok {
		r.keys("code.", code, inner...)
	}
}

func (r *reader) keys(prefix string, v hocon.Value, known ...string) {
	for _, k := range v.Keys() {
		if !slices.Contains(known, k) {
			r.fault(v.KeyPos(k), "%s%s: there is no such key; known are %s", prefix, k, strings.Join(known, ", "))
		}
	}
}

func (r *reader) find(key string) (hocon.Value, bool) { return r.root.At(strings.Split(key, ".")...) }

// read gives the value at key, or the zero value where there is none.
func read[T any](r *reader, key string, get func(hocon.Value) (T, error)) T {
	var none T
	r.asked = append(r.asked, key)
	v, ok := r.find(key)
	if !ok {
		return none
	}
	out, err := get(v)
	if err != nil {
		r.unread[key] = true
		var placed *hocon.Error
		if errors.As(err, &placed) {
			r.faults = append(r.faults, err)
		} else {
			r.fault(v.Pos(), "%s: %v", key, err)
		}
		return none
	}
	return out
}

func integers(v hocon.Value) ([]int, error) {
	list, err := v.List()
	if err != nil {
		return nil, err
	}
	var out []int
	for _, item := range list {
		n, err := item.Int()
		if err != nil {
			return nil, err
		}
		out = append(out, n)
	}
	return out, nil
}

// day reads a date as 2026-11-25.
func day(v hocon.Value) (time.Time, error) {
	text, err := v.Str()
	if err != nil {
		return time.Time{}, err
	}
	date, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return time.Time{}, fmt.Errorf("%q is not a day; write it like 2026-11-25", text)
	}
	return date, nil
}

// validate gives the manifest's own faults the places of their keys. What couldn't be read has its fault already.
func (r *reader) validate(m loops.Manifest) {
	err := m.Validate()
	if err == nil {
		return
	}
	for line := range strings.SplitSeq(err.Error(), "\n") {
		key, _, _ := strings.Cut(line, ":")
		if r.unread[key] {
			continue
		}
		var at hocon.Pos
		if v, ok := r.find(key); ok {
			at = v.Pos()
		}
		r.fault(at, "%s", line)
	}
}
