package store

import (
	"context"
	"time"

	"github.com/ringtail-id/ringtail/idp"
)

type sessionRow struct {
	ID        string             `db:"id"`
	UserID    string             `db:"user_id"`
	Browser   string             `db:"browser"`
	Facts     jsonOf[[]idp.Fact] `db:"facts"`
	AuthTime  stamp              `db:"auth_time"`
	CreatedAt stamp              `db:"created_at"`
	SeenAt    stamp              `db:"seen_at"`
	ExpiresAt stamp              `db:"expires_at"`
	EndedAt   stamp              `db:"ended_at"`
	UserAgent string             `db:"user_agent"`
	Address   string             `db:"address"`
}

const (
	selectSessions = `SELECT id, user_id, browser, facts, auth_time, created_at, seen_at, expires_at, ended_at,
		user_agent, address FROM sessions`
	insertSession = `INSERT INTO sessions (id, user_id, browser, facts, auth_time, created_at, seen_at, expires_at, ended_at,
		user_agent, address)
		VALUES (:id, :user_id, :browser, :facts, :auth_time, :created_at, :seen_at, :expires_at, :ended_at,
		:user_agent, :address)`
	touchSession = `UPDATE sessions SET browser = :browser, facts = :facts, auth_time = :auth_time,
		created_at = :created_at, seen_at = :seen_at, ended_at = :ended_at,
		user_agent = :user_agent, address = :address WHERE id = :id`
	updateSession = `UPDATE sessions SET user_id = :user_id, browser = :browser, facts = :facts, auth_time = :auth_time,
		created_at = :created_at, seen_at = :seen_at, expires_at = :expires_at, ended_at = :ended_at,
		user_agent = :user_agent, address = :address WHERE id = :id`
)

func rowOfSession(s *idp.Session) sessionRow {
	return sessionRow{
		ID: s.ID, UserID: s.UserID, Browser: s.Browser, Facts: asJSON(s.Facts), AuthTime: at(s.AuthTime),
		CreatedAt: at(s.CreatedAt), SeenAt: at(s.SeenAt), ExpiresAt: at(s.ExpiresAt), EndedAt: at(s.EndedAt),
		UserAgent: s.UserAgent, Address: s.Address,
	}
}

func (r sessionRow) session() *idp.Session {
	return &idp.Session{
		ID: r.ID, UserID: r.UserID, Browser: r.Browser, Facts: r.Facts.V, AuthTime: r.AuthTime.Time,
		CreatedAt: r.CreatedAt.Time, SeenAt: r.SeenAt.Time, ExpiresAt: r.ExpiresAt.Time, EndedAt: r.EndedAt.Time,
		UserAgent: r.UserAgent, Address: r.Address,
	}
}

// CreateSession stores a session that no login led to, for who fills a database; people
// sign in by SignIn. ErrTaken where another has the ID; an error where the user doesn't
// exist.
func (s *Store) CreateSession(ctx context.Context, session *idp.Session) error {
	row := rowOfSession(session)
	return s.writeHolding(ctx, nil, func(tx *txn) error {
		return only(tx.NamedExec(insertSession, row))
	})
}

// SessionByID implements login.Sessions. A session that ended or expired is
// found until it is swept.
func (s *Store) SessionByID(ctx context.Context, id string) (*idp.Session, error) {
	var row sessionRow
	if err := s.read.Get(ctx, &row, selectSessions+` WHERE id = ?`, id); err != nil {
		return nil, err
	}
	return row.session(), nil
}

// SessionsOf returns the user's sessions that stand at now, those seen last first,
// at most 200: a person has no more browsers, and an attack on one account can't
// fill a page without end.
func (s *Store) SessionsOf(ctx context.Context, userID string, now time.Time) ([]*idp.Session, error) {
	var rows []sessionRow
	err := s.read.Select(ctx, &rows, selectSessions+` WHERE user_id = ? AND ended_at = 0 AND expires_at > ?
		ORDER BY seen_at DESC, id LIMIT 200`, userID, at(now))
	if err != nil {
		return nil, err
	}
	sessions := make([]*idp.Session, len(rows))
	for i, row := range rows {
		sessions[i] = row.session()
	}
	return sessions, nil
}

// UpdateSession implements login.Sessions. The ID stays whatever change does.
// Where change ends the session, its relying parties are to be told.
func (s *Store) UpdateSession(ctx context.Context, id string, change func(*idp.Session) error) (*idp.Session, error) {
	var updated *idp.Session
	err := s.writeHolding(ctx, nil, func(tx *txn) (err error) {
		updated, err = changeSession(tx, id, change)
		return err
	})
	if err != nil {
		return nil, err
	}
	return updated, nil
}

func changeSession(tx *txn, id string, change func(*idp.Session) error) (*idp.Session, error) {
	var row sessionRow
	if err := tx.GetForUpdate(&row, selectSessions+` WHERE id = ?`, id); err != nil {
		return nil, err
	}
	session := row.session()
	if err := change(session); err != nil {
		return nil, err
	}
	next := rowOfSession(session)
	next.ID = row.ID
	if row.EndedAt.IsZero() && !next.EndedAt.IsZero() {
		if err := noticeSessions(tx, next.EndedAt.Time, `s.id = ?`, id); err != nil {
			return nil, err
		}
	}
	// An index is written anew for a column that is set, whatever it is set to.
	if next.UserID == row.UserID && next.ExpiresAt.Equal(row.ExpiresAt.Time) {
		return next.session(), only(tx.NamedExec(touchSession, next))
	}
	return next.session(), only(tx.NamedExec(updateSession, next))
}
