package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/idp/register"
)

var _ register.Records = (*Store)(nil)

type registrationRow struct {
	ClientID     string           `db:"client_id"`
	Previous     string           `db:"previous"`
	RotatedAt    stamp            `db:"rotated_at"`
	InitialToken string           `db:"initial_token"`
	Grants       jsonOf[[]string] `db:"grants"`
	Scopes       jsonOf[[]string] `db:"scopes"`
	Held         bool             `db:"held"`
	UsedAt       stamp            `db:"used_at"`
}

const selectRegistration = `SELECT client_id, previous, rotated_at, initial_token, grants, scopes, held, used_at FROM registrations WHERE client_id = ?`

// getter is what reads one row: the reading side, or a write's own.
type getter func(dest any, query string, args ...any) error

// registered reads a client with its registration.
func registered(get getter, id string) (*register.Registered, error) {
	var r registrationRow
	if err := get(&r, selectRegistration, id); err != nil {
		return nil, err
	}
	var c clientRow
	if err := get(&c, selectClient+` WHERE id = ?`, id); err != nil {
		return nil, err
	}
	return &register.Registered{
		Client: c.client(), Previous: r.Previous, RotatedAt: r.RotatedAt.Time, InitialToken: r.InitialToken, Grants: r.Grants.V, Scopes: r.Scopes.V, Held: r.Held,
	}, nil
}

// RegisterClient implements register.Records.
func (s *Store) RegisterClient(ctx context.Context, r *register.Registered, e register.Entry) error {
	client := rowOfClient(r.Client)
	row := registrationRow{
		ClientID: client.ID, Previous: r.Previous, RotatedAt: at(r.RotatedAt), InitialToken: r.InitialToken,
		Grants: asJSON(r.Grants), Scopes: asJSON(r.Scopes), Held: r.Held, UsedAt: at(e.Now),
	}
	return s.write(ctx, func(tx *txn) error {
		if err := enter(tx, e); err != nil {
			return err
		}
		if err := only(tx.NamedExec(insertClient, client)); err != nil {
			return err
		}
		return only(tx.NamedExec(`INSERT INTO registrations (client_id, previous, rotated_at, initial_token, grants, scopes, held, used_at)
			VALUES (:client_id, :previous, :rotated_at, :initial_token, :grants, :scopes, :held, :used_at)`, row))
	})
}

// enter takes what a registration takes.
func enter(tx *txn, e register.Entry) error {
	if e.TokenHash != "" {
		n, err := tx.Exec(`UPDATE initial_tokens SET uses_left = uses_left - 1 WHERE hash = ? AND uses_left > 0 AND expires_at > ?`,
			e.TokenHash, at(e.Now))
		if err != nil {
			return err
		}
		if n == 0 {
			return register.ErrOver
		}
	}
	if e.Network != "" {
		err := charge(tx, []otp.Charge{{Key: "register:" + e.Network, Amount: 1, Limit: int64(e.PerNetwork), Until: e.Until}}, e.Now)
		if over := new(otp.OverError); errors.As(err, &over) {
			return &register.BusyError{Until: over.Until}
		}
		if err != nil {
			return err
		}
	}
	var registered int
	if err := tx.Get(&registered, `SELECT count(*) FROM registrations`); err != nil {
		return err
	}
	if registered >= e.Most {
		return register.ErrFull
	}
	return nil
}

// RegisteredClient implements register.Records.
func (s *Store) RegisteredClient(ctx context.Context, id string) (*register.Registered, error) {
	return registered(func(dest any, query string, args ...any) error { return s.read.Get(ctx, dest, query, args...) }, id)
}

// UpdateRegistered implements register.Records.
func (s *Store) UpdateRegistered(ctx context.Context, id string, change func(*register.Registered) error) error {
	return s.write(ctx, func(tx *txn) error {
		r, err := registered(tx.Get, id)
		if err != nil {
			return err
		}
		created := r.Client.CreatedAt
		if err := change(r); err != nil {
			return err
		}
		next := rowOfClient(r.Client)
		next.ID, next.CreatedAt = id, at(created)
		if err := only(tx.NamedExec(updateClient, next)); err != nil {
			return err
		}
		return one(tx.Exec(`UPDATE registrations SET previous = ?, rotated_at = ? WHERE client_id = ?`, r.Previous, at(r.RotatedAt), id))
	})
}

// DeleteRegistered implements register.Records.
func (s *Store) DeleteRegistered(ctx context.Context, id string, check func(*register.Registered) error) error {
	return s.write(ctx, func(tx *txn) error {
		r, err := registered(tx.Get, id)
		if err != nil {
			return err
		}
		if err := check(r); err != nil {
			return err
		}
		return deleteClient(tx, id)
	})
}

// SweepRegistrations deletes up to limit clients that registered themselves and
// that nobody has signed in to since the given time, and returns how many it looked
// at. Call it again while that is not 0. A client that somebody is signed in to
// then counts as used now.
func (s *Store) SweepRegistrations(ctx context.Context, unusedSince, now time.Time, limit int) (int, error) {
	seen := 0
	err := s.write(ctx, func(tx *txn) error {
		var ids []string
		err := tx.Select(&ids, `SELECT client_id FROM registrations WHERE used_at <= ? ORDER BY used_at LIMIT ?`, at(unusedSince), max(limit, 0))
		if err != nil {
			return err
		}
		seen = len(ids)
		for _, id := range ids {
			if err := sweepRegistration(tx, id, now); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("sweeping registrations: %w", err)
	}
	return seen, nil
}

func sweepRegistration(tx *txn, id string, now time.Time) error {
	r, err := registered(tx.Get, id)
	if err != nil {
		return err
	}
	var grants int
	err = tx.Get(&grants, `SELECT count(*) FROM grants WHERE client_id = ? AND expires_at > ? AND revoked_at = 0`, id, at(now))
	if err != nil {
		return err
	}
	if grants == 0 && !r.Kept() {
		return deleteClient(tx, id)
	}
	return used(tx, id, now)
}

// used notes that a client that registered itself is in use.
func used(tx *txn, id string, now time.Time) error {
	return only(tx.Exec(`UPDATE registrations SET used_at = ? WHERE client_id = ?`, at(now), id))
}

// hold notes that somebody else than the client itself changed what it may do; a
// client that didn't register itself has no row.
func hold(tx *txn, before, now clientRow) error {
	same := slices.Equal(before.Grants.V, now.Grants.V) && slices.Equal(before.Scopes.V, now.Scopes.V) &&
		slices.Equal(before.Metadata.V.ResponseTypes, now.Metadata.V.ResponseTypes) && before.WaivePKCE == now.WaivePKCE
	if same {
		return nil
	}
	_, err := tx.Exec(`UPDATE registrations SET held = 1 WHERE client_id = ?`, now.ID)
	return err
}
