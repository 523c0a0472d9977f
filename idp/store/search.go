package store

import (
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"slices"
	"strings"
	"unicode"

	"github.com/ringtail-id/ringtail/idp"
)

// Bounds of what is read of a query.
const (
	maxQuery      = 256 // bytes
	maxQueryWords = 6
	// maxExamined bounds how many rows of the leading word's index one page looks at,
	// where other words must be there too.
	maxExamined = 5000
)

// afterWord is greater than whatever a word can go on with.
const afterWord = "\U0010FFFF"

// ending gives what is greater than all words that are looked for by one.
type ending func(word string) string

// endOf is for words that begin with it, or, where numbers are looked for whole, it
// alone where it has no letter.
func endOf(wholeNumbers bool) ending {
	return func(word string) string {
		if wholeNumbers && !strings.ContainsFunc(word, unicode.IsLetter) {
			return word + "\x01" // not 0, which PostgreSQL has no text with
		}
		return word + afterWord
	}
}

// wanted is one way to read a query: the user has a word that begins with each.
// The first leads through the index; the others are looked up.
type wanted []string

// SearchUsers finds users page by page. Whatever the query, it reads indices alone:
// the rows of the words that begin as the rarest of the query does, from where the
// page before ended. Of several words so many may fit in vain that a page ends
// before it is full. ErrCursor.
func (s *Store) SearchUsers(ctx context.Context, q idp.UserQuery) (idp.UserPage, error) {
	text := strings.TrimSpace(q.Text)
	limit := page(q.Limit)
	if text == "" {
		return s.listUsers(ctx, q, limit)
	}
	if q.After == "" {
		if u, err := s.UserByID(ctx, text); !errors.Is(err, idp.ErrNotFound) {
			return idp.UserPage{Users: []*idp.User{u}}, err
		}
	}
	word, id, err := readCursor(q.After)
	if err != nil {
		return idp.UserPage{}, err
	}
	var rows []foundRow
	ways, end := readQuery(clip(text, maxQuery), q.Numbers), endOf(q.WholeNumbers)
	if len(ways) == 1 && len(ways[0]) > 1 {
		return s.searchWords(ctx, ways[0], end, place{word, id}, limit)
	}
	for i := range ways {
		var more []foundRow
		query, args := wordsQuery(ways[:i+1], end, place{word, id}, place{}, limit+1-len(rows))
		if err := s.read.Select(ctx, &more, query, args...); err != nil {
			return idp.UserPage{}, err
		}
		if rows = append(rows, more...); len(rows) > limit {
			break
		}
	}
	return pageOf(rows, limit), nil
}

// place is one in the index of words; the zero value is none.
type place struct {
	Word   string `db:"word"`
	UserID string `db:"user_id"`
}

// searchWords finds whoever has all of several words.
func (s *Store) searchWords(ctx context.Context, way wanted, end ending, after place, limit int) (idp.UserPage, error) {
	if err := s.rarestFirst(ctx, way, end); err != nil {
		return idp.UserPage{}, err
	}
	if after.Word < way[0] {
		after = place{Word: way[0]}
	}
	var last place
	err := s.read.Get(ctx, &last, `SELECT word, user_id FROM user_words WHERE (word, user_id) > (?, ?) AND word < ?
		ORDER BY word, user_id LIMIT 1 OFFSET ?`, after.Word, after.UserID, end(way[0]), maxExamined-1)
	if err != nil && !errors.Is(err, idp.ErrNotFound) {
		return idp.UserPage{}, err
	}
	var rows []foundRow
	query, args := wordsQuery([]wanted{way}, end, after, last, limit+1)
	if err := s.read.Select(ctx, &rows, query, args...); err != nil {
		return idp.UserPage{}, err
	}
	found := pageOf(rows, limit)
	if found.Next == "" && last != (place{}) {
		found.Next = cursorOf(last.Word, last.UserID)
	}
	return found, nil
}

// maxCounted is from how many rows on a word counts as frequent.
const maxCounted = 2000

// rarestFirst puts the word first that the fewest have. It depends on what is on
// file, so a cursor of one order may be read in another: then some users come twice
// or not at all, as in any list that changes meanwhile.
func (s *Store) rarestFirst(ctx context.Context, way wanted, end ending) error {
	counts := map[string]int{}
	for _, word := range way {
		var n int
		err := s.read.Get(ctx, &n, `SELECT count(*) FROM (SELECT 1 FROM user_words WHERE word >= ? AND word < ? LIMIT ?) AS counted`,
			word, end(word), maxCounted)
		if err != nil {
			return err
		}
		counts[word] = n
	}
	slices.SortStableFunc(way, func(a, b string) int { return cmp.Compare(counts[a], counts[b]) })
	return nil
}

func (s *Store) listUsers(ctx context.Context, q idp.UserQuery, limit int) (idp.UserPage, error) {
	after, _, err := readCursor(q.After)
	if err != nil {
		return idp.UserPage{}, err
	}
	var rows []foundRow
	if err := s.read.Select(ctx, &rows, listQuery(q.Blocked), after, limit+1); err != nil {
		return idp.UserPage{}, err
	}
	return pageOf(rows, limit), nil
}

func listQuery(blocked bool) string {
	if blocked {
		return `SELECT login AS word, '' AS word_of, ` + userColumns + ` FROM users WHERE blocked = 1 AND login > ? ORDER BY login LIMIT ?`
	}
	return `SELECT login AS word, '' AS word_of, ` + userColumns + ` FROM users WHERE login > ? ORDER BY login LIMIT ?`
}

// foundRow is a user with the place in the index where they were found.
type foundRow struct {
	Word   string `db:"word"`
	WordOf string `db:"word_of"`
	userRow
}

func pageOf(rows []foundRow, limit int) (found idp.UserPage) {
	if len(rows) > limit {
		rows = rows[:limit]
		last := rows[limit-1]
		found.Next = cursorOf(last.Word, last.WordOf)
	}
	for _, row := range rows {
		found.Users = append(found.Users, row.user())
	}
	return found
}

func cursorOf(word, id string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(word + "\x00" + id))
}

func readCursor(cursor string) (word, id string, err error) {
	if cursor == "" {
		return "", "", nil
	}
	text, err := base64.RawURLEncoding.DecodeString(cursor)
	word, id, ok := strings.Cut(string(text), "\x00")
	if err != nil || !ok {
		return "", "", idp.ErrCursor
	}
	return word, id, nil
}

// readQuery gives the ways to read a query, in the order of the index. What begins
// as another way does is left out.
func readQuery(text string, numbers []string) []wanted {
	digits := strings.Map(func(r rune) rune {
		if strings.ContainsRune(betweenDigits, r) {
			return -1
		}
		return r
	}, text)
	notDigit := func(r rune) bool { return r < '0' || r > '9' }
	if digits == "" || strings.ContainsFunc(digits, notDigit) {
		if words := queryWords(text); len(words) > 0 {
			return []wanted{words}
		}
		return nil
	}
	forms := append([]string{digits, fold(text)}, numbers...)
	slices.Sort(forms)
	var ways []wanted
	for _, form := range forms {
		if last := len(ways) - 1; last < 0 || !strings.HasPrefix(form, ways[last][0]) {
			ways = append(ways, wanted{clipWord(form)})
		}
	}
	return ways
}

// queryWords are the beginnings that all must be there, the longest first. An
// address stays whole, because its parts are no words of their own.
func queryWords(text string) wanted {
	var words wanted
	for _, field := range strings.FieldsFunc(text, unicode.IsSpace) {
		if strings.Contains(field, "@") {
			words = append(words, fold(field))
			continue
		}
		words = append(words, wordsIn(field)...)
	}
	slices.SortStableFunc(words, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	words = slices.Compact(words)
	return words[:min(len(words), maxQueryWords)]
}

// wordsQuery finds by the last of the ways whoever the ways before didn't find, up to
// the last place, where there is one. A
// user stands where their first word that fits does. CROSS JOIN keeps SQLite from
// turning the tables around, and OFFSET keeps PostgreSQL from reading all rows of
// the other words at once.
func wordsQuery(ways []wanted, end ending, after, last place, limit int) (query string, args []any) {
	way := ways[len(ways)-1]
	from, to := way[0], end(way[0])
	if after.Word < from {
		after = place{Word: from}
	}
	var b strings.Builder
	b.WriteString(`SELECT w.word AS word, w.user_id AS word_of, ` + userColumns + ` FROM user_words w CROSS JOIN users
		WHERE users.id = w.user_id AND (w.word, w.user_id) > (?, ?) AND w.word < ?`)
	args = append(args, after.Word, after.UserID, to)
	if last != (place{}) {
		b.WriteString(` AND (w.word, w.user_id) <= (?, ?)`)
		args = append(args, last.Word, last.UserID)
	}
	for _, before := range ways {
		b.WriteString(` AND NOT EXISTS (SELECT 1 FROM user_words e WHERE e.user_id = w.user_id AND e.word >= ? AND e.word < ? AND e.word < w.word)`)
		args = append(args, before[0], end(before[0]))
	}
	for _, other := range way[1:] {
		b.WriteString(` AND EXISTS (SELECT 1 FROM user_words o WHERE o.user_id = w.user_id AND o.word >= ? AND o.word < ? LIMIT 1 OFFSET 0)`)
		args = append(args, other, end(other))
	}
	b.WriteString(` ORDER BY w.word, w.user_id LIMIT ?`)
	return b.String(), append(args, limit)
}
