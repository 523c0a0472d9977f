package store

import (
	"context"
	"errors"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/login"
)

type loginRow struct {
	ID        string                           `db:"id"`
	Browser   string                           `db:"browser"`
	Request   jsonOf[idp.AuthorizationRequest] `db:"request"`
	State     string                           `db:"state"`
	UserID    string                           `db:"user_id"`
	Session   string                           `db:"session"`
	Facts     jsonOf[[]idp.Fact]               `db:"facts"`
	AuthTime  stamp                            `db:"auth_time"`
	Chosen    string                           `db:"chosen"`
	Consented bool                             `db:"consented"`
	Error     string                           `db:"error"`
	Forms     jsonOf[[]string]                 `db:"forms"`
	CreatedAt stamp                            `db:"created_at"`
	ExpiresAt stamp                            `db:"expires_at"`
}

const (
	selectLogin = `SELECT id, browser, request, state, user_id, session, facts, auth_time, chosen, consented, error, forms,
		created_at, expires_at FROM logins WHERE id = ?`
	insertLogin = `INSERT INTO logins (id, browser, request, state, user_id, session, facts, auth_time, chosen, consented,
		error, forms, created_at, expires_at)
		VALUES (:id, :browser, :request, :state, :user_id, :session, :facts, :auth_time, :chosen, :consented,
		:error, :forms, :created_at, :expires_at)`
	updateLogin = `UPDATE logins SET state = :state, user_id = :user_id, session = :session, facts = :facts,
		auth_time = :auth_time, chosen = :chosen, consented = :consented, error = :error, forms = :forms WHERE id = :id`
)

func rowOfLogin(l *idp.Login) loginRow {
	return loginRow{
		ID: l.ID, Browser: l.Browser, Request: asJSON(l.Request), State: string(l.State),
		UserID: l.UserID, Session: l.Session, Facts: asJSON(l.Facts), AuthTime: at(l.AuthTime),
		Chosen: l.Chosen, Consented: l.Consented, Error: l.Error, Forms: asJSON(l.Forms),
		CreatedAt: at(l.CreatedAt), ExpiresAt: at(l.ExpiresAt),
	}
}

func (r loginRow) login() *idp.Login {
	return &idp.Login{
		ID: r.ID, Browser: r.Browser, Request: r.Request.V, State: idp.LoginState(r.State),
		UserID: r.UserID, Session: r.Session, Facts: r.Facts.V, AuthTime: r.AuthTime.Time,
		Chosen: r.Chosen, Consented: r.Consented, Error: r.Error, Forms: r.Forms.V,
		CreatedAt: r.CreatedAt.Time, ExpiresAt: r.ExpiresAt.Time,
	}
}

// CreateLogin stores a new login. ErrTaken where another has the ID.
func (s *Store) CreateLogin(ctx context.Context, l *idp.Login) error {
	row := rowOfLogin(l)
	return s.writeHolding(ctx, nil, func(tx *txn) error {
		return only(tx.NamedExec(insertLogin, row))
	})
}

// LoginByID implements login.Logins. An expired login is found until it is swept.
func (s *Store) LoginByID(ctx context.Context, id string) (*idp.Login, error) {
	var row loginRow
	if err := s.read.Get(ctx, &row, selectLogin, id); err != nil {
		return nil, err
	}
	return row.login(), nil
}

// UpdateLogin implements login.Logins.
func (s *Store) UpdateLogin(ctx context.Context, id string, change func(*idp.Login) error) (*idp.Login, error) {
	var updated *idp.Login
	err := s.writeHolding(ctx, nil, func(tx *txn) (err error) {
		updated, err = changeLogin(tx, id, change)
		return err
	})
	if err != nil {
		return nil, err
	}
	return updated, nil
}

// SignIn implements login.Logins.
func (s *Store) SignIn(ctx context.Context, e login.Entry) (*idp.Login, error) {
	var updated *idp.Login
	row := rowOfSession(e.Session)
	err := s.writeHolding(ctx, nil, func(tx *txn) (err error) {
		if updated, err = changeLogin(tx, e.Login, e.Change); err != nil {
			return err
		}
		var person userRow
		err = tx.GetForUpdate(&person, selectUser+` WHERE id = ?`, row.UserID)
		if errors.Is(err, idp.ErrNotFound) || err == nil && (person.Blocked || !person.PasswordSetAt.Equal(e.PasswordSetAt)) {
			return login.ErrStopped
		}
		if err != nil {
			return err
		}
		if err := only(tx.NamedExec(insertSession, row)); err != nil || e.Phone == "" {
			return err
		}
		return s.confirm(tx, person, e.Phone, e.ProvedAt)
	})
	if err != nil {
		return nil, err
	}
	return updated, nil
}

// changeLogin leaves as it was what the login began with, whatever change does.
func changeLogin(tx *txn, id string, change func(*idp.Login) error) (*idp.Login, error) {
	var row loginRow
	if err := tx.GetForUpdate(&row, selectLogin, id); err != nil {
		return nil, err
	}
	l := row.login()
	if err := change(l); err != nil {
		return nil, err
	}
	l.ID, l.Browser, l.Request, l.CreatedAt, l.ExpiresAt = row.ID, row.Browser, row.Request.V, row.CreatedAt.Time, row.ExpiresAt.Time
	next := rowOfLogin(l)
	return next.login(), only(tx.NamedExec(updateLogin, next))
}
