// Package pgo makes the profile that the compiler optimizes the server by, of the
// processor profiles that a run of bench left. It doesn't own how those come about.
package pgo

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/google/pprof/profile"
)

// Merge writes all *.pprof files of the folder from as one profile to the file into.
// Each operation weighs as much as any other, however long it was measured. What the
// compiler doesn't read, such as where the binary lay, is left out.
func Merge(from, into string) error {
	paths, err := filepath.Glob(filepath.Join(from, "*.pprof"))
	if err != nil {
		return err
	}
	if len(paths) == 0 {
		return fmt.Errorf("no profiles are in %s", from)
	}
	var all []*profile.Profile
	for _, path := range paths {
		p, err := read(path)
		if err != nil {
			return fmt.Errorf("reading the profile %s: %w", path, err)
		}
		all = append(all, p)
	}
	merged, err := profile.Merge(all)
	if err != nil {
		return fmt.Errorf("merging profiles: %w", err)
	}
	return write(strip(merged), into)
}

// weight is what the samples of one profile add up to.
const weight = 1_000_000

func read(path string) (*profile.Profile, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	p, err := profile.Parse(file)
	if err != nil {
		return nil, err
	}
	var sum int64
	for _, s := range p.Sample {
		sum += s.Value[0]
	}
	if sum == 0 {
		return nil, errors.New("it has no samples")
	}
	p.Scale(weight / float64(sum))
	return p, nil
}

func strip(p *profile.Profile) *profile.Profile {
	for _, m := range p.Mapping {
		m.File, m.BuildID = "", ""
	}
	for _, f := range p.Function {
		f.Filename = ""
	}
	for _, s := range p.Sample {
		s.Label, s.NumLabel = nil, nil
	}
	p.Comments, p.TimeNanos, p.DurationNanos = nil, 0, 0
	return p.Compact()
}

func write(p *profile.Profile, into string) error {
	file, err := os.Create(into)
	if err != nil {
		return err
	}
	if err := p.Write(file); err != nil {
		file.Close()
		return fmt.Errorf("writing the profile: %w", err)
	}
	return file.Close()
}
