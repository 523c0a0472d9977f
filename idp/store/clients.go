package store

import (
	"context"
	"slices"
	"time"

	"github.com/ringtail-id/ringtail/idp"
)

type clientRow struct {
	ID               string           `db:"id"`
	Name             string           `db:"name"`
	SecretHash       string           `db:"secret_hash"`
	AuthMethod       string           `db:"auth_method"`
	RedirectURIs     jsonOf[[]string] `db:"redirect_uris"`
	PostLogoutURIs   jsonOf[[]string] `db:"post_logout_uris"`
	Grants           jsonOf[[]string] `db:"grants"`
	Scopes           jsonOf[[]string] `db:"scopes"`
	SigningAlg       string           `db:"signing_alg"`
	WaivePKCE        bool             `db:"waive_pkce"`
	AskConsent       bool             `db:"ask_consent"`
	RequiredFactor   int              `db:"required_factor"`
	SecondFactors    jsonOf[[]string] `db:"second_factors"`
	AccessTokenLife  int64            `db:"access_token_life"`
	IDTokenLife      int64            `db:"id_token_life"`
	RefreshTokenLife int64            `db:"refresh_token_life"`
	CreatedAt        stamp            `db:"created_at"`

	Metadata jsonOf[idp.ClientMetadata] `db:"metadata"`
}

const (
	selectClient = `SELECT id, name, secret_hash, auth_method, redirect_uris, post_logout_uris, grants, scopes, signing_alg,
		waive_pkce, ask_consent, required_factor, second_factors, access_token_life, id_token_life, refresh_token_life,
		created_at, metadata FROM clients`
	insertClient = `INSERT INTO clients (id, name, secret_hash, auth_method, redirect_uris, post_logout_uris, grants, scopes,
		signing_alg, waive_pkce, ask_consent, required_factor, second_factors, access_token_life, id_token_life,
		refresh_token_life, created_at, metadata)
		VALUES (:id, :name, :secret_hash, :auth_method, :redirect_uris, :post_logout_uris, :grants, :scopes,
		:signing_alg, :waive_pkce, :ask_consent, :required_factor, :second_factors, :access_token_life, :id_token_life,
		:refresh_token_life, :created_at, :metadata)`
	updateClient = `UPDATE clients SET name = :name, secret_hash = :secret_hash, auth_method = :auth_method,
		redirect_uris = :redirect_uris, post_logout_uris = :post_logout_uris, grants = :grants, scopes = :scopes,
		signing_alg = :signing_alg, waive_pkce = :waive_pkce, ask_consent = :ask_consent,
		required_factor = :required_factor, second_factors = :second_factors, access_token_life = :access_token_life,
		id_token_life = :id_token_life, refresh_token_life = :refresh_token_life, metadata = :metadata
		WHERE id = :id`
)

func rowOfClient(c *idp.Client) clientRow {
	return clientRow{
		ID: c.ID, Name: c.Name, SecretHash: c.SecretHash, AuthMethod: c.AuthMethod,
		RedirectURIs: asJSON(c.RedirectURIs), PostLogoutURIs: asJSON(c.PostLogoutURIs),
		Grants: asJSON(c.Grants), Scopes: asJSON(c.Scopes), SigningAlg: c.SigningAlg,
		WaivePKCE: c.WaivePKCE, AskConsent: c.AskConsent,
		RequiredFactor: c.RequiredFactor, SecondFactors: asJSON(c.SecondFactors),
		AccessTokenLife:  c.AccessTokenLife.Microseconds(),
		IDTokenLife:      c.IDTokenLife.Microseconds(),
		RefreshTokenLife: c.RefreshTokenLife.Microseconds(),
		CreatedAt:        at(c.CreatedAt),
		Metadata:         asJSON(c.ClientMetadata),
	}
}

func (r clientRow) client() *idp.Client {
	return &idp.Client{
		ID: r.ID, Name: r.Name, SecretHash: r.SecretHash, AuthMethod: r.AuthMethod,
		RedirectURIs: r.RedirectURIs.V, PostLogoutURIs: r.PostLogoutURIs.V,
		Grants: r.Grants.V, Scopes: r.Scopes.V, SigningAlg: r.SigningAlg,
		WaivePKCE: r.WaivePKCE, AskConsent: r.AskConsent,
		RequiredFactor: r.RequiredFactor, SecondFactors: r.SecondFactors.V,
		AccessTokenLife:  time.Duration(r.AccessTokenLife) * time.Microsecond,
		IDTokenLife:      time.Duration(r.IDTokenLife) * time.Microsecond,
		RefreshTokenLife: time.Duration(r.RefreshTokenLife) * time.Microsecond,
		CreatedAt:        r.CreatedAt.Time,
		ClientMetadata:   r.Metadata.V,
	}
}

// ClientByID implements idp.Clients.
func (s *Store) ClientByID(ctx context.Context, id string) (*idp.Client, error) {
	var row clientRow
	if err := s.read.Get(ctx, &row, selectClient+` WHERE id = ?`, id); err != nil {
		return nil, err
	}
	return row.client(), nil
}

// ListClients returns up to limit clients (100 where it is not 1 to 1000) in
// the order of their IDs, those after the given ID; "" is before all.
func (s *Store) ListClients(ctx context.Context, after string, limit int) ([]*idp.Client, error) {
	var rows []clientRow
	err := s.read.Select(ctx, &rows, selectClient+` WHERE id > ? ORDER BY id LIMIT ?`, after, page(limit))
	if err != nil {
		return nil, err
	}
	clients := make([]*idp.Client, len(rows))
	for i, row := range rows {
		clients[i] = row.client()
	}
	return clients, nil
}

// CreateClient stores a new client. ErrTaken where another has the ID. A zero
// time of creation becomes now.
func (s *Store) CreateClient(ctx context.Context, c *idp.Client) error {
	row := rowOfClient(c)
	if row.CreatedAt.IsZero() {
		row.CreatedAt = at(s.now())
	}
	return s.write(ctx, func(tx *txn) error {
		return only(tx.NamedExec(insertClient, row))
	})
}

// UpdateClient is to clients what UpdateUser is to users. One that registered itself
// is held to what it has (register.Registered.Held) once that was changed here.
// ErrNotFound.
func (s *Store) UpdateClient(ctx context.Context, id string, change func(*idp.Client) error) (*idp.Client, error) {
	var updated *idp.Client
	err := s.write(ctx, func(tx *txn) error {
		var row clientRow
		if err := tx.Get(&row, selectClient+` WHERE id = ?`, id); err != nil {
			return err
		}
		c := row.client()
		before := row // change may write into lists that it was given
		before.Grants.V, before.Scopes.V = slices.Clone(row.Grants.V), slices.Clone(row.Scopes.V)
		before.Metadata.V.ResponseTypes = slices.Clone(row.Metadata.V.ResponseTypes)
		if err := change(c); err != nil {
			return err
		}
		next := rowOfClient(c)
		next.ID, next.CreatedAt = row.ID, row.CreatedAt
		updated = next.client()
		if err := only(tx.NamedExec(updateClient, next)); err != nil {
			return err
		}
		return hold(tx, before, next)
	})
	if err != nil {
		return nil, err
	}
	return updated, nil
}

// DeleteClient removes the client. ErrNotFound.
func (s *Store) DeleteClient(ctx context.Context, id string) error {
	return s.write(ctx, func(tx *txn) error { return deleteClient(tx, id) })
}

// deleteClient deletes a client with all that it was given and what people allowed
// it: another one of its ID has nothing of it and is to ask anew. idp.ErrNotFound.
func deleteClient(tx *txn, id string) error {
	if err := one(tx.Exec(`DELETE FROM clients WHERE id = ?`, id)); err != nil {
		return err
	}
	for _, table := range []string{"grants", "client_tokens", "consents"} {
		if err := only(tx.Exec(`DELETE FROM `+table+` WHERE client_id = ?`, id)); err != nil {
			return err
		}
	}
	return nil
}
