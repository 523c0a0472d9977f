package store

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/ringtail-id/ringtail/idp"
)

// Digits of a number with its country code: E.164 allows 15, and no country
// has numbers of fewer than 7.
const (
	minNumber = 7
	maxNumber = 15
)

// betweenDigits is what people write between the digits of a number, no-break
// blanks and the longer dashes included.
const betweenDigits = " \t+().-\u00a0\u202f\u2010\u2011\u2013"

const selectByNumber = selectUser + ` WHERE id = (
	SELECT max(user_id) FROM (SELECT user_id FROM user_numbers WHERE attribute = ? AND number = ? LIMIT 2) AS found
	HAVING count(*) = 1)`

// hasNumber gives one small row whoever is there: a user's own row takes
// measurably longer to read.
const hasNumber = `SELECT count(*) = 1 AND max(blocked) = 0 FROM (
	SELECT users.blocked FROM user_numbers JOIN users ON users.id = user_numbers.user_id
	WHERE user_numbers.attribute = ? AND user_numbers.number = ? LIMIT 2) AS found`

// numberOf gives the digits of a value that can be a phone number, and "" of
// any other. It knows no country: a number in national form stays one.
func numberOf(value string) string {
	digits := strings.Map(func(r rune) rune {
		if strings.ContainsRune(betweenDigits, r) {
			return -1
		}
		return r
	}, value)
	isNoDigit := func(r rune) bool { return r < '0' || r > '9' }
	if len(digits) < minNumber || len(digits) > maxNumber || strings.ContainsFunc(digits, isNoDigit) {
		return ""
	}
	return digits
}

// numbersOf gives the attributes that can be phone numbers, as digits.
func numbersOf(attributes map[string]string) map[string]string {
	numbers := map[string]string{}
	for attribute, value := range attributes {
		if number := numberOf(value); number != "" {
			numbers[attribute] = number
		}
	}
	return numbers
}

// UserByNumber implements idp.Numbers. It is one statement whoever is there,
// and reads two rows of the index at most however many share a number.
func (s *Store) UserByNumber(ctx context.Context, attribute, e164 string) (*idp.User, error) {
	var row userRow
	if err := s.read.Get(ctx, &row, selectByNumber, attribute, numberOf(e164)); err != nil {
		return nil, err
	}
	return row.user(), nil
}

// HasNumber implements idp.Numbers.
func (s *Store) HasNumber(ctx context.Context, attribute, e164 string) (has bool, err error) {
	err = s.read.Get(ctx, &has, hasNumber, attribute, numberOf(e164))
	return has, err
}

// addNumbers makes a user who has none in the table found by those numbers.
func addNumbers(tx *txn, userID string, numbers map[string]string) error {
	for _, attribute := range slices.Sorted(maps.Keys(numbers)) {
		err := only(tx.Exec(`INSERT INTO user_numbers (user_id, attribute, number) VALUES (?, ?, ?)`,
			userID, attribute, numbers[attribute]))
		if err != nil {
			return err
		}
	}
	return nil
}

// changeNumbers is addNumbers for a user who was found by others before.
func changeNumbers(tx *txn, userID string, before, after map[string]string) error {
	if maps.Equal(before, after) {
		return nil
	}
	if _, err := tx.Exec(`DELETE FROM user_numbers WHERE user_id = ?`, userID); err != nil {
		return err
	}
	return addNumbers(tx, userID, after)
}
