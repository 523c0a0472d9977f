package store

import "context"

// numberAttributes goes from one name to the next in the index, and doesn't read
// the numbers between them.
const numberAttributes = `WITH RECURSIVE names(name) AS (
	SELECT min(attribute) FROM user_numbers
	UNION ALL
	SELECT (SELECT min(attribute) FROM user_numbers WHERE attribute > name) FROM names WHERE name IS NOT NULL)
	SELECT name FROM names WHERE name IS NOT NULL`

// NumberAttributes are the attributes in which some user has what can be a phone
// number, sorted.
func (s *Store) NumberAttributes(ctx context.Context) ([]string, error) {
	var names []string
	err := s.read.Select(ctx, &names, numberAttributes)
	return names, err
}
