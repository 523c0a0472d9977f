package store

import (
	"context"
	"strings"
	"time"

	"github.com/ringtail-id/ringtail/idp/admin/calls/ledger"
)

// conditions joins those of them that are set; the arguments come in the same order.
type conditions struct {
	parts []string
	args  []any
}

func (c *conditions) add(part string, args ...any) {
	c.parts, c.args = append(c.parts, part), append(c.args, args...)
}

func (c *conditions) equal(column, value string) {
	if value != "" {
		c.add(column+` = ?`, value)
	}
}

func (c *conditions) where() string { return ` WHERE ` + strings.Join(c.parts, ` AND `) }

func ofFilter(f ledger.Filter) *conditions {
	c := &conditions{}
	c.add(`at >= ? AND at < ?`, at(f.From), at(f.To))
	c.equal(`country`, f.Country)
	c.equal(`driver`, f.Driver)
	c.equal(`route`, f.Route)
	c.equal(`channel`, f.Channel)
	c.equal(`operator`, f.Operator)
	return c
}

// CallSums implements ledger.Records.
func (s *Store) CallSums(ctx context.Context, f ledger.Filter) ([]ledger.Sum, error) {
	var rows []figuresRow
	c := ofFilter(f)
	if err := s.read.Select(ctx, &rows, sumsQuery(c), c.args...); err != nil {
		return nil, err
	}
	sums := make([]ledger.Sum, len(rows))
	for i, r := range rows {
		sums[i] = ledger.Sum{Key: r.key(), Figures: r.figures()}
	}
	return sums, nil
}

func sumsQuery(c *conditions) string {
	return `SELECT ` + figuresKey + `, ` + sumFigures + ` FROM call_figures` + c.where() + ` GROUP BY ` + figuresKey
}

// CallMoments implements ledger.Records.
func (s *Store) CallMoments(ctx context.Context, f ledger.Filter) ([]ledger.Moment, error) {
	var rows []figuresRow
	c := ofFilter(f)
	if err := s.read.Select(ctx, &rows, momentsQuery(c), c.args...); err != nil {
		return nil, err
	}
	moments := make([]ledger.Moment, len(rows))
	for i, r := range rows {
		moments[i] = ledger.Moment{At: r.At.Time, Currency: r.Currency, Figures: r.figures()}
	}
	return moments, nil
}

func momentsQuery(c *conditions) string {
	return `SELECT at, currency, ` + sumFigures + ` FROM call_figures` + c.where() + ` GROUP BY at, currency ORDER BY at, currency`
}

const selectSeries = `SELECT CASE WHEN length(phone) > 4 THEN substr(phone, 1, length(phone) - 4) ELSE '' END AS prefix, max(country) AS country, count(*) AS calls,
	count(*) FILTER (WHERE ended_at = 0) AS underway, count(*) FILTER (WHERE state = 'confirmed') AS confirmed
	FROM calls WHERE at >= ? GROUP BY prefix HAVING count(*) >= ? ORDER BY calls DESC, prefix LIMIT ?`

// CallSeries implements ledger.Records.
func (s *Store) CallSeries(ctx context.Context, since time.Time, least, limit int) ([]ledger.Series, error) {
	var rows []struct {
		Prefix    string `db:"prefix"`
		Country   string `db:"country"`
		Calls     int64  `db:"calls"`
		Underway  int64  `db:"underway"`
		Confirmed int64  `db:"confirmed"`
	}
	if err := s.read.Select(ctx, &rows, selectSeries, at(since), least, max(limit, 0)); err != nil {
		return nil, err
	}
	all := make([]ledger.Series, len(rows))
	for i, r := range rows {
		all[i] = ledger.Series(r)
	}
	return all, nil
}

// FindCalls implements ledger.Records.
func (s *Store) FindCalls(ctx context.Context, f ledger.Find) ([]ledger.Call, error) {
	c := ofFind(f)
	return s.ledgerCalls(ctx, findQuery(c), append(c.args, page(f.Limit))...)
}

func ofFind(f ledger.Find) *conditions {
	c := ofFilter(f.Filter)
	c.equal(`phone`, f.Phone)
	if f.Failure != "" {
		c.add(`failure = ? AND failure <> ''`, f.Failure)
	}
	switch f.State {
	case "":
	case ledger.Underway:
		c.add(`ended_at = 0`)
	default:
		c.equal(`state`, string(f.State))
	}
	if f.Before != (ledger.Place{}) {
		c.add(`(at, id) < (?, ?)`, at(f.Before.At), f.Before.ID)
	}
	return c
}

func findQuery(c *conditions) string {
	return selectLedger + c.where() + ` ORDER BY at DESC, id DESC LIMIT ?`
}

// OneCall implements ledger.Records.
func (s *Store) OneCall(ctx context.Context, id string) (ledger.Call, error) {
	var row ledgerRow
	err := s.read.Get(ctx, &row, selectLedger+` WHERE id = ?`, id)
	return row.call(), err
}

const selectOfLogin = selectLedger + ` WHERE login_id = ? ORDER BY at, id LIMIT 100`

// CallsOfLogin implements ledger.Records. It gives at most 100: a login's limits
// allow fewer.
func (s *Store) CallsOfLogin(ctx context.Context, loginID string) ([]ledger.Call, error) {
	return s.ledgerCalls(ctx, selectOfLogin, loginID)
}

func (s *Store) ledgerCalls(ctx context.Context, query string, args ...any) ([]ledger.Call, error) {
	var rows []ledgerRow
	if err := s.read.Select(ctx, &rows, query, args...); err != nil {
		return nil, err
	}
	calls := make([]ledger.Call, len(rows))
	for i, r := range rows {
		calls[i] = r.call()
	}
	return calls, nil
}
