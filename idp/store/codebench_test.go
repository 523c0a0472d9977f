package store_test

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/factors/otp"
)

// telling is a sender whose provider tells the code at once.
type telling struct{ otp.Sender }

func (telling) Routes(string, time.Time) []otp.Route {
	return []otp.Route{{ID: "main", Channel: "flashCall", Driver: "test", Price: 10_000}}
}

func (telling) Send(context.Context, otp.Delivery) (otp.Sent, error) {
	return otp.Sent{Code: "0042", CallID: "call"}, nil
}

func (telling) Report(context.Context, otp.Delivery, string, bool) error { return nil }

// BenchmarkOneCode is what one code costs, from the request to its confirmation.
func BenchmarkOneCode(b *testing.B) {
	engine, err := otp.New(otp.Options{
		Method: "flashCall", Store: open(b, filepath.Join(b.TempDir(), "ringtail.db")).Challenges(), Sender: telling{},
		Settings: func() otp.Settings {
			return otp.Settings{CodeLength: 4, Validity: time.Minute, AttemptsPerLogin: 3, TotalAttempts: 10, Block: time.Hour, Limits: otp.Limits{
				NumberHour: 5, NumberDay: 15, AddressHour: 1 << 30, NetworkHour: 1 << 30, PrefixHour: 1 << 30, CountryHour: 1 << 30, SpendDay: 1 << 60,
			}}
		},
		Hash: func(parts ...string) string { return fmt.Sprint(parts) },
	})
	if err != nil {
		b.Fatal(err)
	}
	do := func(err error) {
		if err != nil {
			b.Fatal(err)
		}
	}
	n, began := 0, processorTime(b)
	for b.Loop() {
		n++
		login, person := fmt.Sprint("login ", n), fmt.Sprint("person ", n)
		do(engine.Request(b.Context(), otp.Target{LoginID: login, PersonID: person, Phone: fmt.Sprintf("+7999%07d", n), Country: "RU", RemoteIP: "192.0.2.7"}))
		_, err := engine.Work(b.Context())
		do(err)
		_, err = engine.Status(b.Context(), login, person)
		do(err)
		do(engine.Enter(b.Context(), otp.Entered{LoginID: login, PersonID: person, Code: "0042"}))
		_, err = engine.Work(b.Context()) // the report
		do(err)
	}
	b.ReportMetric(float64(processorTime(b)-began)/float64(n)/1000, "cpu-µs/code")
}
