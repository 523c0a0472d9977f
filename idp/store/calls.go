package store

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/account"
)

var _ account.Calls = (*Store)(nil)

type callRow struct {
	State       string                           `db:"state"`
	Channel     string                           `db:"channel"`
	RequestedAt stamp                            `db:"requested_at"`
	PlacedAt    stamp                            `db:"placed_at"`
	CalledAt    stamp                            `db:"called_at"`
	Until       stamp                            `db:"until"`
	Request     jsonOf[idp.AuthorizationRequest] `db:"request"`
	Site        string                           `db:"site"` // that has the number verified
}

const (
	callColumns = `login_id, method, state, channel, decoy, requested_at, placed_at, called_at, until`
	// Person and number have an index each. Of a decoy nothing was sent. The login
	// may be swept by now; its challenge is kept longer.
	selectCalls = `SELECT c.state, c.channel, c.requested_at, c.placed_at, c.called_at, c.until, COALESCE(l.request, '{}') AS request,
			COALESCE(v.client_id, '') AS site
		FROM (SELECT ` + callColumns + ` FROM challenges WHERE person_id = ?
			UNION SELECT ` + callColumns + ` FROM challenges WHERE phone = ? AND phone <> '') c
		LEFT JOIN logins l ON l.id = c.login_id LEFT JOIN verifications v ON v.id = c.login_id WHERE c.decoy = 0 ORDER BY c.requested_at DESC LIMIT ?`
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
			At: latest(row.RequestedAt, row.PlacedAt, row.CalledAt), Channel: row.Channel, ClientID: cmp.Or(row.Request.V.ClientID, row.Site), State: string(challenge.StateAt(now)),
		}
	}
	slices.SortStableFunc(calls, func(a, b account.Call) int { return b.At.Compare(a.At) })
	return calls, nil
}

func latest(stamps ...stamp) (last time.Time) {
	for _, s := range stamps {
		if s.After(last) {
			last = s.Time
		}
	}
	return last
}
