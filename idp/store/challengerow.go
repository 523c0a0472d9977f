package store

import "github.com/ringtail-id/ringtail/factors/otp"

type challengeRow struct {
	LoginID     string `db:"login_id"`
	Method      string `db:"method"`
	ID          string `db:"id"`
	PersonID    string `db:"person_id"`
	Phone       string `db:"phone"`
	Country     string `db:"country"`
	RemoteIP    string `db:"remote_ip"`
	Lang        string `db:"lang"`
	Decoy       bool   `db:"decoy"`
	Blind       bool   `db:"blind"`
	Route       string `db:"route"`
	Channel     string `db:"channel"`
	Driver      string `db:"driver"`
	State       string `db:"state"`
	CodeLength  int    `db:"code_length"`
	CodeHash    string `db:"code_hash"`
	ByProvider  bool   `db:"by_provider"`
	CallID      string `db:"call_id"`
	Prefix      string `db:"prefix"`
	Early       string `db:"early"`
	Charged     int64  `db:"charged"`
	Price       int64  `db:"price"`
	Cost        int64  `db:"cost"`
	Currency    string `db:"currency"`
	Passed      string `db:"passed"`
	Attempts    int    `db:"attempts"`
	Wrong       bool   `db:"wrong"`
	Failure     string `db:"failure"`
	CallerMask  string `db:"caller_mask"`
	RequestedAt stamp  `db:"requested_at"`
	PlacedAt    stamp  `db:"placed_at"`
	CalledAt    stamp  `db:"called_at"`
	PollAt      stamp  `db:"poll_at"`
	Until       stamp  `db:"until"`
	ResendAt    stamp  `db:"resend_at"`
}

const (
	challengeColumns = `login_id, method, id, person_id, phone, country, remote_ip, lang, decoy, blind, route, channel, driver, state,
		code_length, code_hash, by_provider, call_id, prefix, early, charged, price, cost, currency, passed, attempts, wrong, failure, caller_mask, requested_at,
		placed_at, called_at, poll_at, until, resend_at`
	insertChallenge = `INSERT INTO challenges (` + challengeColumns + `)
		VALUES (:login_id, :method, :id, :person_id, :phone, :country, :remote_ip, :lang, :decoy, :blind, :route, :channel, :driver, :state,
		:code_length, :code_hash, :by_provider, :call_id, :prefix, :early, :charged, :price, :cost, :currency, :passed, :attempts, :wrong, :failure, :caller_mask, :requested_at,
		:placed_at, :called_at, :poll_at, :until, :resend_at)`
)

func rowOfChallenge(c *otp.Challenge) challengeRow {
	return challengeRow{
		LoginID: c.LoginID, Method: c.Method, ID: c.ID, PersonID: c.PersonID, Phone: c.Phone, Country: c.Country,
		RemoteIP: c.RemoteIP, Lang: c.Lang, Decoy: c.Decoy, Blind: c.Blind, Route: c.Route, Channel: c.Channel, Driver: c.Driver,
		State: string(c.State), CodeLength: c.CodeLength, CodeHash: c.CodeHash, ByProvider: c.ByProvider,
		CallID: c.CallID, Prefix: c.Prefix, Early: c.Early, Charged: c.Charged,
		Price: c.Price, Cost: c.Cost, Currency: c.Currency, Passed: c.Passed, Attempts: c.Attempts, Wrong: c.Wrong,
		Failure: c.Failure, CallerMask: c.CallerMask, RequestedAt: at(c.RequestedAt), PlacedAt: at(c.PlacedAt),
		CalledAt: at(c.CalledAt), PollAt: at(c.PollAt), Until: at(c.Until), ResendAt: at(c.ResendAt),
	}
}

func (r challengeRow) challenge() *otp.Challenge {
	return &otp.Challenge{
		LoginID: r.LoginID, Method: r.Method, ID: r.ID, PersonID: r.PersonID, Phone: r.Phone, Country: r.Country,
		RemoteIP: r.RemoteIP, Lang: r.Lang, Decoy: r.Decoy, Blind: r.Blind, Route: r.Route, Channel: r.Channel, Driver: r.Driver,
		State: otp.State(r.State), CodeLength: r.CodeLength, CodeHash: r.CodeHash, ByProvider: r.ByProvider,
		CallID: r.CallID, Prefix: r.Prefix, Early: r.Early, Charged: r.Charged,
		Price: r.Price, Cost: r.Cost, Currency: r.Currency, Passed: r.Passed, Attempts: r.Attempts, Wrong: r.Wrong,
		Failure: r.Failure, CallerMask: r.CallerMask, RequestedAt: r.RequestedAt.Time, PlacedAt: r.PlacedAt.Time,
		CalledAt: r.CalledAt.Time, PollAt: r.PollAt.Time, Until: r.Until.Time, ResendAt: r.ResendAt.Time,
	}
}

type budgetRow struct {
	Used         int    `db:"used"`
	BlockedUntil stamp  `db:"blocked_until"`
	NextCall     stamp  `db:"next_call"`
	Agreed       string `db:"agreed"`
}

// keyedBudget is a budget with whose it is.
type keyedBudget struct {
	PersonID string `db:"person_id"`
	Method   string `db:"method"`
	budgetRow
}

// recordRow is a challenge, zero where there is none, with the budget of who asks.
type recordRow struct {
	challengeRow
	budgetRow
}

func (r recordRow) record() otp.Record {
	rec := otp.Record{Budget: r.budget()}
	if r.challengeRow != (challengeRow{}) {
		rec.Challenge = r.challenge()
	}
	return rec
}

const putBudget = `INSERT INTO budgets (person_id, method, used, blocked_until, next_call, agreed)
	VALUES (:person_id, :method, :used, :blocked_until, :next_call, :agreed)
	ON CONFLICT (person_id, method) DO UPDATE SET used = excluded.used, blocked_until = excluded.blocked_until,
	next_call = excluded.next_call, agreed = excluded.agreed`

func rowOfBudget(b otp.Budget) budgetRow {
	return budgetRow{Used: b.Used, BlockedUntil: at(b.BlockedUntil), NextCall: at(b.NextCall), Agreed: b.Agreed}
}

func (r budgetRow) budget() otp.Budget {
	return otp.Budget{Used: r.Used, BlockedUntil: r.BlockedUntil.Time, NextCall: r.NextCall.Time, Agreed: r.Agreed}
}
