package server_test

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/factors/flashcall"
	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/factors/password"
	"github.com/ringtail-id/ringtail/idp/keyring"
	"github.com/ringtail-id/ringtail/idp/login"
	"github.com/ringtail-id/ringtail/idp/server"
	"github.com/ringtail-id/ringtail/idp/store"
	"github.com/ringtail-id/ringtail/idp/store/sqlitetest"
	"github.com/ringtail-id/ringtail/loops"
)

// patient tells how long its caller would wait.
type patient chan time.Duration

func (p patient) Run(ctx context.Context, _ loops.Job) (*loops.Result, error) {
	deadline, _ := ctx.Deadline()
	p <- time.Until(deadline)
	return &loops.Result{Value: map[string]any{"caller": "74950000042"}}, nil
}

// A run's limit is the settings': nothing that waits for the run may be less patient.
func TestACallMayTakeAsLongAsARun(t *testing.T) {
	const limit = 10 * time.Minute
	data, err := store.Open(t.Context(), store.Options{URL: sqlitetest.URL(t)})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = data.Close() }()
	ring, err := keyring.New(bytes.Repeat([]byte{7}, keyring.MasterKeyBytes), nil)
	if err != nil {
		t.Fatal(err)
	}
	runner := make(patient, 1)
	s, err := server.New(server.Options{
		Issuer: issuer, Store: data, Keyring: ring,
		Policy:   login.Policy{Level: 2, First: []string{password.ID}, Second: []string{flashcall.ID}},
		Session:  server.Session{Idle: time.Hour, Life: 8 * time.Hour},
		Password: server.Password{Settings: password.DefaultSettings(), Params: password.Params{Memory: 64, Time: 1, Threads: 1}},
		FlashCall: &server.FlashCall{
			Codes:          otp.Settings{CodeLength: 4, Validity: time.Minute, AttemptsPerLogin: 3, TotalAttempts: 10, Block: time.Minute},
			PhoneAttribute: "phone_number",
			Routes: []server.Route{{Route: flashcall.Route{
				ID: "main", Channel: loops.ChannelFlashCall, Driver: &loops.Driver{Manifest: loops.Manifest{CodeOrigin: loops.CodeFromCaller}},
			}}},
			Runner: runner, RunLimit: limit,
		},
		MaxBody: 32 << 10,
	})
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	key := otp.Key{Method: flashcall.ID, LoginID: "login", PersonID: "user"}
	err = data.Challenges().Update(t.Context(), key, now, func(rec *otp.Record) error {
		rec.Challenge = &otp.Challenge{ID: "challenge", LoginID: "login", Method: flashcall.ID, PersonID: "user", Phone: "+79990000001", Route: "main",
			State: otp.Requested, CodeLength: 4, RequestedAt: now, Until: now.Add(time.Hour), ResendAt: now}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	if waits := <-runner; waits < limit || waits > limit+time.Minute {
		t.Errorf("the call is given up after %v, its run after %v", waits, limit)
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
