package store

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/consent"
	"github.com/ringtail-id/ringtail/idp/oidc"
)

var (
	_ consent.Records  = (*Store)(nil)
	_ consent.Register = (*Store)(nil)
)

type consentRow struct {
	ClientID string `db:"client_id"`
	Kind     string `db:"kind"`
	Name     string `db:"name"`
	Since    stamp  `db:"since"`
}

func (r consentRow) item() consent.Item {
	return consent.Item{Kind: consent.Kind(r.Kind), Name: r.Name}
}

// GivenConsent implements consent.Records.
func (s *Store) GivenConsent(ctx context.Context, userID, clientID string) ([]consent.Item, error) {
	var rows []consentRow
	err := s.read.Select(ctx, &rows, `SELECT client_id, kind, name, since FROM consents
		WHERE user_id = ? AND client_id = ? ORDER BY since, kind, name`, userID, clientID)
	if err != nil {
		return nil, err
	}
	var items []consent.Item
	for _, row := range rows {
		items = append(items, row.item())
	}
	return items, nil
}

// GiveConsent implements consent.Records. An error where the user doesn't exist.
func (s *Store) GiveConsent(ctx context.Context, userID, clientID string, items []consent.Item, since time.Time) error {
	return s.write(ctx, func(tx *txn) error {
		for _, item := range items {
			_, err := tx.Exec(`INSERT INTO consents (user_id, client_id, kind, name, since) VALUES (?, ?, ?, ?, ?)
				ON CONFLICT (user_id, client_id, kind, name) DO NOTHING`,
				userID, clientID, string(item.Kind), item.Name, at(since))
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// Accesses implements consent.Register.
func (s *Store) Accesses(ctx context.Context, userID string, now time.Time) ([]consent.Access, error) {
	var given []consentRow
	err := s.read.Select(ctx, &given, `SELECT client_id, kind, name, since FROM consents
		WHERE user_id = ? ORDER BY client_id, since, kind, name`, userID)
	if err != nil {
		return nil, err
	}
	granted, err := s.standingGrants(ctx, userID, now)
	if err != nil {
		return nil, err
	}
	byClient := map[string]*consent.Access{}
	for _, row := range slices.Concat(given, granted) {
		access := byClient[row.ClientID]
		if access == nil {
			access = &consent.Access{ClientID: row.ClientID, Since: row.Since.Time}
			byClient[row.ClientID] = access
		}
		if !slices.Contains(access.Items, row.item()) {
			access.Items = append(access.Items, row.item())
		}
		if row.Since.Before(access.Since) {
			access.Since = row.Since.Time
		}
	}
	var all []consent.Access
	for _, id := range slices.Sorted(maps.Keys(byClient)) {
		all = append(all, *byClient[id])
	}
	return all, nil
}

type standingRow struct {
	ClientID  string           `db:"client_id"`
	Scopes    jsonOf[[]string] `db:"scopes"`
	CreatedAt stamp            `db:"created_at"`
	EndedAt   stamp            `db:"ended_at"`
	EndsAt    stamp            `db:"ends_at"`
}

// standingGrants are the scopes of the user's grants that stand at now: not
// revoked, not over, and their session neither unless they outlive it.
func (s *Store) standingGrants(ctx context.Context, userID string, now time.Time) ([]consentRow, error) {
	var grants []standingRow
	err := s.read.Select(ctx, &grants, `SELECT g.client_id, g.scopes, g.created_at,
		coalesce(s.ended_at, 0) AS ended_at, coalesce(s.expires_at, 0) AS ends_at
		FROM grants g LEFT JOIN sessions s ON s.id = g.session
		WHERE g.user_id = ? AND g.revoked_at = 0 AND g.expires_at > ? ORDER BY g.created_at`, userID, at(now))
	if err != nil {
		return nil, err
	}
	var rows []consentRow
	for _, g := range grants {
		session := idp.Session{EndedAt: g.EndedAt.Time, ExpiresAt: g.EndsAt.Time}
		if grant := (oidc.Grant{Scopes: g.Scopes.V}); !grant.Offline() && !session.Stands(now) {
			continue
		}
		for _, scope := range g.Scopes.V {
			rows = append(rows, consentRow{ClientID: g.ClientID, Kind: string(consent.Scope), Name: scope, Since: g.CreatedAt})
		}
	}
	return rows, nil
}

// RevokeAccess implements consent.Register.
func (s *Store) RevokeAccess(ctx context.Context, userID, clientID string, now time.Time) error {
	return s.write(ctx, func(tx *txn) error {
		told := tellRevoked(tx, userID, clientID, now)
		_, revoked := tx.Exec(`UPDATE grants SET revoked_at = ? WHERE user_id = ? AND (client_id = ? OR actor = ?) AND revoked_at = 0`,
			at(now), userID, clientID, clientID)
		return errors.Join(told, revoked, forgetConsent(tx, userID, clientID))
	})
}

// tellRevoked queues a notice for each of the user's sessions in which the client
// has something: a grant, or a sign-in of its own that began with one. For the
// client the session is over, and its end is no more news.
func tellRevoked(tx *txn, userID, clientID string, now time.Time) error {
	_, granted := tx.Exec(queueNotices+`SELECT DISTINCT session, client_id, user_id, CAST(? AS BIGINT), CAST(? AS BIGINT), 0, '' FROM grants
		WHERE user_id = ? AND client_id = ? AND revoked_at = 0 AND expires_at > ? AND session <> '' ON CONFLICT DO NOTHING`,
		at(now), at(now), userID, clientID, at(now))
	signedIn := noticeSessions(tx, now, `c.user_id = ? AND c.client_id = ? AND s.ended_at = 0`, userID, clientID)
	_, forgotten := tx.Exec(`DELETE FROM session_clients WHERE user_id = ? AND client_id = ?`, userID, clientID)
	return errors.Join(granted, signedIn, forgotten)
}

// forgetConsent is a part of every transaction after which a person is to be
// asked anew. An empty clientID means all clients.
func forgetConsent(tx *txn, userID, clientID string) error {
	return only(tx.Exec(`DELETE FROM consents WHERE user_id = ? AND (client_id = ? OR ? = '')`, userID, clientID, clientID))
}
