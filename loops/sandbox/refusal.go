package sandbox

import (
	"regexp"
	"slices"
	"strings"

	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/engine"
)

// maxDetail is how much of a refusal's detail is kept. The engine writes a few hundred bytes.
const maxDetail = 2 << 10

// refusal reads what a worker says about a script that it stopped. A word that no engine says, or a place outside of the
// driver's file, comes from whoever took the worker over.
func (r reply) refusal(file string) *loops.Refusal {
	said := []loops.Reason{loops.ReasonTime, loops.ReasonMemory, loops.ReasonContract, loops.ReasonSyntax, loops.ReasonUnsupported}
	if !slices.Contains(said, r.Refused) || !strings.HasPrefix(r.Detail, file+":") {
		return &loops.Refusal{Reason: loops.ReasonContract, Detail: file + ":1:1: the worker gave a refusal that is none"}
	}
	detail := r.Detail
	if len(detail) > maxDetail {
		detail = strings.ToValidUTF8(detail[:maxDetail], "")
	}
	return &loops.Refusal{Reason: r.Refused, Detail: detail}
}

// lineAndColumn is how the engine writes a place behind the file's name.
var lineAndColumn = regexp.MustCompile(`^:[0-9]{1,10}:[0-9]{1,10}$`)

// isPlace reports whether at is a place in the driver's file.
func isPlace(at, file string) bool {
	rest, ok := strings.CutPrefix(at, file)
	return ok && lineAndColumn.MatchString(rest)
}

// maxProblems is more than the engine tells of one script.
const maxProblems = 1000

// problems reads a worker's findings as ones that may be wrong, as refusal does.
func (r reply) problems(file string) ([]engine.Problem, error) {
	for i, p := range r.Problems {
		if i >= maxProblems || !isPlace(p.At, file) {
			return nil, &loops.Refusal{Reason: loops.ReasonContract, Detail: file + ":1:1: the worker gave problems that are none"}
		}
		if len(p.Message) > maxDetail {
			r.Problems[i].Message = strings.ToValidUTF8(p.Message[:maxDetail], "")
		}
	}
	return r.Problems, nil
}

// found reads the entries that a worker found as ones that may be wrong: each is one of the contract's, start is among them, and
// they stand in its order, each once.
func (r reply) found(file string) ([]loops.Entry, error) {
	if r.Refused != "" {
		return nil, r.refusal(file)
	}
	known := slices.DeleteFunc(loops.Entries(), func(e loops.Entry) bool { return !slices.Contains(r.Entries, e) })
	if !slices.Equal(known, r.Entries) || !slices.Contains(known, loops.EntryStart) {
		return nil, &loops.Refusal{Reason: loops.ReasonContract, Detail: file + ":1:1: the worker gave entries that are none"}
	}
	return known, nil
}
