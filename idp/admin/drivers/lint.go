package drivers

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/ringtail-id/ringtail/loops"
)

// Problem is one that a check found in a script or its manifest.
type Problem struct {
	File     string `json:"file"`     // script or manifest
	Line     int    `json:"line"`     // from 1; 0: the whole file
	Column   int    `json:"column"`   // from 1; 0: the whole file
	Severity string `json:"severity"` // error
	Reason   string `json:"reason,omitempty"`
	Message  string `json:"message"`
}

// Words of Problem.File.
const (
	FileScript   = "script"
	FileManifest = "manifest"
)

// Lint finds what is wrong with a script without running it.
func (s *Service) Lint(ctx context.Context, script Script) ([]Problem, error) {
	if err := s.fits(script); err != nil {
		return nil, err
	}
	d, faults := script.driver("draft", "draft")
	out := []Problem{}
	if faults != nil {
		for line := range strings.SplitSeq(faults.Error(), "\n") {
			out = append(out, placed(FileManifest, "", line))
		}
	}
	found, err := s.gate.Check(ctx, d.File, d.Source)
	var refused *loops.Refusal
	switch {
	case errors.As(err, &refused):
		return append(out, placed(FileScript, string(refused.Reason), refused.Detail)), nil
	case err != nil:
		return nil, fmt.Errorf("checking a script: %w", err)
	}
	for _, p := range found {
		out = append(out, placed(FileScript, string(p.Reason), p.String()))
	}
	if len(found) > 0 {
		return out, nil
	}
	return s.lintEntries(ctx, d, out)
}

// lintEntries finds functions that the manifest makes needed.
func (s *Service) lintEntries(ctx context.Context, d *loops.Driver, out []Problem) ([]Problem, error) {
	entries, err := s.gate.Entries(ctx, d.File, d.Source)
	var refused *loops.Refusal
	switch {
	case errors.As(err, &refused):
		return append(out, placed(FileScript, string(refused.Reason), refused.Detail)), nil
	case err != nil:
		return nil, fmt.Errorf("looking at a script: %w", err)
	}
	if d.Manifest.CodeOrigin == loops.CodeFromCheck && !slices.Contains(entries, loops.EntryCheck) {
		out = append(out, Problem{File: FileScript, Line: 1, Column: 1, Severity: "error", Reason: string(loops.ReasonUnsupported),
			Message: "code.origin is check, so the script needs a function check, which it doesn't have"})
	}
	return out, nil
}

// placed reads "FILE:LINE:COL: message".
func placed(file, reason, text string) Problem {
	p := Problem{File: file, Severity: "error", Reason: reason, Message: text}
	parts := strings.SplitN(text, ":", 4)
	if len(parts) < 4 {
		return p
	}
	line, first := strconv.Atoi(parts[1])
	column, second := strconv.Atoi(parts[2])
	if first != nil || second != nil {
		return p
	}
	p.Line, p.Column, p.Message = line, column, strings.TrimSpace(parts[3])
	return p
}
