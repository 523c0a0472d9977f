package drivers

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/loops"
	loopdrivers "github.com/ringtail-id/ringtail/loops/drivers"
	"github.com/ringtail-id/ringtail/loops/trial"
)

//go:embed template
var template embed.FS

// Bounds of what a draft may hold, beside the limit on the script, in bytes.
const (
	maxManifest = 16 << 10
	maxCase     = 64 << 10
	maxCases    = 50
	maxAllCases = 512 << 10
)

var caseName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,39}$`)

// Origin is what a new draft begins from: a ready driver, a version of this one, or, where both are left out, nothing.
type Origin struct {
	Ready    string   `json:"ready,omitempty"`
	Version  int      `json:"version,omitempty"`
	Language Language `json:"language,omitempty"` // of one that begins from nothing; empty: js
}

// Start makes a driver's draft. ProblemConflict (admin) where there is one.
func (s *Service) Start(ctx context.Context, a *admin.Actor, name string, from Origin) (*Draft, error) {
	if err := s.free(name); err != nil {
		return nil, err
	}
	script, err := s.scriptOf(ctx, name, from)
	if err != nil {
		return nil, err
	}
	return s.Save(ctx, a, name, script, from.Version, 0)
}

// free says why nobody may write a driver of that name.
func (s *Service) free(name string) error {
	if !loops.ValidName(name) || slices.Contains([]string{"new", "words", "lint"}, name) { // pages have these names
		return &idp.Problem{ID: ProblemName, Field: "name"}
	}
	if loopdrivers.Find(s.o.Facts().Folder, name) != nil {
		return problem(ProblemManaged, http.StatusConflict, map[string]any{"name": name})
	}
	return nil
}

func (s *Service) scriptOf(ctx context.Context, name string, from Origin) (Script, error) {
	switch {
	case from.Ready != "":
		return ready(from.Ready)
	case from.Version > 0:
		v, err := s.version(ctx, name, from.Version)
		if err != nil {
			return Script{}, err
		}
		return v.Script, nil
	case from.Language == "":
		from.Language = JavaScript
	}
	if !from.Language.Valid() {
		return Script{}, &idp.Problem{ID: ProblemLanguage, Field: "language"}
	}
	source, err := template.ReadFile("template/" + from.Language.file())
	if err != nil {
		return Script{}, fmt.Errorf("reading the template of a driver: %w", err)
	}
	manifest, err := template.ReadFile("template/driver.conf")
	return Script{Language: from.Language, Source: string(source), Manifest: string(manifest), Cases: []CaseFile{}}, err
}

func ready(name string) (Script, error) {
	f, err := loopdrivers.ReadyFiles(name)
	if errors.Is(err, loopdrivers.ErrNoFile) {
		return Script{}, unknown()
	}
	if err != nil {
		return Script{}, fmt.Errorf("reading the driver %s: %w", name, err)
	}
	return ofFiles(f), nil
}

func ofFiles(f loopdrivers.Files) Script {
	s := Script{Language: JavaScript, Source: f.Source, Manifest: f.Manifest}
	if f.Script == Java.file() {
		s.Language = Java
	}
	for name, text := range f.Cases {
		s.Cases = append(s.Cases, CaseFile{Name: name, Text: text})
	}
	return s.ordered()
}

// Save stores the draft in the place of the edition that its writer saw; 0: there was none. base is the version that it began
// from. admin.ProblemConflict where somebody else saved or dropped it meanwhile.
func (s *Service) Save(ctx context.Context, a *admin.Actor, name string, script Script, base, seen int) (*Draft, error) {
	if err := s.free(name); err != nil {
		return nil, err
	}
	script = script.ordered()
	if err := errors.Join(s.fits(script), cases(script)); err != nil {
		return nil, err
	}
	now := s.o.Now()
	d := &Draft{Driver: name, Script: script, Base: base, AuthorID: actorID(a), Author: a.Name(), CreatedAt: now, UpdatedAt: now}
	err := s.o.Trail.Append(ctx, a.Event(audit.TypeDriverDraftSaved, name, map[string]any{"digest": script.Digest(), "base": base}))
	if err != nil {
		return nil, fmt.Errorf("recording a saved draft: %w", err)
	}
	if err := s.o.Records.SaveDraft(ctx, d, seen); err != nil {
		return nil, outward(err)
	}
	return s.Draft(ctx, name)
}

// fits says which part of a script is too long.
func (s *Service) fits(script Script) error {
	over := func(part string, most int) error {
		return &idp.Problem{ID: ProblemSize, Status: http.StatusRequestEntityTooLarge, Field: part, Args: map[string]any{"part": part, "most": most}}
	}
	all := 0
	for _, c := range script.Cases {
		if all += len(c.Text); len(c.Text) > maxCase {
			return over("cases", maxCase)
		}
	}
	switch {
	case !script.Language.Valid():
		return &idp.Problem{ID: ProblemLanguage, Field: "language"}
	case len(script.Source) > s.o.Limits.Code:
		return over("script", s.o.Limits.Code)
	case len(script.Manifest) > maxManifest:
		return over("manifest", maxManifest)
	case len(script.Cases) > maxCases || all > maxAllCases:
		return over("cases", maxAllCases)
	}
	return nil
}

// cases says which case can't be one.
func cases(script Script) error {
	for i, c := range script.Cases {
		_, err := trial.ParseCase([]byte(c.Text))
		if !caseName.MatchString(c.Name) || i > 0 && script.Cases[i-1].Name == c.Name {
			err = errors.New("the name is taken, or isn't one: use small letters, digits and hyphens")
		}
		if err != nil {
			return &idp.Problem{ID: ProblemCase, Field: "cases", Args: map[string]any{"name": fmt.Sprintf("%.40q", c.Name), "detail": err.Error()}}
		}
	}
	return nil
}

// Draft gives a driver's draft.
func (s *Service) Draft(ctx context.Context, name string) (*Draft, error) {
	d, err := s.o.Records.DraftOf(ctx, name)
	return d, outward(err)
}

// Drop deletes the edition of the draft that the actor saw.
func (s *Service) Drop(ctx context.Context, a *admin.Actor, name string, edition int) error {
	err := s.o.Trail.Append(ctx, a.Event(audit.TypeDriverDraftDropped, name, nil))
	if err != nil {
		return fmt.Errorf("recording a dropped draft: %w", err)
	}
	return outward(s.o.Records.DropDraft(ctx, name, edition))
}

func (s *Service) version(ctx context.Context, name string, number int) (*Version, error) {
	v, err := s.o.Records.DriverVersion(ctx, name, number)
	return v, outward(err)
}

// outward gives what stores say as people may see it.
func outward(err error) error {
	switch {
	case errors.Is(err, idp.ErrNotFound):
		return unknown()
	case errors.Is(err, ErrEdited):
		return conflict(err)
	}
	return err
}

// actorID tells people and clients apart, whatever they are called.
func actorID(a *admin.Actor) string {
	if a.UserID == "" {
		return "client/" + a.ClientID
	}
	return a.UserID
}
