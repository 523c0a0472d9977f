package calls

import (
	"maps"
	"slices"
	"time"

	"github.com/ringtail-id/ringtail/idp/admin/calls/ledger"
)

// Money is what a period cost in one currency, and what today and this month will
// have cost. All amounts are millionths.
type Money struct {
	Currency string
	Spent    int64 // in the period
	Usual    float64
	// Told is what of all Spent providers told; the rest are the routes' prices. It is
	// of all currencies together where there are several.
	Told int64
	// Day and Month are forecasts, and Method how they were made; nothing where the
	// period doesn't end today.
	Day, Month int64
	Method     string
	// Limit is the day's limit for spending, 0 without one.
	Limit int64
}

// Methods of forecasts.
const (
	// MethodUsual: what is left of the day costs what it cost on average on the last 7
	// days, times how today compares with them so far; days to come cost the mean of
	// those 7 days.
	MethodUsual = "usual"
	// MethodLinear: without those days, the rest of the day costs as much an hour as
	// the day so far, and days to come as much as today.
	MethodLinear = "linear"
)

// Bounds of the factor by which today may differ from usual, so that a few calls
// early in the morning don't foretell a fortune.
const leastFactor, mostFactor = 0.1, 10

// spentOf is what the period cost, without a forecast.
func spentOf(v *Overview) (all []Money) {
	spent := map[string]int64{}
	for _, row := range v.Drivers {
		for currency, n := range row.Spent {
			spent[currency] += n
		}
	}
	for currency := range v.Usual.Spent {
		spent[currency] += 0
	}
	for _, currency := range slices.Sorted(maps.Keys(spent)) {
		all = append(all, Money{Currency: currency, Spent: spent[currency], Usual: v.Usual.Spent[currency], Told: v.Total.Told})
	}
	return all
}

// forecast tells what today and this month will have cost.
func (s *Service) forecast(v *Overview, moments []ledger.Moment) []Money {
	all := spentOf(v)
	for i := range all {
		m := &all[i]
		one := slices.DeleteFunc(slices.Clone(moments), func(o ledger.Moment) bool { return o.Currency != m.Currency })
		m.Day, m.Month, m.Method = foretell(one, v.Now, v.Period.Day)
		if m.Currency == s.o.Currency {
			m.Limit = s.o.SpendDay
		}
	}
	return all
}

// foretell makes the forecast of one currency's moments; today is the day's beginning.
func foretell(moments []ledger.Moment, now, today time.Time) (day, month int64, method string) {
	spent := func(from, to time.Time) float64 {
		total, _ := within(moments, from, to)
		return float64(total.Spent)
	}
	local := now.In(today.Location())
	next := today.AddDate(0, 0, 1)
	soFar := spent(today, next)
	begun, whole, days := 0.0, 0.0, 0
	for back := 1; back <= weekDays; back++ {
		of := spent(today.AddDate(0, 0, -back), next.AddDate(0, 0, -back))
		if of == 0 {
			continue
		}
		days++
		whole += of
		begun += spent(today.AddDate(0, 0, -back), local.AddDate(0, 0, -back))
	}
	monthSoFar := spent(monthOf(local), today)
	left := float64(daysLeft(today))
	if days == 0 {
		elapsed := max(now.Sub(today), ledger.Quarter)
		total := soFar * float64(next.Sub(today)) / float64(elapsed)
		return int64(total), int64(monthSoFar + total*(1+left)), MethodLinear
	}
	factor := 1.0
	if begun > 0 {
		factor = min(max(soFar*float64(days)/begun, leastFactor), mostFactor)
	}
	total := soFar + factor*(whole-begun)/float64(days)
	return int64(total), int64(monthSoFar + total + left*whole/float64(days)), MethodUsual
}

func monthOf(at time.Time) time.Time {
	y, m, _ := at.Date()
	return time.Date(y, m, 1, 0, 0, 0, 0, at.Location())
}

// daysLeft are the days of the month after the day.
func daysLeft(day time.Time) int {
	next := monthOf(day).AddDate(0, 1, 0)
	return next.AddDate(0, 0, -1).Day() - day.Day()
}
