package store

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
)

// speakAsSQLite lets a connection take the arguments that SQLite takes: truths
// where the column is a number, and any text. PostgreSQL's texts are UTF-8 without
// NUL; what is neither becomes U+FFFD, so that a made-up key is found nowhere
// instead of failing the request.
func speakAsSQLite(_ context.Context, conn *pgx.Conn) error {
	types := conn.TypeMap()
	types.TryWrapEncodePlanFuncs = append([]pgtype.TryWrapEncodePlanFunc{numberOfTruth}, types.TryWrapEncodePlanFuncs...)
	types.RegisterType(&pgtype.Type{Name: "text", OID: pgtype.TextOID, Codec: textCodec{}})
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

type textCodec struct{ pgtype.TextCodec }

// PlanEncode implements pgtype.Codec.
func (c textCodec) PlanEncode(m *pgtype.Map, oid uint32, format int16, value any) pgtype.EncodePlan {
	if _, is := value.(string); is {
		return textPlan{}
	}
	return c.TextCodec.PlanEncode(m, oid, format, value)
}

type textPlan struct{}

// Encode implements pgtype.EncodePlan.
func (textPlan) Encode(value any, buf []byte) ([]byte, error) {
	text := strings.ToValidUTF8(value.(string), "\uFFFD")
	return append(buf, strings.ReplaceAll(text, "\x00", "\uFFFD")...), nil
}
