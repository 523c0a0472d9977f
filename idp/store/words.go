package store

import (
	"context"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/ringtail-id/ringtail/idp"
)

// wordsRule is the version of wordsOfUser. Raise it when the words of a user who
// wasn't changed become others: IndexUsers then makes all anew.
const wordsRule = 1

// maxWord bounds what is kept of a word, in bytes.
const maxWord = 64

// namesOf are the attributes whose words lead to a user.
func namesOf() []string {
	return []string{"name", "given_name", "middle_name", "family_name", "nickname", "preferred_username"}
}

// wordsOfUser are the words that lead to a user, sorted: the login and the e-mail
// address as a whole and by their parts, names, and numbers as digits.
func wordsOfUser(login string, attributes map[string]string) []string {
	words := map[string]bool{}
	add := func(found ...string) {
		for _, w := range found {
			if w != "" {
				words[w] = true
			}
		}
	}
	email := attributes["email"]
	local, _, _ := strings.Cut(email, "@")
	add(fold(login), fold(email))
	add(wordsIn(login)...)
	add(wordsIn(local)...)
	for _, name := range namesOf() {
		add(wordsIn(attributes[name])...)
	}
	for _, number := range numbersOf(attributes) {
		add(number)
	}
	return slices.Sorted(maps.Keys(words))
}

// fold gives the form in which words are compared. People write Russian names with
// and without the dots of "ё".
func fold(text string) string {
	return clipWord(strings.ReplaceAll(idp.NormalizeLogin(text), "ё", "е"))
}

func clipWord(word string) string { return clip(word, maxWord) }

// clip cuts a text to at most n bytes, between two characters.
func clip(text string, n int) string {
	if len(text) <= n {
		return text
	}
	for !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n]
}

// wordsIn splits a text at all that is neither letter nor digit.
func wordsIn(text string) []string {
	apart := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) }
	words := strings.FieldsFunc(strings.ReplaceAll(idp.NormalizeLogin(text), "ё", "е"), apart)
	for i, w := range words {
		words[i] = clipWord(w)
	}
	return words
}

func addWords(tx *txn, userID string, words []string) error {
	if len(words) == 0 {
		return nil
	}
	args := make([]any, 0, 2*len(words))
	for _, w := range words {
		args = append(args, w, userID)
	}
	return only(tx.Exec(`INSERT INTO user_words (word, user_id) VALUES (?, ?)`+strings.Repeat(`, (?, ?)`, len(words)-1), args...))
}

// changeWords is addWords for a user who had others before.
func changeWords(tx *txn, before, after userRow) error {
	words := wordsOfUser(after.Login, after.Attributes.V)
	if before.Words == wordsRule && slices.Equal(words, wordsOfUser(before.Login, before.Attributes.V)) {
		return nil
	}
	return setWords(tx, after.ID, words)
}

func setWords(tx *txn, userID string, words []string) error {
	if _, err := tx.Exec(`DELETE FROM user_words WHERE user_id = ?`, userID); err != nil {
		return err
	}
	return addWords(tx, userID, words)
}

// IndexUsers makes the words of up to limit users whose words an older version of
// this program made, or nobody, and returns how many those were. Call it until
// that is 0; meanwhile the search misses them. Any number of processes may.
func (s *Store) IndexUsers(ctx context.Context, limit int) (n int, err error) {
	err = s.write(ctx, func(tx *txn) error {
		var rows []userRow
		if err := tx.Select(&rows, selectUser+` WHERE words < ? LIMIT ?`, wordsRule, page(limit)); err != nil {
			return err
		}
		n = len(rows)
		for _, row := range rows {
			if err := setWords(tx, row.ID, wordsOfUser(row.Login, row.Attributes.V)); err != nil {
				return err
			}
			if _, err := tx.Exec(`UPDATE users SET words = ? WHERE id = ?`, wordsRule, row.ID); err != nil {
				return err
			}
		}
		return nil
	})
	return n, err
}
