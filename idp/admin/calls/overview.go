package calls

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/idp/admin/calls/ledger"
)

// Overview is what a period brought.
type Overview struct {
	Period Period
	Now    time.Time
	Total  ledger.Figures
	// Usual is the mean of the spans that the period up to now is compared with, and
	// Spans how many of these had any call; without one nothing is known of Usual.
	Usual Mean
	Spans int
	// Rows are the sums by what calls have in common.
	Outcomes, Failures, Drivers, Routes, Channels, Countries, Operators []Row
	Steps                                                               []Step
	Money                                                               []Money
}

// Row is the sum of calls that have Name in common; an empty one is not known.
type Row struct {
	Name string
	ledger.Figures
	Spent map[string]int64 // millionths, by currency
}

// Step is a part of the period: an hour of a day, a day of more.
type Step struct {
	At time.Time
	ledger.Figures
	Spent map[string]int64
}

// Mean are figures of a usual span of time.
type Mean struct {
	Calls, Confirmed float64
	Rates            Rates
	Spent            map[string]float64
}

// Rates are shares of calls, 0 to 1; negative where there was nothing to share.
type Rates struct {
	// Answered are the calls that rang, of those that a provider took.
	Answered float64
	// Confirmed are those whose code was typed, of those that were given to a provider
	// and are over.
	Confirmed float64
}

// RatesOf gives the rates of figures.
func RatesOf(f ledger.Figures) Rates {
	return Rates{Answered: share(f.Reached, f.Placed), Confirmed: share(f.Confirmed, given(f))}
}

// given are the calls that a provider was given and that are over.
func given(f ledger.Figures) int64 { return f.Over() - f.Failed - f.Unsent }

func share(part, whole int64) float64 {
	if whole <= 0 {
		return -1
	}
	return float64(part) / float64(whole)
}

// Overview tells what the period brought, as far as the filter lets it pass; the
// filter's own times don't count.
func (s *Service) Overview(ctx context.Context, p Period, f ledger.Filter) (*Overview, error) {
	now := s.o.Now()
	v := &Overview{Period: p, Now: now}
	f.From, f.To = p.From(), p.To()
	sums, err := s.o.Records.CallSums(ctx, f)
	if err != nil {
		return nil, err
	}
	v.sumUp(sums)
	spans := p.before(now)
	f.From = oldest(spans, p, now)
	moments, err := s.o.Records.CallMoments(ctx, f)
	if err != nil {
		return nil, err
	}
	v.Steps = steps(p, moments)
	v.compare(spans, moments)
	if startOfDay(now, p.Day.Location()).Equal(p.Day) {
		v.Money = s.forecast(v, moments)
	} else {
		v.Money = spentOf(v)
	}
	return v, nil
}

// oldest is the beginning of the moments that a page needs.
func oldest(spans []ledger.Filter, p Period, now time.Time) time.Time {
	from := p.From()
	for _, span := range spans {
		from = earlier(from, span.From)
	}
	return earlier(from, monthOf(now.In(p.Day.Location())))
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func (v *Overview) sumUp(sums []ledger.Sum) {
	by := func(name func(ledger.Sum) string) []Row { return rows(sums, name) }
	for _, sum := range sums {
		v.Total = v.Total.Add(sum.Figures)
	}
	v.Drivers = by(func(s ledger.Sum) string { return s.Driver })
	v.Routes = by(func(s ledger.Sum) string { return s.Route })
	v.Channels = by(func(s ledger.Sum) string { return s.Channel })
	v.Countries = by(func(s ledger.Sum) string { return s.Country })
	v.Operators = by(func(s ledger.Sum) string { return s.Operator })
	failed := slices.DeleteFunc(slices.Clone(sums), func(s ledger.Sum) bool { return s.Failed == 0 })
	v.Failures = rows(failed, func(s ledger.Sum) string { return s.Failure })
	for _, state := range append([]ledger.State{ledger.Underway}, ledger.Ends()...) {
		v.Outcomes = append(v.Outcomes, Row{Name: string(state), Figures: ledger.Figures{Calls: v.Total.Of(state)}})
	}
}

// rows are the sums by name, the most calls first.
func rows(sums []ledger.Sum, name func(ledger.Sum) string) (all []Row) {
	at := map[string]int{}
	for _, sum := range sums {
		key := name(sum)
		i, known := at[key]
		if !known {
			i = len(all)
			at[key], all = i, append(all, Row{Name: key, Spent: map[string]int64{}})
		}
		all[i].Figures = all[i].Add(sum.Figures)
		all[i].Spent[sum.Currency] += sum.Figures.Spent
	}
	slices.SortFunc(all, func(a, b Row) int { return cmp.Or(cmp.Compare(b.Calls, a.Calls), strings.Compare(a.Name, b.Name)) })
	return all
}

// steps are the period's hours or days.
func steps(p Period, moments []ledger.Moment) []Step {
	bounds := p.Steps()
	all := make([]Step, len(bounds)-1)
	for i := range all {
		all[i] = Step{At: bounds[i], Spent: map[string]int64{}}
	}
	for _, m := range moments {
		i, exact := slices.BinarySearchFunc(bounds, m.At, time.Time.Compare)
		if !exact {
			i--
		}
		if i < 0 || i >= len(all) {
			continue
		}
		all[i].Figures = all[i].Add(m.Figures)
		all[i].Spent[m.Currency] += m.Figures.Spent
	}
	return all
}

// compare finds what is usual: the mean over the spans that had any call.
func (v *Overview) compare(spans []ledger.Filter, moments []ledger.Moment) {
	var total ledger.Figures
	spent := map[string]float64{}
	for _, span := range spans {
		of, money := within(moments, span.From, span.To)
		if of.Calls == 0 {
			continue
		}
		v.Spans++
		total = total.Add(of)
		for currency, n := range money {
			spent[currency] += float64(n)
		}
	}
	n := float64(max(v.Spans, 1))
	for currency := range spent {
		spent[currency] /= n
	}
	v.Usual = Mean{Calls: float64(total.Calls) / n, Confirmed: float64(total.Confirmed) / n, Rates: RatesOf(total), Spent: spent}
}

// within is the sum of the moments of a span.
func within(moments []ledger.Moment, from, to time.Time) (total ledger.Figures, spent map[string]int64) {
	spent = map[string]int64{}
	for _, m := range moments {
		if m.At.Before(from) || !m.At.Before(to) {
			continue
		}
		total = total.Add(m.Figures)
		spent[m.Currency] += m.Figures.Spent
	}
	return total, spent
}

// States that are told of in words.
func outcomeWords() map[ledger.State]string {
	return map[ledger.State]string{
		ledger.Underway: "underway", otp.Confirmed: "confirmed", otp.Expired: "no code came in time", otp.Exhausted: "too many wrong codes",
		ledger.Replaced: "another call was asked for", otp.Failed: "failed", otp.Refused: "not their number", ledger.Unsent: "never sent",
		otp.Unknown: "unknown", otp.Requested: "requested", otp.Calling: "being placed", otp.Placed: "placed", otp.Called: "called",
	}
}
