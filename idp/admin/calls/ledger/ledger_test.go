package ledger_test

import (
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/idp/admin/calls/ledger"
)

var noon = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)

func TestSettle(t *testing.T) {
	for name, c := range map[string]struct {
		state, want ledger.State
	}{
		"never taken":        {otp.Requested, ledger.Unsent},
		"its node died":      {otp.Calling, otp.Unknown},
		"never heard of":     {otp.Placed, otp.Expired},
		"never typed":        {otp.Called, otp.Expired},
		"confirmed already":  {otp.Confirmed, otp.Confirmed},
		"failed already":     {otp.Failed, otp.Failed},
		"replaced":           {ledger.Replaced, ledger.Replaced},
		"settled before":     {ledger.Unsent, ledger.Unsent},
		"the person refused": {otp.Refused, otp.Refused},
	} {
		k := ledger.Call{ID: "k", State: c.state, Until: noon}
		if got := k.Settle(noon.Add(-1)); got != k {
			t.Errorf("%s: too early: %+v", name, got)
		}
		got := k.Settle(noon)
		if got.State != c.want || c.state != c.want && !got.EndedAt.Equal(noon) {
			t.Errorf("%s: %s at %v, want %s", name, got.State, got.EndedAt, c.want)
		}
		if again := got.Settle(noon.Add(time.Hour)); again != got {
			t.Errorf("%s: settled twice: %+v", name, again)
		}
	}
}

func TestSpent(t *testing.T) {
	for name, c := range map[string]struct {
		call ledger.Call
		want int64
	}{
		"told":                       {ledger.Call{State: otp.Called, PlacedAt: noon, Price: 4, Cost: 7}, 7},
		"told though it failed":      {ledger.Call{State: otp.Failed, PlacedAt: noon, Price: 4, Cost: 1}, 1},
		"by its price":               {ledger.Call{State: otp.Called, PlacedAt: noon, Price: 4}, 4},
		"it may have been placed":    {ledger.Call{State: otp.Calling, Price: 4}, 4},
		"and nobody will ever know":  {ledger.Call{State: otp.Unknown, Price: 4}, 4},
		"confirmed without a notice": {ledger.Call{State: otp.Confirmed, Price: 4}, 4},
		"only asked for":             {ledger.Call{State: otp.Requested, Price: 4}, 0},
		"never sent":                 {ledger.Call{State: ledger.Unsent, Price: 4}, 0},
		"the provider refused it":    {ledger.Call{State: otp.Failed, Price: 4}, 0},
	} {
		if got := c.call.Spent(); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}

func TestPercentile(t *testing.T) {
	for name, c := range map[string]struct {
		waits map[int]int64
		p     float64
		want  time.Duration
		more  bool
	}{
		"half of one class":        {map[int]int64{0: 10}, 0.5, 2500 * time.Millisecond, false},
		"all of it":                {map[int]int64{0: 10}, 1, 5 * time.Second, false},
		"nine of ten in the next":  {map[int]int64{0: 5, 1: 5}, 0.9, 9 * time.Second, false},
		"between two":              {map[int]int64{0: 5, 1: 5}, 0.5, 5 * time.Second, false},
		"past empty ones":          {map[int]int64{0: 1, 4: 9}, 0.5, 20*time.Second + 40*time.Second/9, false},
		"longer than all bounds":   {map[int]int64{11: 3}, 0.5, 5 * time.Minute, true},
		"nine of ten above bounds": {map[int]int64{2: 1, 11: 9}, 0.9, 5 * time.Minute, true},
	} {
		var f ledger.Figures
		for class, n := range c.waits {
			f.Waits[class], f.Confirmed = n, f.Confirmed+n
		}
		got, more, ok := f.Percentile(c.p)
		if !ok || more != c.more || (got-c.want).Abs() > time.Millisecond {
			t.Errorf("%s: %v, %v, %v, want %v", name, got, more, ok, c.want)
		}
	}
	if _, _, ok := (ledger.Figures{}).Percentile(0.5); ok {
		t.Error("nothing has a percentile")
	}
}

// A change adds what the call counts now, and takes away what it counted before: also
// where it moves from one sum to another.
func TestDeltas(t *testing.T) {
	before := ledger.Call{ID: "k", At: noon.Add(7 * time.Minute), RequestedAt: noon, State: otp.Called, PlacedAt: noon, Price: 4}
	after := before
	after.State, after.Failure, after.EndedAt = otp.Failed, "unreachable", noon.Add(time.Minute)
	deltas := ledger.Change{Before: before, After: after}.Deltas()
	if len(deltas) != 2 || deltas[0].Figures.Calls != -1 || deltas[1].Figures.Calls != 1 || deltas[1].Key.Failure != "unreachable" || !deltas[0].Key.At.Equal(noon) {
		t.Errorf("%+v", deltas)
	}
	if same := (ledger.Change{Before: before, After: before}).Deltas(); len(same) != 0 {
		t.Errorf("no change adds %+v", same)
	}
	var sum ledger.Figures
	for _, d := range append(ledger.Change{After: before}.Deltas(), deltas...) {
		sum = sum.Add(d.Figures)
	}
	if _, want := ledger.Measure(after); sum != want {
		t.Errorf("together %+v, want %+v", sum, want)
	}
}
