package store

import (
	"reflect"
	"strings"

	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/idp/admin/calls/ledger"
)

type ledgerRow struct {
	ID          string `db:"id"`
	LoginID     string `db:"login_id"`
	PersonID    string `db:"person_id"`
	Phone       string `db:"phone"`
	RemoteIP    string `db:"remote_ip"`
	Country     string `db:"country"`
	Operator    string `db:"operator"`
	Route       string `db:"route"`
	Channel     string `db:"channel"`
	Driver      string `db:"driver"`
	State       string `db:"state"`
	Failure     string `db:"failure"`
	Attempts    int    `db:"attempts"`
	Price       int64  `db:"price"`
	Cost        int64  `db:"cost"`
	Currency    string `db:"currency"`
	At          stamp  `db:"at"`
	RequestedAt stamp  `db:"requested_at"`
	PlacedAt    stamp  `db:"placed_at"`
	CalledAt    stamp  `db:"called_at"`
	EndedAt     stamp  `db:"ended_at"`
	Until       stamp  `db:"until"`
}

const (
	ledgerColumns = `id, login_id, person_id, phone, remote_ip, country, operator, route, channel, driver, state, failure, attempts,
		price, cost, currency, at, requested_at, placed_at, called_at, ended_at, until`
	selectLedger = `SELECT ` + ledgerColumns + ` FROM calls`
	insertLedger = `INSERT INTO calls (` + ledgerColumns + `)
		VALUES (:id, :login_id, :person_id, :phone, :remote_ip, :country, :operator, :route, :channel, :driver, :state, :failure, :attempts,
		:price, :cost, :currency, :at, :requested_at, :placed_at, :called_at, :ended_at, :until)`
)

func rowOfCall(k ledger.Call) ledgerRow {
	return ledgerRow{
		ID: k.ID, LoginID: k.LoginID, PersonID: k.PersonID, Phone: k.Phone, RemoteIP: k.RemoteIP, Country: k.Country, Operator: k.Operator,
		Route: k.Route, Channel: k.Channel, Driver: k.Driver, State: string(k.State), Failure: k.Failure, Attempts: k.Attempts,
		Price: k.Price, Cost: k.Cost, Currency: k.Currency, At: at(k.At), RequestedAt: at(k.RequestedAt), PlacedAt: at(k.PlacedAt),
		CalledAt: at(k.CalledAt), EndedAt: at(k.EndedAt), Until: at(k.Until),
	}
}

func (r ledgerRow) call() ledger.Call {
	return ledger.Call{
		ID: r.ID, LoginID: r.LoginID, PersonID: r.PersonID, Phone: r.Phone, RemoteIP: r.RemoteIP, Country: r.Country, Operator: r.Operator,
		Route: r.Route, Channel: r.Channel, Driver: r.Driver, State: otp.State(r.State), Failure: r.Failure, Attempts: r.Attempts,
		Price: r.Price, Cost: r.Cost, Currency: r.Currency, At: r.At.Time, RequestedAt: r.RequestedAt.Time, PlacedAt: r.PlacedAt.Time,
		CalledAt: r.CalledAt.Time, EndedAt: r.EndedAt.Time, Until: r.Until.Time,
	}
}

// figuresRow is a sum with what the calls of it have in common, as far as it was asked for.
type figuresRow struct {
	At        stamp  `db:"at"`
	Route     string `db:"route"`
	Driver    string `db:"driver"`
	Channel   string `db:"channel"`
	Country   string `db:"country"`
	Operator  string `db:"operator"`
	Failure   string `db:"failure"`
	Currency  string `db:"currency"`
	Calls     int64  `db:"calls"`
	Underway  int64  `db:"underway"`
	Confirmed int64  `db:"confirmed"`
	Expired   int64  `db:"expired"`
	Exhausted int64  `db:"exhausted"`
	Failed    int64  `db:"failed"`
	Refused   int64  `db:"refused"`
	Replaced  int64  `db:"replaced"`
	Unsent    int64  `db:"unsent"`
	Unknown   int64  `db:"unknown"`
	Placed    int64  `db:"placed"`
	Reached   int64  `db:"reached"`
	Spent     int64  `db:"spent"`
	Told      int64  `db:"told"`
	Wait0     int64  `db:"wait0"`
	Wait1     int64  `db:"wait1"`
	Wait2     int64  `db:"wait2"`
	Wait3     int64  `db:"wait3"`
	Wait4     int64  `db:"wait4"`
	Wait5     int64  `db:"wait5"`
	Wait6     int64  `db:"wait6"`
	Wait7     int64  `db:"wait7"`
	Wait8     int64  `db:"wait8"`
	Wait9     int64  `db:"wait9"`
	Wait10    int64  `db:"wait10"`
	Wait11    int64  `db:"wait11"`
}

const (
	figuresKey = `route, driver, channel, country, operator, failure, currency`
	addFigures = `INSERT INTO call_figures (at, ` + figuresKey + `, calls, underway, confirmed, expired, exhausted, failed, refused, replaced,
		unsent, unknown, placed, reached, spent, told, wait0, wait1, wait2, wait3, wait4, wait5, wait6, wait7, wait8, wait9, wait10, wait11)
		VALUES (:at, :route, :driver, :channel, :country, :operator, :failure, :currency, :calls, :underway, :confirmed, :expired, :exhausted,
		:failed, :refused, :replaced, :unsent, :unknown, :placed, :reached, :spent, :told, :wait0, :wait1, :wait2, :wait3, :wait4, :wait5,
		:wait6, :wait7, :wait8, :wait9, :wait10, :wait11)
		ON CONFLICT (at, ` + figuresKey + `) DO UPDATE SET calls = call_figures.calls + excluded.calls, underway = call_figures.underway + excluded.underway,
		confirmed = call_figures.confirmed + excluded.confirmed, expired = call_figures.expired + excluded.expired, exhausted = call_figures.exhausted + excluded.exhausted,
		failed = call_figures.failed + excluded.failed, refused = call_figures.refused + excluded.refused, replaced = call_figures.replaced + excluded.replaced,
		unsent = call_figures.unsent + excluded.unsent, unknown = call_figures.unknown + excluded.unknown, placed = call_figures.placed + excluded.placed,
		reached = call_figures.reached + excluded.reached, spent = call_figures.spent + excluded.spent, told = call_figures.told + excluded.told,
		wait0 = call_figures.wait0 + excluded.wait0, wait1 = call_figures.wait1 + excluded.wait1, wait2 = call_figures.wait2 + excluded.wait2, wait3 = call_figures.wait3 + excluded.wait3,
		wait4 = call_figures.wait4 + excluded.wait4, wait5 = call_figures.wait5 + excluded.wait5, wait6 = call_figures.wait6 + excluded.wait6, wait7 = call_figures.wait7 + excluded.wait7,
		wait8 = call_figures.wait8 + excluded.wait8, wait9 = call_figures.wait9 + excluded.wait9, wait10 = call_figures.wait10 + excluded.wait10, wait11 = call_figures.wait11 + excluded.wait11`
	sumFigures = `sum(calls) AS calls, sum(underway) AS underway, sum(confirmed) AS confirmed, sum(expired) AS expired,
		sum(exhausted) AS exhausted, sum(failed) AS failed, sum(refused) AS refused, sum(replaced) AS replaced, sum(unsent) AS unsent,
		sum(unknown) AS unknown, sum(placed) AS placed, sum(reached) AS reached, sum(spent) AS spent, sum(told) AS told,
		sum(wait0) AS wait0, sum(wait1) AS wait1, sum(wait2) AS wait2, sum(wait3) AS wait3, sum(wait4) AS wait4, sum(wait5) AS wait5,
		sum(wait6) AS wait6, sum(wait7) AS wait7, sum(wait8) AS wait8, sum(wait9) AS wait9, sum(wait10) AS wait10, sum(wait11) AS wait11`
)

func rowOfFigures(d ledger.Delta) figuresRow {
	k, f, w := d.Key, d.Figures, d.Figures.Waits
	return figuresRow{
		At: at(k.At), Route: k.Route, Driver: k.Driver, Channel: k.Channel, Country: k.Country, Operator: k.Operator, Failure: k.Failure,
		Currency: k.Currency, Calls: f.Calls, Underway: f.Underway, Confirmed: f.Confirmed, Expired: f.Expired, Exhausted: f.Exhausted,
		Failed: f.Failed, Refused: f.Refused, Replaced: f.Replaced, Unsent: f.Unsent, Unknown: f.Unknown, Placed: f.Placed,
		Reached: f.Reached, Spent: f.Spent, Told: f.Told, Wait0: w[0], Wait1: w[1], Wait2: w[2], Wait3: w[3], Wait4: w[4], Wait5: w[5],
		Wait6: w[6], Wait7: w[7], Wait8: w[8], Wait9: w[9], Wait10: w[10], Wait11: w[11],
	}
}

// moreFigures adds to a row that is there those of the numbers that aren't 0.
func moreFigures(r figuresRow) (query string, args []any) {
	v := reflect.ValueOf(r)
	var set, where []string
	var of []any
	for i := range v.NumField() {
		name := v.Type().Field(i).Tag.Get("db")
		switch number, ok := v.Field(i).Interface().(int64); {
		case !ok:
			where, of = append(where, name+` = ?`), append(of, v.Field(i).Interface())
		case number != 0:
			set, args = append(set, name+` = `+name+` + ?`), append(args, number)
		}
	}
	return `UPDATE call_figures SET ` + strings.Join(set, `, `) + ` WHERE ` + strings.Join(where, ` AND `), append(args, of...)
}

func (r figuresRow) key() ledger.Key {
	return ledger.Key{
		At: r.At.Time, Route: r.Route, Driver: r.Driver, Channel: r.Channel, Country: r.Country, Operator: r.Operator, Failure: r.Failure,
		Currency: r.Currency,
	}
}

func (r figuresRow) figures() ledger.Figures {
	return ledger.Figures{
		Calls: r.Calls, Underway: r.Underway, Confirmed: r.Confirmed, Expired: r.Expired, Exhausted: r.Exhausted, Failed: r.Failed,
		Refused: r.Refused, Replaced: r.Replaced, Unsent: r.Unsent, Unknown: r.Unknown, Placed: r.Placed, Reached: r.Reached,
		Spent: r.Spent, Told: r.Told, Waits: [ledger.Waits]int64{r.Wait0, r.Wait1, r.Wait2, r.Wait3, r.Wait4, r.Wait5, r.Wait6, r.Wait7,
			r.Wait8, r.Wait9, r.Wait10, r.Wait11},
	}
}
