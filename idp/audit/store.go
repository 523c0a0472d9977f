package audit

import (
	"context"
	"time"
)

// Records keeps the trail; idp/store implements it, and audittest.Run holds it to
// what is written here. It knows rows and nothing of what proves them.
type Records interface {
	// ExtendAudit gives extend the tail, and stores the rows and the head that it
	// returns, as one serializable transaction, over all nodes. extend may run more
	// than once, each time on the tail as it is then.
	ExtendAudit(ctx context.Context, extend func(Tail) ([]Row, Mark)) error
	Reading
	// SweepAudit deletes at most limit rows from the beginning, as far as they are
	// older than before, and stores the anchor that anchor makes of the last of them.
	// It never deletes the last row of all. It returns how many went and the anchor.
	SweepAudit(ctx context.Context, before time.Time, limit int, anchor func(Row) Mark) (int, Mark, error)
}

// Reading is the reading half of Records.
type Reading interface {
	AuditTail(ctx context.Context) (Tail, error)
	// AuditChain gives at most limit rows whose Seq is above after, in order.
	AuditChain(ctx context.Context, after int64, limit int) ([]Row, error)
	// FindAudit gives at most limit rows that the query wants, the newest first, and
	// below the Seq before; 0 means from the newest on.
	FindAudit(ctx context.Context, q Query, before int64, limit int) ([]Row, error)
}

// Query says which records are wanted: those that are equal in every member that
// isn't empty.
type Query struct {
	Type, Subject, Object, ClientID, SessionID, IP, Procedure string
	// About is whose records are wanted, as subject or as object.
	About string
	// From and To bound the time; zero bounds nothing. To is not included.
	From, To time.Time
}

// Wants says whether the query wants the record.
func (q Query) Wants(i Index) bool {
	for _, c := range [][2]string{
		{q.Type, i.Type}, {q.Subject, i.Subject}, {q.Object, i.Object}, {q.ClientID, i.ClientID}, {q.SessionID, i.SessionID}, {q.IP, i.IP},
		{q.Procedure, i.Procedure},
	} {
		if c[0] != "" && c[0] != c[1] {
			return false
		}
	}
	about := q.About == "" || q.About == i.Subject || q.About == i.Object
	return about && !i.At.Before(q.From) && (q.To.IsZero() || i.At.Before(q.To))
}
