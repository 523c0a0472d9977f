package store

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
)

// speakAsSQLite lets a connection take truths where the column is a number, as
// SQLite does.
func speakAsSQLite(_ context.Context, conn *pgx.Conn) error {
	types := conn.TypeMap()
	types.TryWrapEncodePlanFuncs = append([]pgtype.TryWrapEncodePlanFunc{numberOfTruth}, types.TryWrapEncodePlanFuncs...)
	return nil
}

// numberOfTruth is asked where no plan fits: for a truth in a column of numbers.
func numberOfTruth(value any) (pgtype.WrappedEncodePlanNextSetter, any, bool) {
	if _, is := value.(bool); !is {
		return nil, nil, false
	}
	return &truthPlan{}, int64(0), true
}

type truthPlan struct{ next pgtype.EncodePlan }

// SetNext implements pgtype.WrappedEncodePlanNextSetter.
func (p *truthPlan) SetNext(next pgtype.EncodePlan) { p.next = next }

// Encode implements pgtype.EncodePlan.
func (p *truthPlan) Encode(value any, buf []byte) ([]byte, error) {
	n := int64(0)
	if value.(bool) {
		n = 1
	}
	return p.next.Encode(n, buf)
}

// textsForPostgres are the arguments with texts that PostgreSQL can keep, which are
// UTF-8 without NUL. What is neither becomes U+FFFD, so that a key that somebody
// made up is found nowhere instead of failing the request. The list
// may be the caller's, so it is copied where it changes.
func textsForPostgres(args []any) []any {
	copied := false
	for i, arg := range args {
		text, is := arg.(string)
		if !is || utf8.ValidString(text) && !strings.Contains(text, "\x00") {
			continue
		}
		if !copied {
			args, copied = slices.Clone(args), true
		}
		args[i] = strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "\uFFFD")
	}
	return args
}
