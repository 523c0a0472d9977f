package drivers

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/ringtail-id/ringtail/loops"
	loopdrivers "github.com/ringtail-id/ringtail/loops/drivers"
)

// Words of a reference to a script of a driver; any other is a version's number.
const (
	RefDraft = "draft"
	RefReady = "ready" // the driver of that name that ships
	RefFile  = "file"  // the one of the installation's folder
)

// Script gives the script that a reference means; ProblemUnknown where there is none.
func (s *Service) Script(ctx context.Context, name, ref string) (Script, error) {
	switch ref {
	case RefDraft:
		d, err := s.Draft(ctx, name)
		if err != nil {
			return Script{}, err
		}
		return d.Script, nil
	case RefReady:
		return ready(name)
	case RefFile:
		return s.fromFolder(name)
	}
	number, err := strconv.Atoi(ref)
	if err != nil || number < 1 {
		return Script{}, unknown()
	}
	v, err := s.version(ctx, name, number)
	if err != nil {
		return Script{}, err
	}
	return v.Script, nil
}

func (s *Service) fromFolder(name string) (Script, error) {
	folder := s.o.Facts().Files
	if folder == nil || s.file(name) == nil {
		return Script{}, unknown()
	}
	f, err := loopdrivers.FolderFiles(folder, name)
	if err != nil {
		return Script{}, fmt.Errorf("reading the driver %s: %w", name, err)
	}
	return ofFiles(f), nil
}

// trusted says whether somebody who may publish let exactly this script serve, or whoever runs the installation did. known
// are the hosts that such scripts of the name reach.
func (s *Service) trusted(ctx context.Context, name string, script Script) (is bool, known []string, err error) {
	digest := script.Digest()
	note := func(other Script) {
		is = is || other.Digest() == digest
		if d, err := other.driver(name, name); err == nil {
			known = append(known, d.Manifest.Hosts...)
		}
	}
	if own, err := ready(name); err == nil {
		note(own)
	}
	if own, err := s.fromFolder(name); err == nil {
		note(own)
	}
	releases, err := s.o.Records.Releases(ctx, name)
	if err != nil {
		return false, nil, fmt.Errorf("listing the releases of %s: %w", name, err)
	}
	for _, r := range releases {
		v, err := s.o.Records.DriverVersion(ctx, name, r.Number)
		if err != nil {
			return false, nil, fmt.Errorf("reading version %d of %s: %w", r.Number, name, err)
		}
		note(v.Script)
	}
	return is, known, nil
}

// addedHosts are those of a manifest that aren't known.
func addedHosts(m loops.Manifest, known []string) []string {
	var out []string
	for _, host := range m.Hosts {
		if !slices.Contains(known, host) && !slices.Contains(out, host) {
			out = append(out, host)
		}
	}
	return out
}

// linesOf gives the lines of a joined error.
func linesOf(err error) []string {
	if err == nil {
		return nil
	}
	return strings.Split(err.Error(), "\n")
}
