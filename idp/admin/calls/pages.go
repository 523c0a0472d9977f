package calls

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/admin/calls/ledger"
	"github.com/ringtail-id/ringtail/templates/console"
)

// choose is what both pages of calls have in their form.
type choose struct {
	Day, Zone string
	Days      []console.Option
	// By are the fields by which calls are chosen, with what was chosen.
	By []choice
	// Reset is the address without any of these.
	Reset string
}

type choice struct{ Name, Label, Value string }

// overviewPage is what the page calls/overview shows.
type overviewPage struct {
	Choose         choose
	Previous, Next string // addresses of the period before, and after
	Alarms         []string
	Summary        [][]console.Cell
	Compared       string
	Charts         []*Chart
	Tables         []table
	Money          [][]console.Cell
	Method         string
	Pools          [][]console.Cell
	Log, Stops     string
	MayStop        bool
}

type table struct {
	Caption string
	Head    []string
	Rows    [][]console.Cell
}

// fields are the parameters of a query that choose calls, in the order of the form.
func fields() []choice {
	return []choice{{"country", "Country", ""}, {"driver", "Provider (driver)", ""}, {"channel", "Channel", ""}, {"operator", "Operator", ""}, {"route", "Route", ""}}
}

// filterOf reads the fields of a query.
func filterOf(q url.Values) ledger.Filter {
	return ledger.Filter{
		Country: q.Get("country"), Driver: q.Get("driver"), Channel: q.Get("channel"), Operator: q.Get("operator"), Route: q.Get("route"),
	}
}

func (s *Section) choose(q url.Values, p Period, at string) choose {
	c := choose{Day: p.Day.Format(dateForm), Zone: p.Day.Location().String(), Reset: s.view.URL(at)}
	for _, n := range periods() {
		text := strconv.Itoa(n) + " days"
		if n == 1 {
			text = "1 day"
		}
		c.Days = append(c.Days, console.Option{Value: strconv.Itoa(n), Text: text, Selected: n == p.Days})
	}
	for _, f := range fields() {
		f.Value = q.Get(f.Name)
		c.By = append(c.By, f)
	}
	return c
}

// address is the path with the period, and with what else was chosen; more are pairs
// that take the place of those, and an empty value takes one away.
func (s *Section) address(at string, q url.Values, p Period, more ...string) string {
	all := p.query()
	for _, f := range fields() {
		if v := q.Get(f.Name); v != "" {
			all.Set(f.Name, v)
		}
	}
	for i := 0; i+1 < len(more); i += 2 {
		all.Set(more[i], more[i+1])
		if more[i+1] == "" {
			all.Del(more[i])
		}
	}
	return s.view.URL(at) + "?" + all.Encode()
}

func (s *Section) showOverview(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	q := r.URL.Query()
	p, err := s.service.period(q)
	if err != nil {
		return err
	}
	v, err := s.service.Overview(r.Context(), p, filterOf(q))
	if err != nil {
		return err
	}
	alarms, err := s.service.Alarms(r.Context())
	if err != nil {
		return err
	}
	data := overviewPage{
		Choose: s.choose(q, p, path), Summary: summary(v), Charts: charts(v), Tables: s.tables(v, q, a), Log: s.address(pathLog, q, p),
		Stops: s.view.URL(pathStops), MayStop: a.May(admin.CallsStop), Compared: compared(v),
		Previous: s.address(path, q, p, "day", p.Day.AddDate(0, 0, -p.Days).Format(dateForm)),
	}
	if !v.Now.Before(p.To()) {
		data.Next = s.address(path, q, p, "day", p.Day.AddDate(0, 0, p.Days).Format(dateForm))
	}
	for _, alarm := range alarms {
		data.Alarms = append(data.Alarms, alarm.Text())
	}
	data.Money, data.Method = money(v)
	if data.Pools, err = s.pools(r); err != nil {
		return err
	}
	return s.view.Show(w, r, a, admin.Page{Name: "calls/overview", Title: "Calls", Data: data})
}

func compared(v *Overview) string {
	switch {
	case v.Spans == 0:
		return "There is nothing to compare with yet."
	case v.Period.Days == 1:
		return fmt.Sprintf("Usual is the mean of the same hours of the 7 days before; %d of these had calls.", v.Spans)
	}
	return fmt.Sprintf("Usual is the same time of the %d days before.", v.Period.Days)
}

// summary are the figures beside what is usual.
func summary(v *Overview) [][]console.Cell {
	rates, usual, f := RatesOf(v.Total), v.Usual, v.Total
	row := func(name, now, before, change string) []console.Cell {
		if v.Spans == 0 {
			before, change = "–", "–"
		}
		return []console.Cell{{Text: name}, {Text: now}, {Text: before}, {Text: change}}
	}
	points := func(now, before float64) string {
		if now < 0 || before < 0 {
			return "–"
		}
		return fmt.Sprintf("%+.1f points", 100*(now-before))
	}
	all := [][]console.Cell{
		row("Calls", strconv.FormatInt(f.Calls, 10), fmt.Sprintf("%.1f", usual.Calls), against(float64(f.Calls), usual.Calls)),
		row("Confirmed", strconv.FormatInt(f.Confirmed, 10), fmt.Sprintf("%.1f", usual.Confirmed), against(float64(f.Confirmed), usual.Confirmed)),
		row("Answer rate", percent(rates.Answered), percent(usual.Rates.Answered), points(rates.Answered, usual.Rates.Answered)),
		row("Confirmation rate", percent(rates.Confirmed), percent(usual.Rates.Confirmed), points(rates.Confirmed, usual.Rates.Confirmed)),
		row("Half were confirmed within", waited(f, 0.5), "–", "–"),
		row("Nine of ten were confirmed within", waited(f, 0.9), "–", "–"),
	}
	for _, m := range v.Money {
		all = append(all, row("Money", Amount(m.Spent, m.Currency), Amount(int64(m.Usual), m.Currency), against(float64(m.Spent), m.Usual)))
	}
	return all
}

// money are the forecasts, and how they were made.
func money(v *Overview) (rows [][]console.Cell, method string) {
	for _, m := range v.Money {
		if m.Method == "" {
			continue
		}
		limit := console.Cell{Text: "none", Mark: "soft"}
		if m.Limit > 0 {
			limit = console.Cell{Text: Amount(m.Limit, m.Currency)}
			if m.Day > m.Limit {
				limit = console.Cell{Text: limit.Text + ", will be met", Mark: "bad"}
			}
		}
		rows = append(rows, []console.Cell{
			{Text: named(m.Currency)}, {Text: Amount(m.Spent, m.Currency)}, {Text: Amount(m.Day, m.Currency)}, {Text: Amount(m.Month, m.Currency)}, limit,
		})
		method = "Without a day to compare with: the rest of the day at the pace of the day so far, and days to come like today."
		if m.Method == MethodUsual {
			method = "What is left of the day as on the mean of the last 7 days, times how today compares with them so far (a tenth to ten times); days to come as on their mean."
		}
	}
	return rows, method
}

// tables are the sums by what calls have in common; a name leads to those calls alone.
func (s *Section) tables(v *Overview, q url.Values, a *admin.Actor) []table {
	head := []string{"", "Calls", "Answered", "Confirmed", "Half within", "Nine of ten within", "Failed", "Money"}
	mayStop := a.May(admin.CallsStop)
	by := func(caption, field, kind string, rows []Row) table {
		t := table{Caption: caption, Head: append([]string{caption}, head[1:]...)}
		if mayStop && kind != "" {
			t.Head = append(t.Head, "Switch")
		}
		for _, row := range rows[:min(len(rows), mostRows)] {
			cells := s.cells(row)
			if row.Name != "" {
				cells[0].URL = s.address(path, q, v.Period, field, row.Name)
			}
			if mayStop && kind != "" {
				cells = append(cells, s.switchCell(kind, row.Name))
			}
			t.Rows = append(t.Rows, cells)
		}
		return t
	}
	outcomes := table{Caption: "Outcome", Head: []string{"Outcome", "Calls", "Share"}}
	for _, row := range v.Outcomes {
		if row.Calls > 0 {
			outcomes.Rows = append(outcomes.Rows, []console.Cell{
				{Text: word(row.Name), URL: s.address(pathLog, q, v.Period, "state", row.Name)}, {Text: strconv.FormatInt(row.Calls, 10)}, {Text: percent(share(row.Calls, v.Total.Calls))},
			})
		}
	}
	failures := table{Caption: "Why calls failed", Head: []string{"Failure", "Calls"}}
	for _, row := range v.Failures {
		failures.Rows = append(failures.Rows, []console.Cell{
			{Text: named(row.Name), URL: s.address(pathLog, q, v.Period, "failure", row.Name)}, {Text: strconv.FormatInt(row.Calls, 10)},
		})
	}
	all := []table{
		outcomes, failures, by("Provider", "driver", KindDriver, v.Drivers), by("Route", "route", "", v.Routes), by("Channel", "channel", KindChannel, v.Channels),
		by("Country", "country", KindCountry, v.Countries), by("Operator", "operator", "", v.Operators),
	}
	return slices.DeleteFunc(all, func(t table) bool { return len(t.Rows) == 0 })
}

// mostRows bounds a table of the page; the API tells all.
const mostRows = 50

func (s *Section) cells(row Row) []console.Cell {
	rates := RatesOf(row.Figures)
	spent := ""
	for _, currency := range sortedKeys(row.Spent) {
		if spent != "" {
			spent += ", "
		}
		spent += Amount(row.Spent[currency], currency)
	}
	return []console.Cell{
		{Text: named(row.Name)}, {Text: strconv.FormatInt(row.Calls, 10)}, {Text: percent(rates.Answered)}, {Text: percent(rates.Confirmed)},
		{Text: waited(row.Figures, 0.5)}, {Text: waited(row.Figures, 0.9)}, {Text: strconv.FormatInt(row.Failed, 10)}, {Text: spent},
	}
}

// switchCell leads to where something is switched off.
func (s *Section) switchCell(kind, value string) console.Cell {
	if value == "" {
		return console.Cell{}
	}
	return console.Cell{Text: "Switch off " + value, URL: s.confirmAddress(Stop{Kind: kind, Value: value}, true)}
}

// pools are the codes that providers choose.
func (s *Section) pools(r *http.Request) (rows [][]console.Cell, err error) {
	if s.service.o.Pools == nil {
		return nil, nil
	}
	reports, err := s.service.o.Pools(r.Context())
	if err != nil {
		return nil, err
	}
	for _, p := range reports {
		state := console.Cell{Text: "fair", Mark: "good"}
		if p.Alarmed() {
			reason := p.Alarm
			if reason == "" {
				reason = p.Before.Alarm + " (before)"
			}
			state = console.Cell{Text: reason, Mark: "bad"}
		}
		rows = append(rows, []console.Cell{
			{Text: p.Driver}, {Text: strconv.Itoa(p.Length)}, {Text: strconv.Itoa(p.Codes)}, {Text: strconv.Itoa(p.Pairs)},
			{Text: fmt.Sprintf("%.2f", p.Expected)}, {Text: fmt.Sprintf("%.1f", p.Bits())}, state,
		})
	}
	return rows, nil
}
