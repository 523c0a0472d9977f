package otp

import (
	"context"
	"fmt"
	"time"
)

// Names of the budgets of one person, beside those of limits.
const (
	// BudgetTotal is the total of attempts since the last success.
	BudgetTotal = "total"
	// BudgetNumberHour and BudgetNumberDay are the calls to one number.
	BudgetNumberHour = "number_hour"
	BudgetNumberDay  = "number_day"
)

// Use is how much of a budget is used, for administrators.
type Use struct {
	Budget      string
	Used, Limit int64
	// Until is when it begins anew, or the block ends; zero where nothing is used, or
	// where only a success begins it anew.
	Until time.Time
	// Over says that it is used up.
	Over bool
}

// Uses tells what a person has used up, and what was used up of their number (E.164;
// may be empty). It changes nothing.
func (e *Engine) Uses(ctx context.Context, personID, phone string) ([]Use, error) {
	rec, err := e.store.Load(ctx, e.key("", personID))
	if err != nil {
		return nil, fmt.Errorf("loading the budget: %w", err)
	}
	now, s := e.now(), e.settings()
	rec.Budget.renew(now)
	total := Use{
		Budget: BudgetTotal, Used: int64(rec.Budget.Used), Limit: int64(s.TotalAttempts),
		Until: rec.Budget.BlockedUntil, Over: rec.Budget.blocked(now),
	}
	if phone == "" {
		return []Use{total}, nil
	}
	of, err := e.usesOfNumber(ctx, phone, now)
	return append([]Use{total}, of...), err
}

func (e *Engine) usesOfNumber(ctx context.Context, phone string, now time.Time) ([]Use, error) {
	l := e.settings().Limits
	hour, day := e.numberKeys(phone)
	counted, err := e.store.Count(ctx, []string{hour, day}, now)
	if err != nil {
		return nil, fmt.Errorf("reading the budgets: %w", err)
	}
	var uses []Use
	for _, one := range []struct {
		budget, key string
		limit       int
	}{{BudgetNumberHour, hour, l.NumberHour}, {BudgetNumberDay, day, l.NumberDay}} {
		if one.limit > 0 {
			c := counted[one.key]
			uses = append(uses, Use{Budget: one.budget, Used: c.Count, Limit: int64(one.limit), Until: c.Until, Over: c.Count >= int64(one.limit)})
		}
	}
	return uses, nil
}

// RenewNumber begins the counts of calls to the number anew.
func (e *Engine) RenewNumber(ctx context.Context, phone string) error {
	hour, day := e.numberKeys(phone)
	for _, key := range []string{hour, day} {
		if err := e.store.SetCounter(ctx, key, Counter{}); err != nil {
			return fmt.Errorf("beginning the calls to a number anew: %w", err)
		}
	}
	return nil
}

// Forget takes back that the person agreed to be called. What they used up stays.
func (e *Engine) Forget(ctx context.Context, personID string) error {
	return e.store.Update(ctx, e.key("", personID), e.now(), func(rec *Record) error {
		rec.Budget.Agreed = ""
		return nil
	})
}

// numberKeys are the counters of calls to a number.
func (e *Engine) numberKeys(phone string) (hour, day string) {
	number := e.limitKey(BudgetNumber, phone)
	return number + ":hour", number + ":day"
}
