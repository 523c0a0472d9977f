package vault

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"time"

	"github.com/ringtail-id/ringtail/idp/keyring"
	"github.com/ringtail-id/ringtail/loops"
)

// MaxSecret bounds a secret, in bytes. A private key in PEM fits.
const MaxSecret = 10000

// Record is a secret as it rests.
type Record struct {
	Driver    string
	Name      string
	Sealed    []byte
	UpdatedAt time.Time
}

// Records is where secrets rest.
type Records interface {
	// PutSecret stores a secret in the place of one of the same driver and name.
	PutSecret(ctx context.Context, r Record) error
	// SecretsOf gives a driver's secrets; of all drivers where driver is empty. They are sorted by driver and name.
	SecretsOf(ctx context.Context, driver string) ([]Record, error)
	// DeleteSecret returns idp.ErrNotFound where there is none.
	DeleteSecret(ctx context.Context, driver, name string) error
}

// Secrets are the drivers' secrets. It serves many goroutines.
type Secrets struct {
	records Records
	keys    *keyring.Keyring
	now     func() time.Time
}

// NewSecrets makes Secrets; now stamps what is written.
func NewSecrets(records Records, keys *keyring.Keyring, now func() time.Time) *Secrets {
	return &Secrets{records: records, keys: keys, now: now}
}

// Errors of Put.
var (
	ErrDriverName = errors.New("that can't be a driver's name: use lower-case letters, digits and single hyphens")
	ErrSecretName = errors.New("that can't be a secret's name: use letters, digits and _, beginning with a letter, 40 at most")
	ErrSize       = fmt.Errorf("a secret has 1 to %d bytes", MaxSecret)
)

// Put seals and stores a secret. It takes effect with the driver's next run.
func (s *Secrets) Put(ctx context.Context, driver, name, value string) error {
	switch {
	case !loops.ValidName(driver):
		return ErrDriverName
	case !loops.ValidSecretName(name):
		return ErrSecretName
	case value == "" || len(value) > MaxSecret:
		return ErrSize
	}
	sealed, err := s.keys.Seal(purpose(driver, name), []byte(value))
	if err != nil {
		return fmt.Errorf("sealing the secret %s of the driver %s: %w", name, driver, err)
	}
	return s.records.PutSecret(ctx, Record{Driver: driver, Name: name, Sealed: sealed, UpdatedAt: s.now()})
}

// Of gives a driver's secrets by name, those of the settings included, for a run of this driver and nothing else.
func (s *Secrets) Of(ctx context.Context, driver string, settings map[string]string) (map[string]string, error) {
	records, err := s.records.SecretsOf(ctx, driver)
	if err != nil {
		return nil, fmt.Errorf("reading the secrets of the driver %s: %w", driver, err)
	}
	out := maps.Clone(settings)
	if out == nil {
		out = map[string]string{}
	}
	for _, r := range records {
		value, err := s.keys.Open(purpose(driver, r.Name), r.Sealed)
		if err != nil {
			return nil, fmt.Errorf("opening the secret %s of the driver %s: %w", r.Name, driver, err)
		}
		out[r.Name] = string(value)
	}
	return out, nil
}

// Listed is a secret as people may see it.
type Listed struct {
	Driver    string    `json:"driver"`
	Name      string    `json:"name"`
	UpdatedAt time.Time `json:"updated_at"`
}

// List names all secrets, without a value.
func (s *Secrets) List(ctx context.Context) ([]Listed, error) {
	records, err := s.records.SecretsOf(ctx, "")
	if err != nil {
		return nil, fmt.Errorf("listing the drivers' secrets: %w", err)
	}
	out := make([]Listed, 0, len(records))
	for _, r := range records {
		out = append(out, Listed{Driver: r.Driver, Name: r.Name, UpdatedAt: r.UpdatedAt})
	}
	return out, nil
}

// Remove deletes a secret; idp.ErrNotFound where there is none.
func (s *Secrets) Remove(ctx context.Context, driver, name string) error {
	return s.records.DeleteSecret(ctx, driver, name)
}

// purpose binds a sealed secret to its place. Neither part can hold a slash.
func purpose(driver, name string) string { return "driver-secret/" + driver + "/" + name }
