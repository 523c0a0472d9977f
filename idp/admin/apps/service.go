package apps

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/keyring"
	"github.com/ringtail-id/ringtail/idp/oauth/clientauth"
	"github.com/ringtail-id/ringtail/idp/register"
)

// IDs of the problems that this section tells of.
const (
	problemUnknown = "app_unknown"      // no client has the ID; 404
	problemTaken   = "app_taken"        // another client has the ID; 409
	problemFile    = "app_of_file"      // the settings file manages the client; 409
	problemInvalid = "app_invalid"      // the registration has a fault; 422
	problemScope   = "app_admin_scopes" // it is about scopes of the admin API; 403
	problemSecret  = "app_secretless"   // the client has no secret; 409
)

// Store keeps registrations. Errors: idp.ErrNotFound, idp.ErrTaken.
type Store interface {
	idp.Clients
	// SearchClients are up to limit clients after the ID, in the order of IDs, whose ID
	// or name has the text, in any case; all for an empty text.
	SearchClients(ctx context.Context, text, after string, limit int) ([]*idp.Client, error)
	CreateClient(ctx context.Context, c *idp.Client) error
	UpdateClient(ctx context.Context, id string, change func(*idp.Client) error) (*idp.Client, error)
	DeleteClient(ctx context.Context, id string) error
}

// Options for NewService. All are required but Files, BuiltIn and Rand.
type Options struct {
	Store Store
	// Files are the clients that the settings file manages.
	Files []idp.Client
	// BuiltIn are IDs that no registration can have.
	BuiltIn []string
	Rules   idp.ClientRules
	Keyring *keyring.Keyring
	Trail   audit.Trail
	Rand    io.Reader
}

// Service changes registrations.
type Service struct{ Options }

// App is a client with where it comes from.
type App struct {
	*idp.Client
	// File says that the settings file manages it.
	File bool
}

// Tag names the registration as it is, for If-Match and forms.
func (s *Service) Tag(c *idp.Client) string {
	return s.Keyring.Hash("app-tag", fmt.Sprintf("%+v", register.RecordOf(c)), c.SecretHash)[:16]
}

// app is the client of the ID, the file's first.
func (s *Service) app(ctx context.Context, id string) (App, error) {
	if i := slices.IndexFunc(s.Files, func(c idp.Client) bool { return c.ID == id }); i >= 0 {
		return App{Client: &s.Files[i], File: true}, nil
	}
	c, err := s.Store.ClientByID(ctx, id)
	if errors.Is(err, idp.ErrNotFound) {
		return App{}, &idp.Problem{ID: problemUnknown, Status: http.StatusNotFound}
	}
	return App{Client: c}, err
}

// maxSearch bounds what is searched for, in bytes.
const maxSearch = 200

// search are up to limit applications after the ID, those of the file among them.
func (s *Service) search(ctx context.Context, text, after string, limit int) ([]App, error) {
	if len(text) > maxSearch {
		return nil, nil
	}
	stored, err := s.Store.SearchClients(ctx, text, after, limit)
	if err != nil {
		return nil, err
	}
	var all []App
	for i := range s.Files {
		if c := &s.Files[i]; c.ID > after && (has(c.ID, text) || has(c.Name, text)) {
			all = append(all, App{Client: c, File: true})
		}
	}
	for _, c := range stored {
		if !slices.ContainsFunc(s.Files, func(f idp.Client) bool { return f.ID == c.ID }) {
			all = append(all, App{Client: c})
		}
	}
	slices.SortFunc(all, func(a, b App) int { return cmp.Compare(a.ID, b.ID) })
	return all[:min(limit, len(all))], nil
}

func has(text, part string) bool {
	return strings.Contains(strings.ToLower(text), strings.ToLower(part))
}

// managed refuses what the settings file manages and what is built in.
func (s *Service) managed(id string) error {
	if slices.Contains(s.BuiltIn, id) {
		return &idp.Problem{ID: problemTaken, Status: http.StatusConflict}
	}
	if slices.ContainsFunc(s.Files, func(c idp.Client) bool { return c.ID == id }) {
		return &idp.Problem{ID: problemFile, Status: http.StatusConflict}
	}
	return nil
}

// administers says whether the client may use the admin API.
func administers(c *idp.Client) bool {
	return slices.ContainsFunc(c.Scopes, func(scope string) bool { return slices.Contains(idp.AdminScopes(), scope) })
}

// mayHave refuses whoever edits applications and no administrators what would give
// them the admin API: its scopes, and a hand on a client that has some.
func mayHave(a *admin.Actor, clients ...*idp.Client) error {
	if slices.ContainsFunc(clients, administers) && !a.May(admin.AdministratorsEdit) {
		return &idp.Problem{ID: problemScope, Status: http.StatusForbidden, Field: "scope"}
	}
	return nil
}

// Create registers the client of the record, and returns its secret, empty where it
// has none. Faults of the registration are idp.Faults.
func (s *Service) Create(ctx context.Context, a *admin.Actor, record register.Record) (secret string, err error) {
	c := record.Client()
	c.SigningAlg = cmp.Or(c.SigningAlg, "RS256")
	if err := errors.Join(s.managed(c.ID), mayHave(a, c)); err != nil {
		return "", err
	}
	if c.TakesSecret() {
		if secret, err = s.giveSecret(c); err != nil {
			return "", err
		}
	}
	if err := c.Validate(s.Rules); err != nil {
		return "", err
	}
	if _, err := s.Store.ClientByID(ctx, c.ID); !errors.Is(err, idp.ErrNotFound) {
		return "", cmp.Or[error](err, &idp.Problem{ID: problemTaken, Status: http.StatusConflict, Field: "client_id"})
	}
	if err := s.Trail.Append(ctx, a.Event(audit.TypeClientRegistered, c.ID, changes(&idp.Client{}, c))); err != nil {
		return "", fmt.Errorf("recording a registration: %w", err)
	}
	err = s.Store.CreateClient(ctx, c)
	if errors.Is(err, idp.ErrTaken) {
		return "", &idp.Problem{ID: problemTaken, Status: http.StatusConflict, Field: "client_id"}
	}
	return secret, err
}

func (s *Service) giveSecret(c *idp.Client) (string, error) {
	secret, err := idp.NewSecret(s.Rand)
	if err != nil {
		return "", err
	}
	c.SecretHash = clientauth.HashSecret(s.Keyring, c.ID, secret)
	return secret, nil
}

// Update changes the client of the record to it; tag is Tag of what was seen. It
// returns a secret where the client takes one now and had none.
func (s *Service) Update(ctx context.Context, a *admin.Actor, tag string, record register.Record) (secret string, err error) {
	err = s.change(ctx, a, record.ID, tag, audit.TypeClientChanged, func(c *idp.Client) error {
		record.Metadata.Apply(c)
		record.Own.Apply(c)
		c.SigningAlg = cmp.Or(c.SigningAlg, "RS256")
		switch {
		case !c.TakesSecret():
			c.SecretHash = ""
		case c.SecretHash == "":
			if secret, err = s.giveSecret(c); err != nil {
				return err
			}
		}
		return c.Validate(s.Rules)
	})
	return secret, err
}

// Rotate gives the client a new secret, which it returns; the old one is void at once.
func (s *Service) Rotate(ctx context.Context, a *admin.Actor, id, tag string) (secret string, err error) {
	err = s.change(ctx, a, id, tag, audit.TypeClientChanged, func(c *idp.Client) error {
		if !c.TakesSecret() {
			return &idp.Problem{ID: problemSecret, Status: http.StatusConflict}
		}
		secret, err = s.giveSecret(c)
		return err
	})
	return secret, err
}

// change lets do alter the client as it was when its tag was seen. It is recorded
// first; the store holds once more to that nothing changed meanwhile.
func (s *Service) change(ctx context.Context, a *admin.Actor, id, tag, kind string, do func(*idp.Client) error) error {
	if err := s.managed(id); err != nil {
		return err
	}
	before, err := s.app(ctx, id)
	if err != nil {
		return err
	}
	after := *before.Client
	if s.Tag(before.Client) != tag {
		return &idp.Problem{ID: admin.ProblemConflict, Status: http.StatusConflict}
	}
	if err := do(&after); err != nil {
		return err
	}
	if err := mayHave(a, before.Client, &after); err != nil {
		return err
	}
	if err := s.Trail.Append(ctx, a.Event(kind, id, changes(before.Client, &after))); err != nil {
		return fmt.Errorf("recording a change of a registration: %w", err)
	}
	_, err = s.Store.UpdateClient(ctx, id, func(c *idp.Client) error {
		if s.Tag(c) != tag {
			return &idp.Problem{ID: admin.ProblemConflict, Status: http.StatusConflict}
		}
		*c = after
		return nil
	})
	return err
}

// Delete takes the client away, with all that it was given.
func (s *Service) Delete(ctx context.Context, a *admin.Actor, id string) error {
	if err := s.managed(id); err != nil {
		return err
	}
	app, err := s.app(ctx, id)
	if err != nil {
		return err
	}
	if err := mayHave(a, app.Client); err != nil {
		return err
	}
	if err := s.Trail.Append(ctx, a.Event(audit.TypeClientDeleted, id, map[string]any{"name": app.Name})); err != nil {
		return fmt.Errorf("recording the end of a registration: %w", err)
	}
	err = s.Store.DeleteClient(ctx, id)
	if errors.Is(err, idp.ErrNotFound) {
		return &idp.Problem{ID: problemUnknown, Status: http.StatusNotFound}
	}
	return err
}
