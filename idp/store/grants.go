package store

import (
	"context"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oidc"
)

var _ oidc.Stores = (*Store)(nil)

type grantRow struct {
	ID            string           `db:"id"`
	ClientID      string           `db:"client_id"`
	UserID        string           `db:"user_id"`
	Session       string           `db:"session"`
	Scopes        jsonOf[[]string] `db:"scopes"`
	Nonce         string           `db:"nonce"`
	AuthTime      stamp            `db:"auth_time"`
	ACR           string           `db:"acr"`
	AMR           jsonOf[[]string] `db:"amr"`
	CodeHash      string           `db:"code_hash"`
	RedirectURI   string           `db:"redirect_uri"`
	Challenge     string           `db:"challenge"`
	CodeExpiresAt stamp            `db:"code_expires_at"`
	RedeemedAt    stamp            `db:"redeemed_at"`
	CreatedAt     stamp            `db:"created_at"`
	ExpiresAt     stamp            `db:"expires_at"`
	RevokedAt     stamp            `db:"revoked_at"`
	Kind          string           `db:"kind"`
	Resources     jsonOf[[]string] `db:"resources"`
	Actor         string           `db:"actor"`
	Parent        string           `db:"parent"`

	Claims jsonOf[*idp.ClaimsRequest] `db:"claims"`
}

const (
	// A grant ends with the one that it came from.
	selectGrant = `SELECT id, client_id, user_id, session, scopes, nonce, auth_time, acr, amr, code_hash, redirect_uri,
		challenge, code_expires_at, redeemed_at, created_at, expires_at,
		CASE WHEN revoked_at = 0 AND parent <> ''
			THEN coalesce((SELECT p.revoked_at FROM grants p WHERE p.id = grants.parent), grants.created_at)
			ELSE revoked_at END AS revoked_at,
		kind, resources, actor, parent, claims FROM grants`
	insertGrant = `INSERT INTO grants (id, client_id, user_id, session, scopes, nonce, auth_time, acr, amr, code_hash,
		redirect_uri, challenge, code_expires_at, redeemed_at, created_at, expires_at, revoked_at,
		kind, resources, actor, parent, claims)
		VALUES (:id, :client_id, :user_id, :session, :scopes, :nonce, :auth_time, :acr, :amr, :code_hash,
		:redirect_uri, :challenge, :code_expires_at, :redeemed_at, :created_at, :expires_at, :revoked_at,
		:kind, :resources, :actor, :parent, :claims)`
)

func rowOfGrant(g *oidc.Grant) grantRow {
	return grantRow{
		ID: g.ID, ClientID: g.ClientID, UserID: g.UserID, Session: g.Session, Scopes: asJSON(g.Scopes),
		Nonce: g.Nonce, AuthTime: at(g.AuthTime), ACR: g.ACR, AMR: asJSON(g.AMR),
		CodeHash: g.Code.Hash, RedirectURI: g.Code.RedirectURI, Challenge: g.Code.Challenge,
		CodeExpiresAt: at(g.Code.ExpiresAt), RedeemedAt: at(g.Code.RedeemedAt),
		CreatedAt: at(g.CreatedAt), ExpiresAt: at(g.ExpiresAt), RevokedAt: at(g.RevokedAt),
		Kind: string(g.Kind), Resources: asJSON(g.Resources), Actor: g.Actor, Parent: g.Parent, Claims: asJSON(g.Claims),
	}
}

func (r grantRow) grant() *oidc.Grant {
	return &oidc.Grant{
		ID: r.ID, ClientID: r.ClientID, UserID: r.UserID, Session: r.Session, Scopes: r.Scopes.V,
		Nonce: r.Nonce, AuthTime: r.AuthTime.Time, ACR: r.ACR, AMR: r.AMR.V,
		Code: oidc.Code{
			Hash: r.CodeHash, RedirectURI: r.RedirectURI, Challenge: r.Challenge,
			ExpiresAt: r.CodeExpiresAt.Time, RedeemedAt: r.RedeemedAt.Time,
		},
		CreatedAt: r.CreatedAt.Time, ExpiresAt: r.ExpiresAt.Time, RevokedAt: r.RevokedAt.Time,
		Kind: oidc.GrantKind(r.Kind), Resources: r.Resources.V, Actor: r.Actor, Parent: r.Parent, Claims: r.Claims.V,
	}
}

// CreateGrant implements oidc.Grants. An error where the user doesn't exist.
func (s *Store) CreateGrant(ctx context.Context, g *oidc.Grant, gives ...oidc.Token) error {
	row := newGrant(g)
	return s.writeHolding(ctx, nil, func(tx *txn) error {
		return createGrant(tx, row, gives)
	})
}

// CreateGrantOfLogin implements oidc.Grants.
func (s *Store) CreateGrantOfLogin(ctx context.Context, g *oidc.Grant, id string, change func(*idp.Login) error, gives ...oidc.Token) error {
	row := newGrant(g)
	return s.writeHolding(ctx, nil, func(tx *txn) error {
		if _, err := changeLogin(tx, id, change); err != nil {
			return err
		}
		return createGrant(tx, row, gives)
	})
}

// CreateGrantInSession implements oidc.Grants.
func (s *Store) CreateGrantInSession(ctx context.Context, g *oidc.Grant, change func(*idp.Session) error, gives ...oidc.Token) error {
	row := newGrant(g)
	return s.writeHolding(ctx, nil, func(tx *txn) error {
		if _, err := changeSession(tx, g.Session, change); err != nil {
			return err
		}
		return createGrant(tx, row, gives)
	})
}

func newGrant(g *oidc.Grant) grantRow {
	row := rowOfGrant(g)
	if row.Kind == "" {
		row.Kind = string(oidc.KindCode)
	}
	return row
}

// createGrant is a part of every transaction that makes a grant. The grant lives
// as long as the last of its tokens.
func createGrant(tx *txn, row grantRow, gives []oidc.Token) error {
	row.ExpiresAt = at(lastOf(row.ExpiresAt.Time, gives))
	if err := only(tx.NamedExec(insertGrant, row)); err != nil {
		return err
	}
	if idp.IsDynamicID(row.ClientID) {
		if err := used(tx, row.ClientID, row.CreatedAt.Time); err != nil {
			return err
		}
	}
	err := only(tx.Exec(`INSERT INTO session_clients (session, client_id, user_id, since)
		SELECT id, ?, user_id, ? FROM sessions WHERE id = ?
		ON CONFLICT (session, client_id) DO NOTHING`, row.ClientID, row.CreatedAt, row.Session))
	if err != nil {
		return err
	}
	return insertTokens(tx, gives)
}

// GrantByCode implements oidc.Grants.
func (s *Store) GrantByCode(ctx context.Context, codeHash string) (*oidc.Grant, error) {
	var row grantRow
	if err := s.read.Get(ctx, &row, selectGrant+` WHERE code_hash = ?`, codeHash); err != nil {
		return nil, err
	}
	return row.grant(), nil
}

// GrantOfSession implements oidc.Grants.
func (s *Store) GrantOfSession(ctx context.Context, userID, session, clientID string, now time.Time) (*oidc.Grant, error) {
	var row grantRow
	err := s.read.Get(ctx, &row, selectGrant+` WHERE user_id = ? AND session = ? AND client_id = ? AND grants.revoked_at = 0
		AND expires_at > ? AND kind <> ? ORDER BY created_at DESC, id LIMIT 1`, userID, session, clientID, at(now), string(oidc.KindExchange))
	if err != nil {
		return nil, err
	}
	return row.grant(), nil
}

// RedeemCode implements oidc.Grants. The one UPDATE decides who redeems.
func (s *Store) RedeemCode(ctx context.Context, codeHash string, now time.Time, gives []oidc.Token) (bool, error) {
	won := false
	err := s.writeHolding(ctx, nil, func(tx *txn) error {
		n, err := tx.Exec(`UPDATE grants SET redeemed_at = ?, expires_at = ?
			WHERE code_hash = ? AND redeemed_at = 0 AND revoked_at = 0 AND code_expires_at > ?`,
			at(now), at(lastOf(now, gives)), codeHash, at(now))
		if err != nil {
			return err
		}
		if won = n == 1; won {
			return insertTokens(tx, gives)
		}
		return only(tx.Exec(`UPDATE grants SET revoked_at = ? WHERE code_hash = ? AND revoked_at = 0`, at(now), codeHash))
	})
	return won && err == nil, err
}

// RevokeGrant implements oidc.Grants. A grant that is revoked or gone stays so.
func (s *Store) RevokeGrant(ctx context.Context, id string, now time.Time) error {
	return s.write(ctx, func(tx *txn) error {
		return revokeGrant(tx, id, now)
	})
}

func revokeGrant(tx *txn, id string, now time.Time) error {
	return only(tx.Exec(`UPDATE grants SET revoked_at = ? WHERE id = ? AND revoked_at = 0`, at(now), id))
}

// lastOf is when the last of the tokens expires.
func lastOf(now time.Time, tokens []oidc.Token) time.Time {
	last := now
	for _, t := range tokens {
		if t.ExpiresAt.After(last) {
			last = t.ExpiresAt
		}
	}
	return last
}
