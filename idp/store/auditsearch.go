package store

import (
	"context"
	"strings"

	"github.com/ringtail-id/ringtail/idp/audit"
)

// auditNarrow is up to how many records of a time are looked through by time,
// whatever else is asked for.
const auditNarrow = 50_000

// FindAudit implements audit.Reading. What it costs depends on how many records fit
// what is rarest of the query, not on how many there are. One case is left: few
// records that fit in a long time which isn't over, or has no beginning.
func (s *Store) FindAudit(ctx context.Context, q audit.Query, before int64, limit int) ([]audit.Row, error) {
	c := ofAudit(q)
	if before > 0 {
		c.add(`seq < ?`, before)
	}
	if err := s.betweenRecords(ctx, c, q); err != nil {
		return nil, err
	}
	query := selectAudit
	if len(c.parts) > 0 {
		query = strings.TrimSpace(selectAudit) + c.where()
	}
	return s.audit(ctx, query+` ORDER BY seq DESC LIMIT ?`, append(c.args, max(limit, 0))...)
}

// ofAudit has the index of the rarest condition used: of a client and a user, a
// database without statistics may well take the client's, which all records have.
func ofAudit(q audit.Query) *conditions {
	c := &conditions{}
	for _, e := range []struct{ column, value string }{ // the rarest first
		{"procedure", q.Procedure}, {"session_id", q.SessionID}, {"subject", q.Subject}, {"object", q.Object}, {"ip", q.IP},
		{"client_id", q.ClientID}, {"type", q.Type},
	} {
		switch {
		case e.value == "":
		case len(c.parts) == 0 && (q.About == "" || e.column == "procedure" || e.column == "session_id"):
			c.add(e.column+` = ? AND `+e.column+` <> ''`, e.value)
		default:
			c.add(`(`+e.column+` || '') = ?`, e.value) // which no index serves
		}
	}
	switch {
	case q.About == "":
	case len(c.parts) > 0 && (q.Procedure != "" || q.SessionID != ""):
		c.add(`((subject || '') = ? OR (object || '') = ?)`, q.About, q.About)
	default:
		c.add(`(subject = ? AND subject <> '' OR object = ? AND object <> '')`, q.About, q.About)
	}
	return c
}

// betweenRecords adds the time that is asked for, and the first and the last record
// of it, so that records outside of it aren't looked at.
func (s *Store) betweenRecords(ctx context.Context, c *conditions, q audit.Query) error {
	within := &conditions{}
	if !q.From.IsZero() {
		within.add(`at >= ?`, at(q.From))
	}
	if !q.To.IsZero() {
		within.add(`at < ?`, at(q.To))
	}
	if len(within.parts) == 0 {
		return nil
	}
	for i, part := range within.parts {
		c.add(`(`+strings.Replace(part, "at", "at + 0", 1)+`)`, within.args[i])
	}
	var n int
	err := s.read.Get(ctx, &n, `SELECT count(*) FROM (SELECT 1 AS one FROM audit`+within.where()+` LIMIT ?) AS counted`, append(within.args, auditNarrow)...)
	if err != nil {
		return err
	}
	if n < auditNarrow {
		c.add(`seq >= (SELECT min(seq + 0) FROM audit`+within.where()+`)`, within.args...)
	}
	if n < auditNarrow || len(within.parts) == 2 && q.To.Before(s.now()) {
		c.add(`seq <= (SELECT max(seq + 0) FROM audit`+within.where()+`)`, within.args...)
	}
	return nil
}
