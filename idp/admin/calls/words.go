package calls

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/ringtail-id/ringtail/idp/admin/calls/ledger"
)

// percent is a share in words; none where there was nothing to share.
func percent(share float64) string {
	if share < 0 {
		return "–"
	}
	return strconv.FormatFloat(math.Round(1000*share)/10, 'f', -1, 64) + " %"
}

// seconds is a time that somebody waited.
func seconds(d time.Duration) string {
	if d < 10*time.Second {
		return strconv.FormatFloat(math.Round(d.Seconds()*10)/10, 'f', -1, 64) + " s"
	}
	return strconv.Itoa(int(math.Round(d.Seconds()))) + " s"
}

// waited is a percentile of the time to the confirmation.
func waited(f ledger.Figures, p float64) string {
	wait, more, ok := f.Percentile(p)
	switch {
	case !ok:
		return "–"
	case more:
		return "over " + seconds(wait)
	}
	return seconds(wait)
}

// against says how much something differs from what is usual.
func against(now, usual float64) string {
	if usual <= 0 {
		return "–"
	}
	return fmt.Sprintf("%+.0f %%", 100*(now/usual-1))
}

// word is the name of a state or an outcome, for people.
func word(state string) string {
	if w, ok := outcomeWords()[ledger.State(state)]; ok {
		return w
	}
	return state
}

func named(name string) string {
	if name == "" {
		return "unknown"
	}
	return name
}
