package drivers

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/vault"
)

// SecretState is a secret as people may see it: never its value.
type SecretState struct {
	Name    string    `json:"name"`
	Wanted  bool      `json:"wanted"`   // the manifest of the draft, the newest version or what serves names it
	Console bool      `json:"console"`  // set here or by the command; it wins over the file
	File    bool      `json:"file"`     // the settings file gives one
	SetAt   time.Time `json:"set_at"`   // of the one set here; zero: none
	Served  bool      `json:"serves"`   // the script that serves names it
	Needed  bool      `json:"required"` // wanted, and nobody gave it
}

// Secrets gives the secrets that a driver wants or has.
func (s *Service) Secrets(ctx context.Context, name string) ([]SecretState, error) {
	d, err := s.Driver(ctx, name)
	if err != nil {
		return nil, err
	}
	byName := map[string]*SecretState{}
	at := func(secret string) *SecretState {
		if byName[secret] == nil {
			byName[secret] = &SecretState{Name: secret}
		}
		return byName[secret]
	}
	serving, drafted := s.secretsOf(d)
	for _, secret := range serving {
		at(secret).Wanted, at(secret).Served = true, true
	}
	for _, secret := range drafted {
		at(secret).Wanted = true
	}
	listed, err := s.o.Secrets.List(ctx)
	if err != nil {
		return nil, fmt.Errorf("listing secrets: %w", err)
	}
	for _, l := range listed {
		if l.Driver == name {
			at(l.Name).Console, at(l.Name).SetAt = true, l.UpdatedAt
		}
	}
	if given := s.o.Facts().Given; given != nil {
		for secret, value := range given(name) {
			at(secret).File = value != ""
		}
	}
	out := []SecretState{}
	for _, state := range byName {
		state.Needed = state.Wanted && !state.Console && !state.File
		out = append(out, *state)
	}
	slices.SortFunc(out, func(a, b SecretState) int { return slices.Compare([]string{a.Name}, []string{b.Name}) })
	return out, nil
}

// secretsOf are the names that the serving manifest has, and those that the draft's or the newest version's have.
func (s *Service) secretsOf(d *Driver) (serving, drafted []string) {
	if own := s.file(d.Name); own != nil {
		serving = own.Manifest.Secrets
	}
	if d.Serving != nil {
		if read, err := d.Serving.driver(d.Name, d.Name); err == nil {
			serving = read.Manifest.Secrets
		}
	}
	if d.Draft != nil {
		if read, err := d.Draft.driver(d.Name, d.Name); err == nil {
			drafted = read.Manifest.Secrets
		}
	}
	if len(d.Versions) > 0 { // the newest may wait for a secret, or for a second administrator
		if read, err := d.Versions[0].driver(d.Name, d.Name); err == nil {
			drafted = append(slices.Clone(drafted), read.Manifest.Secrets...)
		}
	}
	return serving, drafted
}

// PutSecret sets a secret that the driver wants. The driver's next run has it.
func (s *Service) PutSecret(ctx context.Context, a *admin.Actor, name, secret, value string) error {
	states, err := s.Secrets(ctx, name)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(states, func(state SecretState) bool { return state.Name == secret && (state.Wanted || state.Console) }) ||
		value == "" || len(value) > vault.MaxSecret {
		return &idp.Problem{ID: ProblemSecret, Field: "value", Args: map[string]any{"most": vault.MaxSecret}}
	}
	if err := s.o.Trail.Append(ctx, a.Event(audit.TypeDriverSecretSet, name, map[string]any{"secret": secret})); err != nil {
		return fmt.Errorf("recording a set secret: %w", err)
	}
	if err := s.o.Secrets.Put(ctx, name, secret, value); err != nil {
		return fmt.Errorf("setting a secret of %s: %w", name, err)
	}
	return nil
}

// RemoveSecret takes away what PutSecret set; one of the settings file is in force again then.
func (s *Service) RemoveSecret(ctx context.Context, a *admin.Actor, name, secret string) error {
	states, err := s.Secrets(ctx, name)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(states, func(state SecretState) bool { return state.Name == secret && state.Console }) {
		return problem(ProblemUnknown, http.StatusNotFound, nil)
	}
	if err := s.o.Trail.Append(ctx, a.Event(audit.TypeDriverSecretRemoved, name, map[string]any{"secret": secret})); err != nil {
		return fmt.Errorf("recording a removed secret: %w", err)
	}
	if err := s.o.Secrets.Remove(ctx, name, secret); err != nil && !errors.Is(err, idp.ErrNotFound) {
		return fmt.Errorf("removing a secret of %s: %w", name, err)
	}
	return nil
}
