package store

import (
	"context"
	"strings"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin/apps"
)

var _ apps.Store = (*Store)(nil)

// SearchClients implements apps.Store.
func (s *Store) SearchClients(ctx context.Context, text, after string, limit int) ([]*idp.Client, error) {
	like := "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(strings.ToLower(text)) + "%"
	var rows []clientRow
	err := s.read.Select(ctx, &rows, selectClient+` WHERE id > ? AND (lower(id) LIKE ? ESCAPE '\' OR lower(name) LIKE ? ESCAPE '\')
		ORDER BY id LIMIT ?`, after, like, like, page(limit))
	if err != nil {
		return nil, err
	}
	clients := make([]*idp.Client, len(rows))
	for i, row := range rows {
		clients[i] = row.client()
	}
	return clients, nil
}
