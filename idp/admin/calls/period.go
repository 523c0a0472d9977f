package calls

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin/calls/ledger"
)

// problemPeriod: the days or the time zone can't be read. Field; status 400.
const problemPeriod = "calls_period_invalid"

// dateForm is how days are written.
const dateForm = "2006-01-02"

// Period is some days in a time zone, of which Day is the last.
type Period struct {
	Day  time.Time // its beginning, in the zone
	Days int       // 1, 7 or 30
}

// periods that may be chosen.
func periods() []int { return []int{1, 7, 30} }

// From is the period's beginning.
func (p Period) From() time.Time { return p.Day.AddDate(0, 0, 1-p.Days) }

// To is its end, which isn't part of it.
func (p Period) To() time.Time { return p.Day.AddDate(0, 0, 1) }

// Steps are the beginnings of the hours of a day, or of the days of a longer period,
// and then its end.
func (p Period) Steps() (steps []time.Time) {
	if p.Days == 1 {
		for at := p.From(); at.Before(p.To()); at = at.Add(time.Hour) {
			steps = append(steps, at)
		}
		return append(steps, p.To())
	}
	for n := range p.Days {
		steps = append(steps, p.From().AddDate(0, 0, n))
	}
	return append(steps, p.To())
}

// before are the spans with which the period up to now is compared: the same hours
// of the 7 days before a day, else the days before.
func (p Period) before(now time.Time) (spans []ledger.Filter) {
	end := p.To()
	if now.Before(end) {
		end = now.In(p.Day.Location())
	}
	shift := func(days int) {
		spans = append(spans, ledger.Filter{From: p.From().AddDate(0, 0, -days), To: end.AddDate(0, 0, -days)})
	}
	if p.Days > 1 {
		shift(p.Days)
		return spans
	}
	for days := 1; days <= weekDays; days++ {
		shift(days)
	}
	return spans
}

// weekDays is how many days what is usual is taken from.
const weekDays = 7

// startOfDay is the beginning of the day in which at lies, in the zone.
func startOfDay(at time.Time, zone *time.Location) time.Time {
	y, m, d := at.In(zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, zone)
}

// period reads day, days and zone of a query; what isn't there is today, one day, and
// the settings' zone.
func (s *Service) period(q url.Values) (Period, error) {
	zone := s.o.Zone
	if name := q.Get("zone"); name != "" {
		var err error
		if zone, err = time.LoadLocation(name); err != nil || name == "Local" {
			return Period{}, badPeriod("zone")
		}
	}
	p := Period{Day: startOfDay(s.o.Now(), zone), Days: 1}
	if text := q.Get("day"); text != "" {
		day, err := time.ParseInLocation(dateForm, text, zone)
		if err != nil {
			return Period{}, badPeriod("day")
		}
		p.Day = startOfDay(day, zone)
	}
	if text := q.Get("days"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n != 1 && n != 7 && n != 30 {
			return Period{}, badPeriod("days")
		}
		p.Days = n
	}
	return p, nil
}

func badPeriod(field string) error {
	return &idp.Problem{ID: problemPeriod, Status: http.StatusBadRequest, Field: field}
}

// query is the period as a query has it.
func (p Period) query() url.Values {
	return url.Values{"day": {p.Day.Format(dateForm)}, "days": {strconv.Itoa(p.Days)}, "zone": {p.Day.Location().String()}}
}
