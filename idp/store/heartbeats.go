package store

import (
	"context"
	"time"

	"github.com/ringtail-id/ringtail/idp/admin/health"
)

var _ health.Nodes = (*Store)(nil)

type nodeRow struct {
	ID       string               `db:"id"`
	Host     string               `db:"host"`
	Version  string               `db:"version"`
	Started  stamp                `db:"started"`
	Seen     stamp                `db:"seen"`
	Revision int                  `db:"revision"`
	State    jsonOf[health.State] `db:"state"`
}

// PutNode implements health.Nodes.
func (s *Store) PutNode(ctx context.Context, n health.Node, forget time.Time) error {
	row := nodeRow{n.ID, n.Host, n.Version, at(n.Started), at(n.Seen), n.Revision, asJSON(n.State)}
	return s.write(ctx, func(tx *txn) error {
		if _, err := tx.Exec(`DELETE FROM nodes WHERE seen < ?`, at(forget)); err != nil {
			return err
		}
		return only(tx.NamedExec(`INSERT INTO nodes (id, host, version, started, seen, revision, state)
			VALUES (:id, :host, :version, :started, :seen, :revision, :state)
			ON CONFLICT (id) DO UPDATE SET host = excluded.host, version = excluded.version, started = excluded.started,
			seen = excluded.seen, revision = excluded.revision, state = excluded.state`, row))
	})
}

// Nodes implements health.Nodes.
func (s *Store) Nodes(ctx context.Context) ([]health.Node, error) {
	var rows []nodeRow
	if err := s.read.Select(ctx, &rows, `SELECT id, host, version, started, seen, revision, state FROM nodes ORDER BY started, id`); err != nil {
		return nil, err
	}
	all := make([]health.Node, len(rows))
	for i, r := range rows {
		all[i] = health.Node{
			ID: r.ID, Host: r.Host, Version: r.Version, Started: r.Started.Time, Seen: r.Seen.Time, Revision: r.Revision, State: r.State.V,
		}
	}
	return all, nil
}

// RemoveNode implements health.Nodes.
func (s *Store) RemoveNode(ctx context.Context, id string) error {
	return s.write(ctx, func(tx *txn) error {
		return only(tx.Exec(`DELETE FROM nodes WHERE id = ?`, id))
	})
}

// Size is how large the database is, in bytes.
func (s *Store) Size(ctx context.Context) (bytes int64, err error) {
	err = s.read.Get(ctx, &bytes, s.d.size)
	return bytes, err
}
