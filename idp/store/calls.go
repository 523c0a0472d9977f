package store

import (
	"context"

	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/account"
)

var _ account.Calls = (*Store)(nil)

type callRow struct {
	State       string                           `db:"state"`
	Channel     string                           `db:"channel"`
	RequestedAt stamp                            `db:"requested_at"`
	Until       stamp                            `db:"until"`
	Request     jsonOf[idp.AuthorizationRequest] `db:"request"`
}

const (
	callColumns = `login_id, state, method, requested_at, until`
	// Person and number have an index each. The login may be swept by now; its
	// challenge is kept longer.
	selectCalls = `SELECT c.state, c.method AS channel, c.requested_at, c.until, COALESCE(l.request, '{}') AS request
		FROM (SELECT ` + callColumns + ` FROM challenges WHERE person_id = ?
			UNION SELECT ` + callColumns + ` FROM challenges WHERE phone = ? AND phone <> '') c
		LEFT JOIN logins l ON l.id = c.login_id ORDER BY c.requested_at DESC LIMIT ?`
)

// RecentCalls implements account.Calls. Of one login it knows the last call or
// message alone, and that for as long as the method keeps its challenges.
func (s *Store) RecentCalls(ctx context.Context, personID, phone string, limit int) ([]account.Call, error) {
	var rows []callRow
	if err := s.read.Select(ctx, &rows, selectCalls, personID, phone, page(limit)); err != nil {
		return nil, err
	}
	now := s.now()
	calls := make([]account.Call, len(rows))
	for i, row := range rows {
		challenge := otp.Challenge{State: otp.State(row.State), Until: row.Until.Time}
		calls[i] = account.Call{
			At: row.RequestedAt.Time, Channel: row.Channel, ClientID: row.Request.V.ClientID, State: string(challenge.StateAt(now)),
		}
	}
	return calls, nil
}
