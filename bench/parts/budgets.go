package parts

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/ringtail-id/ringtail/bench/proc"
	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/idp/store"
)

// Requests for calls in one batch, and batches with and without limits in turn,
// so that a machine that gets slower meanwhile changes both.
const (
	budgetRequests = 300
	budgetBatches  = 6
)

// queued is a sender whose calls nobody places: only the request is measured.
type queued struct{ otp.Sender }

func (queued) Routes(string, time.Time) []otp.Route {
	return []otp.Route{{ID: "main", Channel: "flashCall", Driver: "bench", Price: 400_000}}
}

// wide are all limits, so wide that none is met.
func wide() otp.Limits {
	return otp.Limits{NumberHour: 1e6, NumberDay: 1e6, AddressHour: 1e6, NetworkHour: 1e6, PrefixHour: 1e6, CountryHour: 1e6, SpendDay: 1e15}
}

// measureBudgets tells what one request for a call costs, with all limits off and
// with all of them on, in this process: the engine on a database file.
func measureBudgets(ctx context.Context, folder string) ([]figure, error) {
	s, err := store.Open(ctx, store.Options{URL: "sqlite:" + filepath.Join(folder, "budgets.db")})
	if err != nil {
		return nil, err
	}
	defer s.Close()
	var cost [2]time.Duration
	for batch := range 2 * budgetBatches {
		limits := otp.Limits{}
		if batch%2 == 1 {
			limits = wide()
		}
		took, err := requestCalls(ctx, s, limits, batch)
		if err != nil {
			return nil, fmt.Errorf("asking for calls: %w", err)
		}
		if batch > 1 { // the first two warm up
			cost[batch%2] += took
		}
	}
	const n = budgetRequests * (budgetBatches - 1)
	return []figure{
		{"request for a call, all limits off", cost[0] / n, "written to the database; the call itself apart"},
		{"request for a call, all limits on", cost[1] / n, fmt.Sprintf("%.2f times that", float64(cost[1])/float64(cost[0]))},
	}, nil
}

// requestCalls is the processor time of a batch of requests, each in a login of
// its own.
func requestCalls(ctx context.Context, s *store.Store, limits otp.Limits, batch int) (time.Duration, error) {
	settings := otp.Settings{CodeLength: 4, Validity: time.Minute, AttemptsPerLogin: 3, TotalAttempts: 10, Block: time.Hour, Limits: limits}
	engine, err := otp.New(otp.Options{Method: "flashCall", Store: s.Challenges(), Sender: queued{}, Hash: keyed, Settings: func() otp.Settings { return settings }})
	if err != nil {
		return 0, err
	}
	before, err := proc.Used(os.Getpid())
	if err != nil {
		return 0, err
	}
	for i := range budgetRequests {
		id := fmt.Sprintf("%d-%d", batch, i)
		target := otp.Target{
			LoginID: id, PersonID: id, Phone: fmt.Sprintf("+7999%03d%04d", batch, i), Country: "RU", RemoteIP: fmt.Sprintf("10.%d.%d.%d", batch, i/256, i%256),
		}
		if err := engine.Request(ctx, target); err != nil {
			return 0, err
		}
	}
	after, err := proc.Used(os.Getpid())
	return after - before, err
}

func keyed(parts ...string) string {
	mac := hmac.New(sha256.New, []byte("key of the benchmark"))
	for _, p := range parts {
		fmt.Fprintf(mac, "%d:%s", len(p), p)
	}
	return hex.EncodeToString(mac.Sum(nil))
}
