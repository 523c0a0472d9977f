package ledger

import (
	"context"
	"time"
)

// Filter says which calls are meant; empty fields leave all.
type Filter struct {
	// From and To are when calls were ordered, To not included. Figures are those of
	// whole quarters.
	From, To time.Time
	Route, Driver, Channel, Country,
	Operator string
}

// Find says which single calls are meant, beyond Filter.
type Find struct {
	Filter
	State   State // one of States, or Underway
	Failure string
	Phone   string // the whole number, E.164
	// Before is the last call of the page before; zero for the first page.
	Before Place
	Limit  int // at least 1
}

// Place is where a call stands in the list, the newest first.
type Place struct {
	At time.Time
	ID string
}

// Moment is the sum of a quarter, of one currency.
type Moment struct {
	At       time.Time
	Currency string
	Figures
}

// Sum is the sum over a period of calls that have the Key in common, but for At.
type Sum struct {
	Key
	Figures
}

// Series is the sum over a period of calls to neighbouring numbers, which have all
// but the last four digits in common.
type Series struct {
	Prefix, Country            string
	Calls, Underway, Confirmed int64
}

// Records is where calls and figures are kept; who keeps challenges writes them.
type Records interface {
	// CallSums are the sums over the filter's time, in no order.
	CallSums(ctx context.Context, f Filter) ([]Sum, error)
	// CallMoments are the sums by quarter, the oldest first.
	CallMoments(ctx context.Context, f Filter) ([]Moment, error)
	// CallSeries are those with at least so many calls since then, the most first, at most limit.
	CallSeries(ctx context.Context, since time.Time, least, limit int) ([]Series, error)
	// FindCalls lists calls, the newest first.
	FindCalls(ctx context.Context, f Find) ([]Call, error)
	// OneCall gives idp.ErrNotFound where it isn't kept.
	OneCall(ctx context.Context, id string) (Call, error)
	// CallsOfLogin lists those of one login, the oldest first.
	CallsOfLogin(ctx context.Context, loginID string) ([]Call, error)
	// SettleCalls settles at most limit calls that are over by now; see Call.Settle.
	SettleCalls(ctx context.Context, now time.Time, limit int) ([]Change, error)
	// SweepCalls deletes at most limit calls that were ordered before the time, and
	// SweepFigures sums of quarters before it. Figures stay as they are when calls go.
	SweepCalls(ctx context.Context, before time.Time, limit int) (int, error)
	SweepFigures(ctx context.Context, before time.Time, limit int) (int, error)
}
