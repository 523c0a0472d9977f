package store

import (
	"context"
	"fmt"
	"maps"
	"strconv"
	"time"

	"github.com/ringtail-id/ringtail/idp"
)

// ConfirmPhone records in the user's attributes that the number e164 ("+" and
// the country code) was proved to be theirs at that time: phone_number_verified
// is "true" and phone_number_verified_at the time in Unix seconds. It does so
// only where the attribute, which must be Options.PhoneAttribute, still is that
// number, with whatever stands between its digits: a number that was changed
// while the phone rang is not confirmed, and that is no error. The time of the
// user's last update stays. ErrNotFound where the user is gone.
func (s *Store) ConfirmPhone(ctx context.Context, userID, attribute, e164 string, proved time.Time) error {
	if attribute != s.phoneAttribute {
		return fmt.Errorf("numbers are confirmed in the attribute %s, not in %s", s.phoneAttribute, attribute)
	}
	return s.writeHolding(ctx, nil, func(tx *txn) error {
		var row userRow
		if err := tx.GetForUpdate(&row, selectUser+` WHERE id = ?`, userID); err != nil {
			return err
		}
		return s.confirm(tx, row, e164, proved)
	})
}

func (s *Store) confirm(tx *txn, row userRow, e164 string, proved time.Time) error {
	number := numberOf(row.Attributes.V[s.phoneAttribute])
	if number == "" || number != numberOf(e164) {
		return nil
	}
	row.Attributes.V[idp.AttributePhoneVerified] = "true"
	row.Attributes.V[idp.AttributePhoneVerifiedAt] = strconv.FormatInt(proved.Unix(), 10)
	return only(tx.Exec(`UPDATE users SET attributes = ? WHERE id = ?`, row.Attributes, row.ID))
}

// unconfirm drops what says that the number was confirmed where the number was
// changed, unless the same change set it anew.
func (s *Store) unconfirm(u *idp.User, before map[string]string) {
	if u.Attributes[s.phoneAttribute] == before[s.phoneAttribute] {
		return
	}
	confirms := []string{idp.AttributePhoneVerified, idp.AttributePhoneVerifiedAt}
	for _, name := range confirms {
		if u.Attributes[name] != before[name] {
			return
		}
	}
	u.Attributes = maps.Clone(u.Attributes) // it may be the caller's
	for _, name := range confirms {
		delete(u.Attributes, name)
	}
}
