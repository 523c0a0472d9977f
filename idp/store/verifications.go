package store

import (
	"context"
	"errors"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/verify"
)

var (
	_ verify.Records = (*Store)(nil)
	_ verify.Answers = (*Store)(nil)
)

type verificationRow struct {
	ID         string `db:"id"`
	ClientID   string `db:"client_id"`
	Phone      string `db:"phone"`
	Country    string `db:"country"`
	RemoteIP   string `db:"remote_ip"`
	Lang       string `db:"lang"`
	CreatedAt  stamp  `db:"created_at"`
	EndsAt     stamp  `db:"ends_at"`
	VerifiedAt stamp  `db:"verified_at"`
	ForgetAt   stamp  `db:"forget_at"`
}

// CreateVerification implements verify.Records.
func (s *Store) CreateVerification(ctx context.Context, v *verify.Verification) error {
	row := verificationRow{
		ID: v.ID, ClientID: v.ClientID, Phone: v.Phone, Country: v.Country, RemoteIP: v.RemoteIP, Lang: v.Lang,
		CreatedAt: at(v.CreatedAt), EndsAt: at(v.EndsAt), VerifiedAt: at(v.VerifiedAt), ForgetAt: at(v.ForgetAt),
	}
	return s.write(ctx, func(tx *txn) error {
		return only(tx.NamedExec(`INSERT INTO verifications
			(id, client_id, phone, country, remote_ip, lang, created_at, ends_at, verified_at, forget_at) VALUES
			(:id, :client_id, :phone, :country, :remote_ip, :lang, :created_at, :ends_at, :verified_at, :forget_at)`, row))
	})
}

// VerificationByID implements verify.Records.
func (s *Store) VerificationByID(ctx context.Context, id string) (*verify.Verification, error) {
	var r verificationRow
	err := s.read.Get(ctx, &r, `SELECT id, client_id, phone, country, remote_ip, lang, created_at, ends_at, verified_at, forget_at
		FROM verifications WHERE id = ?`, id)
	if err != nil {
		return nil, err
	}
	return &verify.Verification{
		ID: r.ID, ClientID: r.ClientID, Phone: r.Phone, Country: r.Country, RemoteIP: r.RemoteIP, Lang: r.Lang,
		CreatedAt: r.CreatedAt.Time, EndsAt: r.EndsAt.Time, VerifiedAt: r.VerifiedAt.Time, ForgetAt: r.ForgetAt.Time,
	}, nil
}

// SetVerified implements verify.Records.
func (s *Store) SetVerified(ctx context.Context, id string, now time.Time) (time.Time, error) {
	var first stamp
	err := s.write(ctx, func(tx *txn) error {
		if _, err := tx.Exec(`UPDATE verifications SET verified_at = ? WHERE id = ? AND verified_at = 0`, at(now), id); err != nil {
			return err
		}
		return tx.Get(&first, `SELECT verified_at FROM verifications WHERE id = ?`, id)
	})
	return first.Time, err
}

// DeleteVerification implements verify.Records.
func (s *Store) DeleteVerification(ctx context.Context, id string) error {
	return s.write(ctx, func(tx *txn) error {
		return only(tx.Exec(`DELETE FROM verifications WHERE id = ?`, id))
	})
}

type keptRow struct {
	ClientID string `db:"client_id"`
	KeyHash  string `db:"key_hash"`
	Request  string `db:"request"`
	Subject  string `db:"subject"`
	Holder   string `db:"holder"`
	Until    stamp  `db:"until"`
	Status   int    `db:"status"`
	Media    string `db:"media"`
	Location string `db:"location"`
	Body     string `db:"body"`
	ForgetAt stamp  `db:"forget_at"`
}

const (
	selectKept = `SELECT client_id, key_hash, request, subject, holder, until, status, media, location, body, forget_at
		FROM idempotency WHERE client_id = ? AND key_hash = ?`
	putKept = `INSERT INTO idempotency
		(client_id, key_hash, request, subject, holder, until, status, media, location, body, forget_at) VALUES
		(:client_id, :key_hash, :request, :subject, :holder, :until, :status, :media, :location, :body, :forget_at)
		ON CONFLICT (client_id, key_hash) DO UPDATE SET request = excluded.request, subject = excluded.subject,
		holder = excluded.holder, until = excluded.until, status = excluded.status, media = excluded.media,
		location = excluded.location, body = excluded.body, forget_at = excluded.forget_at`
)

// UpdateAnswer implements verify.Answers.
func (s *Store) UpdateAnswer(ctx context.Context, clientID, key string, change func(*verify.Kept) error) error {
	return s.writeHolding(ctx, []string{"answer " + clientID + " " + key}, func(tx *txn) error {
		var r keptRow
		if err := tx.Get(&r, selectKept, clientID, key); err != nil && !errors.Is(err, idp.ErrNotFound) {
			return err
		}
		k := verify.Kept{
			Request: r.Request, Subject: r.Subject, Holder: r.Holder, Until: r.Until.Time,
			Status: r.Status, Media: r.Media, Location: r.Location, Body: r.Body, ForgetAt: r.ForgetAt.Time,
		}
		if err := change(&k); err != nil {
			return err
		}
		if k == (verify.Kept{}) {
			return only(tx.Exec(`DELETE FROM idempotency WHERE client_id = ? AND key_hash = ?`, clientID, key))
		}
		return only(tx.NamedExec(putKept, keptRow{
			ClientID: clientID, KeyHash: key, Request: k.Request, Subject: k.Subject, Holder: k.Holder, Until: at(k.Until),
			Status: k.Status, Media: k.Media, Location: k.Location, Body: k.Body, ForgetAt: at(k.ForgetAt),
		}))
	})
}
