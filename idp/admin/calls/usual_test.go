package calls_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/factors/otp/pool"
	"github.com/ringtail-id/ringtail/idp/admin/calls"
)

// some are calls that were placed at a moment.
type some struct {
	at                        time.Time
	n, confirmed, failed      int
	country, driver, currency string
	price                     int64
	far                       bool // the numbers aren't neighbours
}

// happened has these calls in the ledger, as the engine would have left them.
func (w *world) happened(all ...some) {
	w.t.Helper()
	var group errgroup.Group // so that writes share commits
	for _, s := range all {
		for i := range s.n {
			w.logins++
			id := fmt.Sprint("past ", w.logins)
			c := otp.Challenge{
				ID: id, LoginID: id, Method: "flashCall", PersonID: id, Phone: fmt.Sprintf("+7926%07d", w.logins), Country: or(s.country, "RU"), Route: "1",
				Channel: "flashCall", Driver: or(s.driver, "phone"), State: otp.Called, RequestedAt: s.at, PlacedAt: s.at, CalledAt: s.at,
				Until: s.at.Add(time.Second), Price: s.price, Currency: or(s.currency, "RUB"),
			}
			if s.far {
				c.Phone = fmt.Sprintf("+7926%03d0000", w.logins)
			}
			switch {
			case i < s.confirmed:
				c.State = otp.Confirmed
			case i < s.confirmed+s.failed:
				c.State, c.Failure, c.PlacedAt, c.CalledAt = otp.Failed, "unavailable", time.Time{}, time.Time{}
			}
			group.Go(func() error {
				return w.store.Challenges().Update(w.t.Context(), otp.Key{Method: "flashCall", LoginID: id}, s.at, func(rec *otp.Record) error {
					rec.Challenge = &c
					return nil
				})
			})
		}
	}
	w.must(group.Wait())
	w.must(w.service.Settle(w.t.Context()))
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

func days(n int) time.Duration { return time.Duration(n) * 24 * time.Hour }

func TestAlarms(t *testing.T) {
	now := time.Date(2026, 11, 26, 12, 7, 0, 0, time.UTC)
	usual := func(n, confirmed int, price int64) (all []some) {
		for day := 1; day <= 7; day++ {
			all = append(all, some{at: now.Add(-days(day)), n: n, confirmed: confirmed, price: price, far: true})
		}
		return all
	}
	fair := []some{{at: now.Add(-20 * time.Minute), n: 12, confirmed: 9, price: 100, far: true}}
	for name, c := range map[string]struct {
		happened []some
		pools    []pool.Report
		want     []string
	}{
		"nothing":                      {nil, nil, nil},
		"as usual":                     {append(usual(12, 9, 100), fair...), nil, nil},
		"fewer than are judged":        {[]some{{at: now.Add(-time.Minute), n: 9, far: true}}, nil, nil},
		"nobody confirms":              {[]some{{at: now.Add(-time.Minute), n: 12, confirmed: 1, far: true}}, nil, []string{"confirmation_low RU"}},
		"an hour ago":                  {[]some{{at: now.Add(-70 * time.Minute), n: 12, far: true}}, nil, nil},
		"one country of two":           {append([]some{{at: now, n: 12, confirmed: 12, country: "DE"}}, some{at: now.Add(-time.Minute), n: 12, country: "FR", far: true}), nil, []string{"confirmation_low FR"}},
		"neighbouring numbers":         {[]some{{at: now.Add(-time.Minute), n: 50, confirmed: 40, far: true}, {at: now.Add(-time.Minute), n: 12}}, nil, []string{"confirmation_low RU +7926000"}},
		"half of what is usual":        {append(usual(12, 12, 0), some{at: now.Add(-time.Minute), n: 12, confirmed: 5, far: true}), nil, []string{"confirmation_fall", "confirmation_fall phone", "confirmation_fall RU"}},
		"a provider that fails":        {append(usual(12, 12, 0), some{at: now.Add(-time.Minute), n: 12, failed: 12, far: true}), nil, []string{"confirmation_fall", "confirmation_fall phone", "confirmation_fall RU"}},
		"another driver, never usual":  {append(usual(12, 12, 0), some{at: now.Add(-time.Minute), n: 12, confirmed: 12, driver: "new", far: true}), nil, nil},
		"four times as dear":           {append(usual(12, 12, 100), some{at: now.Add(-time.Minute), n: 12, confirmed: 12, price: 401, far: true}), nil, []string{"spend_rise RUB", "spend_rise RU RUB"}},
		"three times as dear is usual": {append(usual(12, 12, 100), some{at: now.Add(-time.Minute), n: 12, confirmed: 12, price: 300, far: true}), nil, nil},
		"a country that cost nothing":  {append(usual(100, 100, 100), some{at: now.Add(-time.Minute), n: 12, confirmed: 12, price: 100, country: "KZ", far: true}), nil, []string{"spend_rise KZ RUB"}},
		"the first day of all":         {[]some{{at: now.Add(-time.Minute), n: 100, confirmed: 100, price: 1_000_000, far: true}}, nil, nil},
		"codes that are no fair draw":  {nil, []pool.Report{{Driver: "fair"}, {Driver: "skewed", Alarm: pool.ReasonRepeats}}, []string{"code_pool skewed"}},
		"codes that were none before":  {nil, []pool.Report{{Driver: "skewed", Before: &pool.Report{Alarm: pool.ReasonEven}}}, []string{"code_pool skewed"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.pools = c.pools
			w.happened(c.happened...)
			alarms, err := w.service.Alarms(t.Context())
			w.must(err)
			var got []string
			for _, a := range alarms {
				got = append(got, strings.Join(strings.Fields(strings.Join([]string{a.Kind, a.Country, a.Prefix, a.Driver, a.Currency}, " ")), " "))
				if text := a.Text(); len(text) < 20 || !strings.Contains(w.get(base+"/calls").Find(".alarms").Text(), text) {
					t.Errorf("the page doesn't tell %q", text)
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("%v, want %v", got, c.want)
			}
		})
	}
}

// An alarm is logged when it comes and when it goes, and counted as long as it is there.
func TestAlarmsAreToldOnce(t *testing.T) {
	w := newWorld(t)
	w.happened(some{at: w.now.Add(-time.Minute), n: 12, far: true})
	round := w.service.Rounds()
	for range 3 {
		round(t.Context())
		w.now = w.now.Add(time.Minute)
	}
	if got := strings.Count(w.log.String(), "msg=\"calls alarm\""); got != 1 || !strings.Contains(w.log.String(), "country=RU") {
		t.Errorf("told %d times:\n%s", got, w.log.String())
	}
	if !strings.Contains(w.told(), `ringtail_calls_alarms{kind="confirmation_low"} 1`) {
		t.Error("the metrics don't have it")
	}
	w.now = w.now.Add(time.Hour)
	round(t.Context())
	if strings.Count(w.log.String(), "calls alarm over") != 1 || !strings.Contains(w.told(), `ringtail_calls_alarms{kind="confirmation_low"} 0`) {
		t.Error("its end isn't told")
	}
}

func TestUsual(t *testing.T) {
	w := newWorld(t)
	w.happened(
		some{at: w.now.Add(-time.Hour), n: 6, confirmed: 3},
		some{at: w.now.Add(-days(1) - time.Hour), n: 2, confirmed: 2},
		some{at: w.now.Add(-days(2) - time.Hour), n: 4, confirmed: 1},
		some{at: w.now.Add(-days(2) + 3*time.Hour), n: 50}, // later in the day
		some{at: w.now.Add(-days(8)), n: 50},               // longer ago
	)
	page := w.get(base + "/calls")
	for _, c := range [][3]string{{"Calls", "3.0", "+100 %"}, {"Confirmed", "1.5", "+100 %"}, {"Confirmation rate", "50 %", "+0.0 points"}} {
		if usual, difference := cell(page, "Figures", c[0], "Usual"), cell(page, "Figures", c[0], "Difference"); usual != c[1] || difference != c[2] {
			t.Errorf("%s: %q, %q, want %q, %q", c[0], usual, difference, c[1], c[2])
		}
	}
	if text := page.Find("main").Text(); !strings.Contains(text, "2 of these had calls") {
		t.Error("the page doesn't say what is usual")
	}
	if usual := cell(w.get(base+"/calls?days=7"), "Figures", "Calls", "Usual"); usual != "50.0" {
		t.Errorf("the week before: %q", usual)
	}
}

func TestForecast(t *testing.T) {
	const unit = 1_000_000
	noon := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC) // 4 days are left of the month
	for name, c := range map[string]struct {
		happened   []some
		day, month string
		method     string
	}{
		"without any day before": {[]some{{at: noon.Add(-time.Hour), n: 10, price: unit}}, "20.00 RUB", "100.00 RUB", "pace of the day so far"},
		"a month that began dear": {[]some{{at: noon.Add(-time.Hour), n: 10, price: unit}, {at: noon.Add(-days(20)), n: 7, price: unit}},
			"20.00 RUB", "107.00 RUB", "pace of the day so far"},
		"twice as much as usual": {[]some{
			{at: noon.Add(-time.Hour), n: 10, price: unit},
			{at: noon.Add(-days(1) - time.Hour), n: 4, price: unit}, {at: noon.Add(-days(1) + 3*time.Hour), n: 8, price: unit},
			{at: noon.Add(-days(2) - time.Hour), n: 6, price: unit}, {at: noon.Add(-days(2) + 3*time.Hour), n: 8, price: unit},
		}, "26.00 RUB", "104.00 RUB", "mean of the last 7 days"}, // 10 + 2*8; 26 before, 26 today, 4*13 to come
		"a quiet morning foretells no silent day": {[]some{
			{at: noon.Add(-time.Hour), n: 1, price: unit},
			{at: noon.Add(-days(1) - time.Hour), n: 100, price: unit}, {at: noon.Add(-days(1) + time.Hour), n: 10, price: unit},
		}, "2.00 RUB", "552.00 RUB", "mean of the last 7 days"}, // a tenth at least
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.now = noon
			w.happened(c.happened...)
			page := w.get(base + "/calls")
			day, month := cell(page, "What calls will have cost", "RUB", "Today, by its end"), cell(page, "What calls will have cost", "RUB", "This month, by its end")
			if day != c.day || month != c.month || !strings.Contains(page.Find("main").Text(), c.method) {
				t.Errorf("%s and %s, want %s and %s", day, month, c.day, c.month)
			}
			if w.get(base+"/calls?day=2026-11-25").Find("caption:contains('What calls will have cost')").Length() > 0 {
				t.Error("a day that is over has a forecast")
			}
		})
	}
}

// A day is that of the time zone, also where the clock is changed.
func TestDaysOfAZone(t *testing.T) {
	w := newWorld(t)
	w.happened(some{at: time.Date(2026, 11, 25, 21, 1, 0, 0, time.UTC), n: 3}, some{at: time.Date(2026, 11, 25, 18, 20, 0, 0, time.UTC), n: 2})
	// 18:20 is ten minutes before midnight in Kolkata, and past it in Kathmandu.
	for query, want := range map[string]string{
		"": "0", "?day=2026-11-25": "5", "?zone=Europe/Moscow": "3", "?zone=Asia/Kathmandu&day=2026-11-26": "5", "?zone=Asia/Kolkata&day=2026-11-25": "2", "?days=7": "5",
	} {
		if got := cell(w.get(base+"/calls"+query), "Figures", "Calls", "This period"); got != want {
			t.Errorf("%q: %s calls, want %s", query, got, want)
		}
	}
	for day, hours := range map[string]int{"2026-03-29": 23, "2026-10-25": 25, "2026-11-25": 24} {
		if n := w.get(base + "/calls?zone=Europe/Berlin&day=" + day).Find("figure.chart").First().Find("tbody tr").Length(); n != hours {
			t.Errorf("%s has %d hours, want %d", day, n, hours)
		}
	}
}

func TestSweep(t *testing.T) {
	w := newWorld(t, func(o *calls.Options) { o.Keep, o.KeepFigures = days(2), days(40) })
	w.happened(some{at: w.now.Add(-days(50)), n: 1}, some{at: w.now.Add(-days(3)), n: 2}, some{at: w.now, n: 3})
	w.must(w.service.Sweep(t.Context()))
	if n := w.get(base + "/calls/log?days=30").Find("tbody tr").Length(); n != 3 {
		t.Errorf("%d single calls are left", n)
	}
	if got := cell(w.get(base+"/calls?days=30"), "Figures", "Calls", "This period"); got != "5" {
		t.Errorf("%s calls are left in the figures", got)
	}
	if got := cell(w.get(base+"/calls?day="+w.now.Add(-days(50)).Format("2006-01-02")), "Figures", "Calls", "This period"); got != "0" {
		t.Errorf("%s calls are left in figures that are too old", got)
	}
}

// The metrics count each call once when it is ordered and once when it ends.
func TestMetrics(t *testing.T) {
	w, _ := busy(t)
	w.now = w.now.Add(time.Hour)
	w.must(w.service.Settle(t.Context()))
	text := w.told()
	for _, want := range []string{
		`ringtail_calls_ordered_total{channel="flashCall",country="RU",driver="phone"} 6`,
		`ringtail_calls_ordered_total{channel="sms",country="RU",driver="text"} 1`,
		`ringtail_calls_ended_total{channel="flashCall",country="RU",driver="phone",failure="",outcome="confirmed"} 2`,
		`ringtail_calls_ended_total{channel="flashCall",country="RU",driver="phone",failure="",outcome="expired"} 2`,
		`ringtail_calls_ended_total{channel="flashCall",country="RU",driver="phone",failure="no_funds",outcome="failed"} 1`,
		`ringtail_calls_spend_total{channel="sms",currency="RUB",driver="text"} 0.55`,
		`ringtail_calls_confirmation_seconds_count{channel="flashCall",driver="phone"} 3`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the metrics lack %s:\n%s", want, text)
		}
	}
}
