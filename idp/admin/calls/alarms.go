package calls

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/ringtail-id/ringtail/idp/admin/calls/ledger"
)

// Kinds of alarms.
const (
	// AlarmLow: few of many calls to a country or to neighbouring numbers are confirmed.
	AlarmLow = "confirmation_low"
	// AlarmFall: the share that is confirmed fell far below what is usual at this hour.
	AlarmFall = "confirmation_fall"
	// AlarmSpend: calls cost far more than is usual at this hour.
	AlarmSpend = "spend_rise"
	// AlarmCodes: the codes that a provider chooses are no fair draw.
	AlarmCodes = "code_pool"
)

// AlarmKinds are all kinds.
func AlarmKinds() []string { return []string{AlarmLow, AlarmFall, AlarmSpend, AlarmCodes} }

// Alarm is something that somebody should look at. Where is set as far as it is about
// some calls alone.
type Alarm struct {
	Kind                              string
	Country, Prefix, Driver, Currency string
	Calls                             int64
	// Value and Usual are shares of calls for the confirmations, millionths of Currency
	// for money, bits for codes.
	Value, Usual float64
}

// Text says it to people.
func (a Alarm) Text() string {
	percent := func(share float64) string { return fmt.Sprintf("%.0f %%", 100*share) }
	switch a.Kind {
	case AlarmLow:
		return fmt.Sprintf("Only %s of %d calls %s are confirmed in the last hour. Many calls and few codes are the mark of who earns money by being called.",
			percent(a.Value), a.Calls, a.to())
	case AlarmFall:
		return fmt.Sprintf("%s of %d calls %s are confirmed in the last hour; at this hour %s are usual.", percent(a.Value), a.Calls, a.to(), percent(a.Usual))
	case AlarmSpend:
		return fmt.Sprintf("Calls %s cost %s in the last hour; at this hour %s is usual.", a.to(), Amount(int64(a.Value), a.Currency), Amount(int64(a.Usual), a.Currency))
	}
	return fmt.Sprintf("The codes of driver %s are no fair draw: a guess is up against %.1f bits.", a.Driver, a.Value)
}

// to names the calls that the alarm is about.
func (a Alarm) to() string {
	switch {
	case a.Prefix != "":
		return "to numbers that begin with " + a.Prefix
	case a.Country != "":
		return "to " + a.Country
	case a.Driver != "":
		return "by driver " + a.Driver
	}
	return "in total"
}

// same says whether both are about the same thing, at whatever value.
func (a Alarm) same(b Alarm) bool {
	return a.Kind == b.Kind && a.Country == b.Country && a.Prefix == b.Prefix && a.Driver == b.Driver && a.Currency == b.Currency
}

// judgeEvery is how long what was judged is believed.
const judgeEvery = 15 * time.Second

// Alarms tells what is unusual now.
func (s *Service) Alarms(ctx context.Context) ([]Alarm, error) {
	now := s.o.Now()
	s.mu.Lock()
	known, judged := s.alarms, s.judged
	s.mu.Unlock()
	if age := now.Sub(judged); !judged.IsZero() && age >= 0 && age < judgeEvery {
		return known, nil
	}
	alarms, err := s.judge(ctx, now)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.alarms, s.judged = alarms, now
	return alarms, nil
}

// lastHour is the time that is judged: the quarter that runs, and the three before.
// A usual hour has four whole ones, so that what is compared is at most as much.
func lastHour(now time.Time) (from, to time.Time) {
	running := now.UTC().Truncate(ledger.Quarter)
	return running.Add(-3 * ledger.Quarter), running.Add(ledger.Quarter)
}

// mostSeries bounds the blocks of numbers that are looked at.
const mostSeries = 50

// judge looks at the last hour.
func (s *Service) judge(ctx context.Context, now time.Time) (alarms []Alarm, err error) {
	from, to := lastHour(now)
	sums, err := s.o.Records.CallSums(ctx, ledger.Filter{From: from, To: to})
	if err != nil {
		return nil, err
	}
	usual, days, err := s.usualHour(ctx, from, to)
	if err != nil {
		return nil, err
	}
	var series []ledger.Series
	if s.o.Limits.LowestConfirmation > 0 {
		if series, err = s.o.Records.CallSeries(ctx, from, s.o.Limits.LeastCalls, mostSeries); err != nil {
			return nil, err
		}
	}
	alarms = slices.Concat(s.low(sums, series), s.falls(sums, usual), s.rises(sums, usual, days))
	return s.withPools(ctx, alarms)
}

// usualHour are the sums of the same hour of the days before, and how many of these
// days had any.
func (s *Service) usualHour(ctx context.Context, from, to time.Time) (usual []ledger.Sum, days int, err error) {
	for day := 1; day <= weekDays; day++ {
		back := -time.Duration(day) * 24 * time.Hour
		some, err := s.o.Records.CallSums(ctx, ledger.Filter{From: from.Add(back), To: to.Add(back)})
		if err != nil {
			return nil, 0, err
		}
		if len(some) > 0 {
			days++
		}
		usual = append(usual, some...)
	}
	return usual, days, nil
}

// low finds countries and neighbouring numbers whose calls are hardly confirmed.
func (s *Service) low(sums []ledger.Sum, series []ledger.Series) (alarms []Alarm) {
	lowest := float64(s.o.Limits.LowestConfirmation) / 100
	tell := func(a Alarm, over, confirmed int64) {
		if a.Calls = over; over < int64(s.o.Limits.LeastCalls) || over <= 0 {
			return
		}
		if a.Value = share(confirmed, over); a.Value < lowest {
			alarms = append(alarms, a)
		}
	}
	for _, row := range rows(sums, func(s ledger.Sum) string { return s.Country }) {
		tell(Alarm{Kind: AlarmLow, Country: row.Name}, given(row.Figures), row.Confirmed)
	}
	for _, one := range series {
		tell(Alarm{Kind: AlarmLow, Country: one.Country, Prefix: one.Prefix}, one.Calls-one.Underway, one.Confirmed)
	}
	return alarms
}

// falls compares how many calls are confirmed, of all that are over: a provider that
// fails shows too.
func (s *Service) falls(sums, usual []ledger.Sum) (alarms []Alarm) {
	if s.o.Limits.ConfirmationFall == 0 {
		return nil
	}
	keep := 1 - float64(s.o.Limits.ConfirmationFall)/100
	for _, by := range []func(ledger.Sum) Alarm{
		func(ledger.Sum) Alarm { return Alarm{} },
		func(s ledger.Sum) Alarm { return Alarm{Country: s.Country} },
		func(s ledger.Sum) Alarm { return Alarm{Driver: s.Driver} },
	} {
		before := groups(usual, by)
		for where, now := range groups(sums, by) {
			old := before[where]
			least := int64(s.o.Limits.LeastCalls)
			if now.Over() < least || old.Over() < least {
				continue
			}
			a := where
			a.Kind, a.Calls, a.Value, a.Usual = AlarmFall, now.Over(), share(now.Confirmed, now.Over()), share(old.Confirmed, old.Over())
			if a.Value < a.Usual*keep {
				alarms = append(alarms, a)
			}
		}
	}
	return sorted(alarms)
}

func groups(sums []ledger.Sum, by func(ledger.Sum) Alarm) map[Alarm]ledger.Figures {
	all := map[Alarm]ledger.Figures{}
	for _, sum := range sums {
		all[by(sum)] = all[by(sum)].Add(sum.Figures)
	}
	return all
}

// rises compares what calls cost; days is how many days there are to compare with.
// Without one nothing is usual yet.
func (s *Service) rises(sums, usual []ledger.Sum, days int) (alarms []Alarm) {
	if s.o.Limits.SpendRise == 0 || days == 0 {
		return nil
	}
	for _, by := range []func(ledger.Sum) Alarm{
		func(s ledger.Sum) Alarm { return Alarm{Currency: s.Currency} },
		func(s ledger.Sum) Alarm { return Alarm{Currency: s.Currency, Country: s.Country} },
	} {
		before := groups(usual, by)
		for where, now := range groups(sums, by) {
			a := where
			a.Kind, a.Calls, a.Value, a.Usual = AlarmSpend, now.Calls, float64(now.Spent), float64(before[where].Spent)/float64(days)
			if now.Calls >= int64(s.o.Limits.LeastCalls) && now.Spent > 0 && a.Value > a.Usual*s.o.Limits.SpendRise {
				alarms = append(alarms, a)
			}
		}
	}
	return sorted(alarms)
}

func sorted(alarms []Alarm) []Alarm {
	slices.SortFunc(alarms, func(a, b Alarm) int {
		return cmp.Or(cmp.Compare(a.Country, b.Country), cmp.Compare(a.Driver, b.Driver), cmp.Compare(a.Currency, b.Currency))
	})
	return alarms
}

// withPools adds the providers whose codes are no fair draw.
func (s *Service) withPools(ctx context.Context, alarms []Alarm) ([]Alarm, error) {
	if s.o.Pools == nil {
		return alarms, nil
	}
	reports, err := s.o.Pools(ctx)
	if err != nil {
		return nil, err
	}
	for _, r := range reports {
		if r.Alarmed() {
			alarms = append(alarms, Alarm{Kind: AlarmCodes, Driver: r.Driver, Calls: int64(r.Codes), Value: r.Bits()})
		}
	}
	return alarms, nil
}
