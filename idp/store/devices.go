package store

import (
	"context"
	"time"

	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/idp/device"
	"github.com/ringtail-id/ringtail/idp/oidc"
)

var (
	_ device.Devices = (*Store)(nil)
	_ device.Guesses = (*Store)(nil)
)

// keepDevice is how long a device authorization is kept after it expired: a device
// that still asks learns that it came too late.
const keepDevice = time.Hour

type deviceRow struct {
	ID        string           `db:"id"`
	CodeHash  string           `db:"code_hash"`
	UserHash  string           `db:"user_hash"`
	ClientID  string           `db:"client_id"`
	Scopes    jsonOf[[]string] `db:"scopes"`
	Resources jsonOf[[]string] `db:"resources"`
	State     string           `db:"state"`
	Interval  int64            `db:"interval"`
	PolledAt  stamp            `db:"polled_at"`
	TooSoon   bool             `db:"too_soon"`
	Login     string           `db:"login"`
	CreatedAt stamp            `db:"created_at"`
	ExpiresAt stamp            `db:"expires_at"`
	ForgetAt  stamp            `db:"forget_at"`
}

const (
	deviceColumns = `id, code_hash, user_hash, client_id, scopes, resources, state, interval, polled_at, too_soon, login,
		created_at, expires_at, forget_at`
	selectDevice = `SELECT ` + deviceColumns + ` FROM devices`
	insertDevice = `INSERT INTO devices (` + deviceColumns + `)
		VALUES (:id, :code_hash, :user_hash, :client_id, :scopes, :resources, :state, :interval, :polled_at, :too_soon, :login,
		:created_at, :expires_at, :forget_at)`
)

func (r deviceRow) device() *device.Device {
	return &device.Device{
		ID: r.ID, CodeHash: r.CodeHash, UserHash: r.UserHash, ClientID: r.ClientID, Scopes: r.Scopes.V, Resources: r.Resources.V,
		State: device.State(r.State), Interval: time.Duration(r.Interval) * time.Microsecond, PolledAt: r.PolledAt.Time,
		Login: r.Login, CreatedAt: r.CreatedAt.Time, ExpiresAt: r.ExpiresAt.Time,
	}
}

// CreateDevice implements device.Devices.
func (s *Store) CreateDevice(ctx context.Context, d *device.Device) error {
	row := deviceRow{
		ID: d.ID, CodeHash: d.CodeHash, UserHash: d.UserHash, ClientID: d.ClientID, Scopes: asJSON(d.Scopes), Resources: asJSON(d.Resources),
		State: string(d.State), Interval: d.Interval.Microseconds(), PolledAt: at(d.PolledAt), Login: d.Login,
		CreatedAt: at(d.CreatedAt), ExpiresAt: at(d.ExpiresAt), ForgetAt: at(d.ExpiresAt.Add(keepDevice)),
	}
	return s.write(ctx, func(tx *txn) error { return only(tx.NamedExec(insertDevice, row)) })
}

// DeviceByID implements device.Devices.
func (s *Store) DeviceByID(ctx context.Context, id string) (*device.Device, error) {
	return s.findDevice(ctx, `id`, id)
}

// DeviceByUserCode implements device.Devices.
func (s *Store) DeviceByUserCode(ctx context.Context, hash string) (*device.Device, error) {
	return s.findDevice(ctx, `user_hash`, hash)
}

func (s *Store) findDevice(ctx context.Context, column, value string) (*device.Device, error) {
	var row deviceRow
	if err := s.read.Get(ctx, &row, selectDevice+` WHERE `+column+` = ?`, value); err != nil {
		return nil, err
	}
	return row.device(), nil
}

// PollDevice implements device.Devices. The right side of each assignment is as
// things stood before.
func (s *Store) PollDevice(ctx context.Context, codeHash, clientID string, now time.Time) (device.Poll, error) {
	var row deviceRow
	err := s.write(ctx, func(tx *txn) error {
		soon := at(now.Add(device.Leeway))
		return tx.Get(&row, `UPDATE devices SET polled_at = ?,
			too_soon = CASE WHEN polled_at + interval > ? THEN 1 ELSE 0 END,
			interval = CASE WHEN polled_at + interval > ? THEN interval + ? ELSE interval END
			WHERE code_hash = ? AND client_id = ? RETURNING `+deviceColumns,
			at(now), soon, soon, device.SlowBy.Microseconds(), codeHash, clientID)
	})
	if err != nil {
		return device.Poll{}, err
	}
	return device.Poll{Device: *row.device(), TooSoon: row.TooSoon}, nil
}

// DenyDevice implements device.Devices.
func (s *Store) DenyDevice(ctx context.Context, id, login string, now time.Time) (bool, error) {
	won := false
	err := s.write(ctx, func(tx *txn) (err error) {
		won, err = decideDevice(tx, id, login, device.Denied, now)
		return err
	})
	return won && err == nil, err
}

// GrantDevice implements oidc.Devices.
func (s *Store) GrantDevice(ctx context.Context, id, login string, now time.Time, g *oidc.Grant) (bool, error) {
	won, row := false, rowOfGrant(g)
	err := s.writeHolding(ctx, nil, func(tx *txn) (err error) {
		if won, err = decideDevice(tx, id, login, device.Approved, now); err != nil || !won {
			return err
		}
		return createGrant(tx, row, nil)
	})
	return won && err == nil, err
}

// decideDevice moves what is open to its end. The one UPDATE decides who does.
func decideDevice(tx *txn, id, login string, to device.State, now time.Time) (bool, error) {
	n, err := tx.Exec(`UPDATE devices SET state = ?, login = ? WHERE id = ? AND state = ? AND expires_at > ?`,
		string(to), login, id, string(device.Pending), at(now))
	return n == 1, err
}

// Charge implements device.Guesses.
func (s *Store) Charge(ctx context.Context, now time.Time, charges ...otp.Charge) error {
	return s.writeHolding(ctx, nil, func(tx *txn) error { return charge(tx, charges, now) })
}
