package drivers

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/settings"
	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/trial"
)

// Review is what must be known before a script may serve.
type Review struct {
	Digest    string
	Published int // the version that serves now; 0: none
	Problems  []Problem
	Cases     []trial.CaseResult
	Hosts     []string // that it reaches and that the one that serves now doesn't
	HostsGone []string // the other way round
	Missing   []string // secrets that it wants and nobody gave
	Diff      []DiffPart
	Second    bool   // a second administrator must confirm it
	Code      string // who chose the code and who does now, where that changes; empty where it doesn't
}

// Passes says whether nothing stands against it.
func (r *Review) Passes() bool {
	for _, c := range r.Cases {
		if len(c.Problems) > 0 {
			return false
		}
	}
	return len(r.Problems) == 0
}

// Review checks a script and compares it with what serves now.
func (s *Service) Review(ctx context.Context, name string, script Script) (*Review, error) {
	d, err := s.Driver(ctx, name)
	if err != nil {
		return nil, err
	}
	r := &Review{Digest: script.Digest(), Published: d.Published, Second: s.o.Facts().SecondAdministrator}
	serving := Script{}
	if d.Serving != nil {
		serving = *d.Serving
	}
	r.Diff = Compare(serving, script)
	if r.Problems, err = s.Lint(ctx, script); err != nil {
		return nil, err
	}
	if len(r.Problems) > 0 {
		return r, nil // it can't be run
	}
	if r.Cases, err = s.Cases(ctx, name, script); err != nil {
		return nil, err
	}
	return r, s.compareManifests(ctx, r, name, serving, script)
}

func (s *Service) compareManifests(ctx context.Context, r *Review, name string, serving, script Script) error {
	now, err := script.driver(name, name)
	if err != nil {
		return nil // Lint told
	}
	before := &loops.Driver{}
	if serving.Source != "" {
		if read, err := serving.driver(name, name); err == nil {
			before = read
		}
	}
	r.Hosts = addedHosts(now.Manifest, before.Manifest.Hosts)
	r.HostsGone = addedHosts(before.Manifest, now.Manifest.Hosts)
	if was, is := before.Manifest.CodeOrigin, now.Manifest.CodeOrigin; was != "" && was != is {
		r.Code = fmt.Sprintf("%s, and now %s", was, is)
	}
	states, err := s.Secrets(ctx, name)
	if err != nil {
		return err
	}
	have := map[string]bool{}
	for _, state := range states {
		have[state.Name] = state.Console || state.File
	}
	for _, secret := range now.Manifest.Secrets {
		if !have[secret] {
			r.Missing = append(r.Missing, secret)
		}
	}
	return nil
}

// PublishOrder says which draft its writer saw, and what served then.
type PublishOrder struct {
	Edition   int    `json:"edition"`
	Digest    string `json:"digest"`
	Published int    `json:"published"`
	Comment   string `json:"comment"`
}

// Published is what became of a publication.
type Published struct {
	Version  *Version
	Waiting  bool // for a second administrator
	Revision int  // of the settings; 0 while it waits
	// Warning is set where it is saved and this node doesn't serve it yet.
	Warning string
}

// Publish makes the draft a version and lets it serve, or asks a second administrator to. Exactly the draft that the actor
// saw is published: admin.ProblemConflict where it, or what serves, was changed meanwhile.
func (s *Service) Publish(ctx context.Context, a *admin.Actor, name string, o PublishOrder) (*Published, error) {
	if err := s.free(name); err != nil {
		return nil, err
	}
	second := s.o.Facts().SecondAdministrator
	if second && a.UserID == "" {
		return nil, problem(ProblemPerson, http.StatusForbidden, nil)
	}
	if strings.TrimSpace(o.Comment) == "" {
		return nil, &idp.Problem{ID: ProblemComment, Field: "comment"}
	}
	d, err := s.Draft(ctx, name)
	if err != nil {
		return nil, err
	}
	if d.Edition != o.Edition || d.Digest() != o.Digest {
		return nil, conflict(ErrEdited)
	}
	base, err := s.expect(ctx, name, o.Published)
	if err != nil {
		return nil, err
	}
	if err := s.publishable(ctx, name, d.Script); err != nil {
		return nil, err
	}
	v := &Version{Driver: name, AuthorID: actorID(a), Author: a.Name(), Comment: short(o.Comment), At: s.o.Now()}
	made, err := s.o.Records.SealDraft(ctx, v, o.Edition, o.Digest)
	if err != nil {
		return nil, outward(err)
	}
	if second {
		return s.ask(ctx, a, made, o)
	}
	return s.release(ctx, a, made, base, Release{By: a.Name()}, made.Comment)
}

// expect gives the settings' revision, where the driver's published version is the one that the actor saw.
func (s *Service) expect(ctx context.Context, name string, published int) (base int, err error) {
	now, err := s.o.Settings.Current(ctx)
	if err != nil {
		return 0, fmt.Errorf("reading the settings: %w", err)
	}
	if now.Layer.Drivers[name] != published {
		return 0, conflict(fmt.Errorf("version %d serves, and not %d", now.Layer.Drivers[name], published))
	}
	return now.Number, nil
}

// publishable refuses a script that a check finds problems in, whose cases don't pass, or that the chain uses and whose secrets
// nobody gave: the settings would refuse that too, but then the draft would be a version already.
func (s *Service) publishable(ctx context.Context, name string, script Script) error {
	r, err := s.Review(ctx, name, script)
	if err != nil {
		return err
	}
	var faults []string
	if slices.Contains(s.o.Facts().Routes, name) {
		for _, secret := range r.Missing {
			faults = append(faults, "the secret "+secret+" isn't set")
		}
	}
	if r.Passes() && len(faults) == 0 {
		return nil
	}
	for _, p := range r.Problems {
		faults = append(faults, fmt.Sprintf("%s:%d:%d: %s", p.File, p.Line, p.Column, p.Message))
	}
	for _, c := range r.Cases {
		faults = append(faults, c.Problems...)
	}
	return problem(ProblemFaulty, http.StatusUnprocessableEntity, map[string]any{"detail": strings.Join(faults[:min(len(faults), 5)], "; ")})
}

// release lets a version serve: on record first, then in the settings.
func (s *Service) release(ctx context.Context, a *admin.Actor, v *Version, base int, r Release, comment string) (*Published, error) {
	event := a.Event(audit.TypeDriverPublished, v.Driver, map[string]any{
		"version": v.Number, "digest": v.Digest(), "released_by": r.By, "confirmed_by": r.ConfirmedBy, "comment": comment,
	})
	if err := s.o.Trail.Append(ctx, event); err != nil {
		return nil, fmt.Errorf("recording a publication: %w", err)
	}
	r.Driver, r.Number, r.At = v.Driver, v.Number, s.o.Now()
	if err := s.o.Records.AddRelease(ctx, r); err != nil {
		return nil, fmt.Errorf("releasing version %d of %s: %w", v.Number, v.Driver, err)
	}
	number := strconv.Itoa(v.Number)
	return s.save(ctx, a, v, base, &number, comment)
}

// save makes the version a setting; nil takes the setting away.
func (s *Service) save(ctx context.Context, a *admin.Actor, v *Version, base int, number *string, comment string) (*Published, error) {
	out := &Published{Version: v}
	revision, err := s.o.Settings.Save(ctx, a, base, []settings.Change{{Path: settings.DriverPath(v.Driver), New: number}}, comment)
	out.Revision = revision.Number
	var late *settings.NotServed
	if errors.As(err, &late) {
		out.Warning = late.Error()
		return out, nil
	}
	if err == nil || errors.Is(err, settings.ErrNothing) {
		return out, nil
	}
	event := a.Event(audit.TypeDriverNotPublished, v.Driver, map[string]any{"version": v.Number})
	if e := s.o.Trail.Append(context.WithoutCancel(ctx), event); e != nil {
		err = errors.Join(err, e)
	}
	var faster *settings.Conflict
	var invalid *settings.Invalid
	switch {
	case errors.As(err, &faster):
		return nil, conflict(faster)
	case errors.As(err, &invalid):
		return nil, problem(ProblemRefused, http.StatusUnprocessableEntity, map[string]any{"detail": strings.ReplaceAll(invalid.Error(), "\n", "; ")})
	}
	return nil, err
}

// RollBack lets a version serve again that served before; 0: the driver that is there without any. It needs no second
// administrator: one agreed to it already, and it is the way out when a driver is bad.
func (s *Service) RollBack(ctx context.Context, a *admin.Actor, name string, number, published int, comment string) (*Published, error) {
	if err := s.free(name); err != nil {
		return nil, err
	}
	base, err := s.expect(ctx, name, published)
	if err != nil {
		return nil, err
	}
	if strings.TrimSpace(comment) == "" {
		comment = fmt.Sprintf("back to version %d", number)
	}
	if number == 0 {
		event := a.Event(audit.TypeDriverPublished, name, map[string]any{"version": 0, "before": published, "comment": comment})
		if err := s.o.Trail.Append(ctx, event); err != nil {
			return nil, fmt.Errorf("recording a publication: %w", err)
		}
		return s.save(ctx, a, &Version{Driver: name}, base, nil, comment)
	}
	v, err := s.version(ctx, name, number)
	if err != nil {
		return nil, err
	}
	releases, err := s.o.Records.Releases(ctx, name)
	if err != nil {
		return nil, fmt.Errorf("listing the releases of %s: %w", name, err)
	}
	for _, r := range releases {
		if r.Number == number {
			return s.release(ctx, a, v, base, Release{By: a.Name()}, short(comment))
		}
	}
	return nil, problem(ProblemUnreleased, http.StatusConflict, map[string]any{"version": number})
}

// short bounds a comment, in characters.
func short(text string) string {
	letters := []rune(strings.TrimSpace(text))
	return string(letters[:min(len(letters), 500)])
}
