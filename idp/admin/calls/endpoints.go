package calls

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/ringtail-id/ringtail/factors/otp/pool"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/admin/calls/ledger"
	"github.com/ringtail-id/ringtail/idp/api"
)

// shownFigures are figures as answers have them. Shares are 0 to 1, absent where there
// was nothing to share; times are seconds.
type shownFigures struct {
	Calls     int64            `json:"calls"`
	Outcomes  map[string]int64 `json:"outcomes"`
	Placed    int64            `json:"placed"`
	Reached   int64            `json:"reached"`
	Answered  *float64         `json:"answer_rate,omitempty"`
	Confirmed *float64         `json:"confirmation_rate,omitempty"`
	P50       *float64         `json:"confirmed_within_p50,omitempty"`
	P90       *float64         `json:"confirmed_within_p90,omitempty"`
	Spent     []shownAmount    `json:"spent,omitempty"`
}

// shownAmount is money; amounts are decimals in texts, which lose nothing.
type shownAmount struct {
	Amount   string `json:"amount"`
	Currency string `json:"currency"`
}

func asFigures(f ledger.Figures, spent map[string]int64) shownFigures {
	out := shownFigures{Calls: f.Calls, Outcomes: map[string]int64{}, Placed: f.Placed, Reached: f.Reached}
	for _, state := range append([]ledger.State{ledger.Underway}, ledger.Ends()...) {
		if n := f.Of(state); n != 0 {
			out.Outcomes[string(state)] = n
		}
	}
	rates := RatesOf(f)
	out.Answered, out.Confirmed = known(rates.Answered), known(rates.Confirmed)
	if wait, _, ok := f.Percentile(0.5); ok {
		out.P50 = known(wait.Seconds())
	}
	if wait, _, ok := f.Percentile(0.9); ok {
		out.P90 = known(wait.Seconds())
	}
	for _, currency := range sortedKeys(spent) {
		out.Spent = append(out.Spent, shownAmount{decimal(spent[currency]), currency})
	}
	return out
}

// known is nil for what is negative: nothing was there to share.
func known(n float64) *float64 {
	if n < 0 {
		return nil
	}
	return &n
}

type shownRow struct {
	Name string `json:"name"`
	shownFigures
}

func asRows(rows []Row) []shownRow {
	out := []shownRow{}
	for _, row := range rows {
		out = append(out, shownRow{row.Name, asFigures(row.Figures, row.Spent)})
	}
	return out
}

type shownStep struct {
	At time.Time `json:"at"`
	shownFigures
}

// shownUsual is what is usual at this time.
type shownUsual struct {
	Spans     int           `json:"spans"`
	Calls     float64       `json:"calls"`
	Confirmed float64       `json:"confirmed"`
	Answered  *float64      `json:"answer_rate,omitempty"`
	Rate      *float64      `json:"confirmation_rate,omitempty"`
	Spent     []shownAmount `json:"spent,omitempty"`
}

type shownForecast struct {
	Currency string `json:"currency"`
	Day      string `json:"day"`
	Month    string `json:"month"`
	Limit    string `json:"day_limit,omitempty"`
	Method   string `json:"method"`
}

type shownAlarm struct {
	Kind     string  `json:"kind"`
	Text     string  `json:"text"`
	Country  string  `json:"country,omitempty"`
	Prefix   string  `json:"prefix,omitempty"`
	Driver   string  `json:"driver,omitempty"`
	Currency string  `json:"currency,omitempty"`
	Calls    int64   `json:"calls"`
	Value    float64 `json:"value"`
	Usual    float64 `json:"usual,omitempty"`
}

type shownStatistics struct {
	From      time.Time             `json:"from"`
	To        time.Time             `json:"to"`
	Zone      string                `json:"zone"`
	Total     shownFigures          `json:"total"`
	Usual     *shownUsual           `json:"usual,omitempty"`
	By        map[string][]shownRow `json:"by"`
	Steps     []shownStep           `json:"steps"`
	Forecasts []shownForecast       `json:"forecasts"`
	Alarms    []shownAlarm          `json:"alarms"`
	Codes     []pool.Report         `json:"codes"`
}

func (s *Section) statistics(w http.ResponseWriter, r *http.Request, _ *admin.Actor) error {
	p, err := s.service.period(r.URL.Query())
	if err != nil {
		return err
	}
	v, err := s.service.Overview(r.Context(), p, filterOf(r.URL.Query()))
	if err != nil {
		return err
	}
	out := asStatistics(v)
	alarms, err := s.service.Alarms(r.Context())
	if err != nil {
		return err
	}
	for _, a := range alarms {
		shown := shownAlarm{a.Kind, a.Text(), a.Country, a.Prefix, a.Driver, a.Currency, a.Calls, a.Value, a.Usual}
		if a.Kind == AlarmSpend {
			shown.Value, shown.Usual = a.Value/millionth, a.Usual/millionth
		}
		out.Alarms = append(out.Alarms, shown)
	}
	if s.service.o.Pools != nil {
		reports, err := s.service.o.Pools(r.Context())
		if err != nil {
			return err
		}
		out.Codes = append(out.Codes, reports...)
	}
	return admin.WriteJSON(w, http.StatusOK, out)
}

func asStatistics(v *Overview) shownStatistics {
	spent := map[string]int64{}
	for _, m := range v.Money {
		spent[m.Currency] = m.Spent
	}
	out := shownStatistics{
		From: api.Time(v.Period.From()), To: api.Time(v.Period.To()), Zone: v.Period.Day.Location().String(), Total: asFigures(v.Total, spent),
		By: map[string][]shownRow{
			"driver": asRows(v.Drivers), "route": asRows(v.Routes), "channel": asRows(v.Channels), "country": asRows(v.Countries),
			"operator": asRows(v.Operators), "failure": asRows(v.Failures),
		},
		Steps: []shownStep{}, Forecasts: []shownForecast{}, Alarms: []shownAlarm{}, Codes: []pool.Report{},
	}
	if v.Spans > 0 {
		u := &shownUsual{Spans: v.Spans, Calls: v.Usual.Calls, Confirmed: v.Usual.Confirmed, Answered: known(v.Usual.Rates.Answered), Rate: known(v.Usual.Rates.Confirmed)}
		for _, currency := range slices.Sorted(maps.Keys(v.Usual.Spent)) {
			u.Spent = append(u.Spent, shownAmount{decimal(int64(v.Usual.Spent[currency])), currency})
		}
		out.Usual = u
	}
	for _, step := range v.Steps {
		out.Steps = append(out.Steps, shownStep{api.Time(step.At), asFigures(step.Figures, step.Spent)})
	}
	for _, m := range v.Money {
		if m.Method == "" {
			continue
		}
		f := shownForecast{Currency: m.Currency, Day: decimal(m.Day), Month: decimal(m.Month), Method: m.Method}
		if m.Limit > 0 {
			f.Limit = decimal(m.Limit)
		}
		out.Forecasts = append(out.Forecasts, f)
	}
	return out
}

// shownCall is a call as answers have it.
type shownCall struct {
	ID        string    `json:"id"`
	Login     string    `json:"login"`
	Phone     string    `json:"phone"`
	Country   string    `json:"country,omitempty"`
	Operator  string    `json:"operator,omitempty"`
	Route     string    `json:"route"`
	Channel   string    `json:"channel"`
	Driver    string    `json:"driver"`
	State     string    `json:"state"`
	Failure   string    `json:"failure,omitempty"`
	Attempts  int       `json:"attempts"`
	Price     string    `json:"price"`
	Cost      string    `json:"cost,omitempty"`
	Spent     string    `json:"spent"`
	Currency  string    `json:"currency,omitempty"`
	Requested time.Time `json:"requested_at"`
	Ordered   time.Time `json:"ordered_at"`
	Placed    time.Time `json:"placed_at,omitzero"`
	Called    time.Time `json:"called_at,omitzero"`
	Ended     time.Time `json:"ended_at,omitzero"`
}

func asCall(k ledger.Call, now time.Time, a *admin.Actor) shownCall {
	k = k.Settle(now)
	out := shownCall{
		ID: k.ID, Login: k.LoginID, Phone: shownPhone(k.Phone, a), Country: k.Country, Operator: k.Operator, Route: k.Route, Channel: k.Channel,
		Driver: k.Driver, State: string(k.State), Failure: k.Failure, Attempts: k.Attempts, Price: decimal(k.Price), Spent: decimal(k.Spent()),
		Currency: k.Currency, Requested: api.Time(k.RequestedAt), Ordered: api.Time(k.At),
	}
	if k.Cost > 0 {
		out.Cost = decimal(k.Cost)
	}
	for at, to := range map[*time.Time]*time.Time{&k.PlacedAt: &out.Placed, &k.CalledAt: &out.Called, &k.EndedAt: &out.Ended} {
		if !at.IsZero() {
			*to = api.Time(*at)
		}
	}
	return out
}

// mostListed bounds an answer's list.
const mostListed = 500

func (s *Section) list(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	q := r.URL.Query()
	p, err := s.service.period(q)
	if err != nil {
		return err
	}
	limit := pageSize
	if text := q.Get("limit"); text != "" {
		if limit, err = strconv.Atoi(text); err != nil || limit < 1 || limit > mostListed {
			return badFilter("limit")
		}
	}
	calls, next, err := s.find(r, p, limit)
	if err != nil {
		return err
	}
	out := struct {
		Calls []shownCall `json:"calls"`
		Next  string      `json:"next,omitempty"`
	}{[]shownCall{}, next}
	for _, k := range calls {
		out.Calls = append(out.Calls, asCall(k, s.service.o.Now(), a))
	}
	return admin.WriteJSON(w, http.StatusOK, out)
}

func (s *Section) get(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	k, tries, err := s.service.one(r, r.PathValue("id"))
	if err != nil {
		return err
	}
	out := struct {
		shownCall
		Tries []shownCall `json:"tries"`
	}{shownCall: asCall(k, s.service.o.Now(), a)}
	for _, one := range tries {
		out.Tries = append(out.Tries, asCall(one, s.service.o.Now(), a))
	}
	return admin.WriteJSON(w, http.StatusOK, out)
}

type shownStop struct {
	Kind  string    `json:"kind"`
	Value string    `json:"value"`
	By    string    `json:"by,omitempty"`
	At    time.Time `json:"at,omitzero"`
}

func (s *Section) stops(w http.ResponseWriter, r *http.Request, _ *admin.Actor) error {
	stops, err := s.service.Stops(r.Context())
	if err != nil {
		return err
	}
	out := struct {
		Stops []shownStop `json:"stops"`
	}{[]shownStop{}}
	for _, one := range stops {
		shown := shownStop{Kind: one.Kind, Value: one.Value, By: one.By}
		if !one.At.IsZero() {
			shown.At = api.Time(one.At)
		}
		out.Stops = append(out.Stops, shown)
	}
	return admin.WriteJSON(w, http.StatusOK, out)
}

// apiSwitch switches what the body names off, or on again.
func (s *Section) apiSwitch(off bool) func(http.ResponseWriter, *http.Request, *admin.Actor) error {
	return func(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
		var body struct {
			Kind    string `json:"kind"`
			Value   string `json:"value"`
			Comment string `json:"comment"`
		}
		if err := admin.ReadJSON(r, &body); err != nil {
			return err
		}
		if err := s.service.Switch(r.Context(), a, Stop{Kind: body.Kind, Value: body.Value}, off, body.Comment); err != nil {
			return err
		}
		return s.stops(w, r, a)
	}
}
