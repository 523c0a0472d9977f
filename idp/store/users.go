package store

import (
	"context"
	"errors"
	"maps"

	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/idp"
)

type userRow struct {
	ID             string                    `db:"id"`
	Login          string                    `db:"login"`
	Attributes     jsonOf[map[string]string] `db:"attributes"`
	PasswordHash   string                    `db:"password_hash"`
	RequiredFactor int                       `db:"required_factor"`
	Blocked        bool                      `db:"blocked"`
	CreatedAt      stamp                     `db:"created_at"`
	UpdatedAt      stamp                     `db:"updated_at"`
	MustChange     bool                      `db:"must_change_password"`
	PasswordSetAt  stamp                     `db:"password_set_at"`
	// Words is the rule by which the user's words were made, see wordsRule.
	Words int `db:"words"`
}

const (
	userColumns = `id, login, attributes, password_hash, required_factor, blocked, created_at, updated_at,
		must_change_password, password_set_at, words`
	selectUser = `SELECT ` + userColumns + ` FROM users`
	insertUser = `INSERT INTO users (` + userColumns + `)
		VALUES (:id, :login, :attributes, :password_hash, :required_factor, :blocked, :created_at, :updated_at,
		:must_change_password, :password_set_at, :words)`
	updateUser = `UPDATE users SET login = :login, attributes = :attributes, password_hash = :password_hash,
		required_factor = :required_factor, blocked = :blocked, updated_at = :updated_at,
		must_change_password = :must_change_password, password_set_at = :password_set_at, words = :words WHERE id = :id`
)

func rowOfUser(u *idp.User) userRow {
	return userRow{
		ID: u.ID, Login: idp.NormalizeLogin(u.Login), Attributes: asJSON(u.Attributes), PasswordHash: u.PasswordHash,
		RequiredFactor: u.RequiredFactor, Blocked: u.Blocked, CreatedAt: at(u.CreatedAt), UpdatedAt: at(u.UpdatedAt),
		MustChange: u.MustChangePassword, PasswordSetAt: at(u.PasswordSetAt), Words: wordsRule,
	}
}

func (r userRow) user() *idp.User {
	return &idp.User{
		ID: r.ID, Login: r.Login, Attributes: r.Attributes.V, PasswordHash: r.PasswordHash,
		RequiredFactor: r.RequiredFactor, Blocked: r.Blocked, CreatedAt: r.CreatedAt.Time, UpdatedAt: r.UpdatedAt.Time,
		MustChangePassword: r.MustChange, PasswordSetAt: r.PasswordSetAt.Time,
	}
}

// UserByID implements idp.Users.
func (s *Store) UserByID(ctx context.Context, id string) (*idp.User, error) {
	return s.user(ctx, ` WHERE id = ?`, id)
}

// UserByLogin implements idp.Users.
func (s *Store) UserByLogin(ctx context.Context, login string) (*idp.User, error) {
	return s.user(ctx, ` WHERE login = ?`, idp.NormalizeLogin(login))
}

func (s *Store) user(ctx context.Context, where, key string) (*idp.User, error) {
	var row userRow
	if err := s.read.Get(ctx, &row, selectUser+where, key); err != nil {
		return nil, err
	}
	return row.user(), nil
}

// ListUsers returns up to limit users (100 where it is not 1 to 1000) in the
// order of their logins, those after the given login; "" is before all.
func (s *Store) ListUsers(ctx context.Context, after string, limit int) ([]*idp.User, error) {
	var rows []userRow
	err := s.read.Select(ctx, &rows, selectUser+` WHERE login > ? ORDER BY login LIMIT ?`,
		idp.NormalizeLogin(after), page(limit))
	if err != nil {
		return nil, err
	}
	users := make([]*idp.User, len(rows))
	for i, row := range rows {
		users[i] = row.user()
	}
	return users, nil
}

// CreateUser stores a new user under the normalized login. ErrTaken where
// another has the ID or the login. Zero times become now.
func (s *Store) CreateUser(ctx context.Context, u *idp.User) error {
	row := s.newRow(u)
	return s.write(ctx, func(tx *txn) error { return createUser(tx, row) })
}

func (s *Store) newRow(u *idp.User) userRow {
	row := rowOfUser(u)
	if row.CreatedAt.IsZero() {
		row.CreatedAt = at(s.now())
	}
	if row.UpdatedAt.IsZero() {
		row.UpdatedAt = row.CreatedAt
	}
	if row.PasswordSetAt = (stamp{}); row.PasswordHash != "" {
		row.PasswordSetAt = row.CreatedAt
	}
	return row
}

func createUser(tx *txn, row userRow) error {
	if _, err := tx.NamedExec(insertUser, row); err != nil {
		return err
	}
	numbers := addNumbers(tx, row.ID, numbersOf(row.Attributes.V))
	return errors.Join(numbers, addWords(tx, row.ID, wordsOfUser(row.Login, row.Attributes.V)))
}

// UpdateUser reads the user, lets change alter it and writes it, as one
// transaction, and returns what was written. The ID and the time of creation
// stay; the time of the update is now. An error of change leaves the user as
// before and is returned as it is; change may run more than once. A change of
// the number takes with it that the number was confirmed (ConfirmPhone).
// ErrNotFound, ErrTaken for another's login.
func (s *Store) UpdateUser(ctx context.Context, id string, change func(*idp.User) error) (updated *idp.User, err error) {
	err = s.write(ctx, func(tx *txn) error {
		updated, err = s.updateUser(tx, id, change)
		return err
	})
	if err != nil {
		return nil, err
	}
	return updated, nil
}

// ResetUser is UpdateUser for changes after which nobody may go on as this
// person by what they proved before: a new password, a block. In the same
// transaction it ends the sessions, revokes the grants with their tokens, denies
// the logins under way (ASVS 7.4.2, 7.4.3), and queues that applications are told.
func (s *Store) ResetUser(ctx context.Context, id string, change func(*idp.User) error) error {
	return s.write(ctx, func(tx *txn) error {
		if _, err := s.updateUser(tx, id, change); err != nil {
			return err
		}
		_, err := endSessions(tx, idp.Ending{UserID: id, Offline: true}, s.now())
		return errors.Join(err, forgetConsent(tx, id, ""))
	})
}

func (s *Store) updateUser(tx *txn, id string, change func(*idp.User) error) (*idp.User, error) {
	var row userRow
	if err := tx.Get(&row, selectUser+` WHERE id = ?`, id); err != nil {
		return nil, err
	}
	u := row.user()
	before := maps.Clone(u.Attributes) // change may alter the map in place
	if err := change(u); err != nil {
		return nil, err
	}
	s.unconfirm(u, before)
	next := rowOfUser(u)
	next.ID, next.CreatedAt, next.UpdatedAt, next.PasswordSetAt = row.ID, row.CreatedAt, at(s.now()), row.PasswordSetAt
	if next.PasswordHash != row.PasswordHash {
		next.PasswordSetAt = next.UpdatedAt
	}
	if _, err := tx.NamedExec(updateUser, next); err != nil {
		return nil, err
	}
	numbers := changeNumbers(tx, row.ID, numbersOf(before), numbersOf(u.Attributes))
	row.Attributes.V = before
	return next.user(), errors.Join(numbers, changeWords(tx, row, next), s.endCalls(tx, row, next))
}

// endCalls ends what is under way to a number that isn't the user's any more: a
// code that reached it must prove nothing.
func (s *Store) endCalls(tx *txn, before, after userRow) error {
	if numberOf(before.Attributes.V[s.phoneAttribute]) == numberOf(after.Attributes.V[s.phoneAttribute]) {
		return nil
	}
	return only(tx.Exec(`UPDATE challenges SET state = ?, failure = ?, code_hash = '', until = 0, poll_at = 0
		WHERE person_id = ? AND state IN (?, ?, ?, ?)`, string(otp.Failed), failureNumberChanged, before.ID,
		string(otp.Requested), string(otp.Calling), string(otp.Placed), string(otp.Called)))
}

// failureNumberChanged is why such a challenge failed.
const failureNumberChanged = "number_changed"

// page bounds what one list answer holds.
func page(limit int) int {
	if limit < 1 || limit > 1000 {
		return 100
	}
	return limit
}
