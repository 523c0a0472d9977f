package faults

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/cmd/ringtail/processtest"
	"github.com/ringtail-id/ringtail/factors/flashcall"
	"github.com/ringtail-id/ringtail/factors/otp"
	passwords "github.com/ringtail-id/ringtail/factors/password"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/keyring"
	"github.com/ringtail-id/ringtail/idp/login"
	"github.com/ringtail-id/ringtail/idp/oauth/clientauth"
	"github.com/ringtail-id/ringtail/idp/oidc"
	"github.com/ringtail-id/ringtail/idp/ratelimit"
	"github.com/ringtail-id/ringtail/idp/server"
	"github.com/ringtail-id/ringtail/idp/store"
	"github.com/ringtail-id/ringtail/loops"
)

// Run has the phone ring as a driver would: the provider of this test is in this
// process, where its clock can be set.
func (p *phone) Run(_ context.Context, job loops.Job) (*loops.Result, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	from := fmt.Sprintf("7495%07d", len(p.orders)*7919%10_000_000)
	p.orders = append(p.orders, order{To: strings.TrimPrefix(fmt.Sprint(job.Input["phone_number"]), "+"), Reference: fmt.Sprint(job.Input["reference"]), From: from})
	return &loops.Result{Value: map[string]any{"caller": from}}, nil
}

// newClocked is a world whose only node is a server in this process.
func newClocked(t *testing.T, people int, now func() time.Time) *world {
	t.Helper()
	w := &world{dir: t.TempDir(), faults: &findings{}, acks: newAcks(), now: now, phone: &phone{}}
	w.url = "sqlite:" + filepath.Join(w.dir, "ringtail.db")
	n := &node{w: w, said: &processtest.Lines{}}
	w.nodes, w.hops = []*node{n}, &hops{nodes: []*node{n}}
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	n.public = fmt.Sprintf("localhost:%d", l.Addr().(*net.TCPAddr).Port)
	w.issuer = "http://" + n.public + "/blitz"
	for i := range people {
		w.people = append(w.people, newPerson(w, i))
	}
	s := w.clockedServer(t, now)
	public := &http.Server{Handler: s.Handler(), ReadHeaderTimeout: 5 * time.Second}
	ctx, stop := context.WithCancel(context.Background())
	ran := make(chan error, 1)
	go func() { ran <- s.Run(ctx) }()
	go func() { _ = public.Serve(l) }()
	t.Cleanup(func() {
		public.Close()
		stop()
		if err := <-ran; err != nil {
			t.Error(err)
		}
	})
	return w
}

func (w *world) clockedServer(t *testing.T, now func() time.Time) *server.Server {
	t.Helper()
	data, err := store.Open(t.Context(), store.Options{URL: w.url, Now: now, PhoneAttribute: "phone_number"})
	if err != nil {
		t.Fatal(err)
	}
	ring, err := keyring.New(bytes.Repeat([]byte{0x42}, keyring.MasterKeyBytes), nil)
	if err != nil {
		t.Fatal(err)
	}
	trail, err := audit.NewJournal(audit.Options{Records: data, Keyring: ring, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = trail.Close(context.Background()); _ = data.Close() })
	w.clockedPeople(t, data)
	s, err := server.New(server.Options{
		Issuer: w.issuer, Store: data, Keyring: ring, Audit: trail, Now: now, Log: slog.New(slog.DiscardHandler), RateLimits: ratelimit.Options{Off: true},
		Policy:    login.Policy{Level: 2, First: []string{passwords.ID}, Second: []string{flashcall.ID}},
		Session:   server.Session{Idle: 4 * time.Hour, Life: 8 * time.Hour},
		Password:  server.Password{Settings: passwords.Settings{}, Params: cheap},
		Lives:     oidc.Lives{RefreshGrace: time.Minute},
		FlashCall: w.clockedCalls(),
		Apps: []idp.Client{{
			ID: clientID, SecretHash: clientauth.HashSecret(ring, clientID, clientSecret), AuthMethod: idp.AuthSecretBasic, RedirectURIs: []string{callback},
			Grants: []string{idp.GrantCode, idp.GrantRefresh}, SigningAlg: "RS256", PostLogoutURIs: []string{"http://localhost:1/"},
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// clockedCalls have the wait between two calls that the clock must not make longer.
func (w *world) clockedCalls() *server.FlashCall {
	return &server.FlashCall{
		Codes:          otp.Settings{CodeLength: 4, Validity: time.Minute, AttemptsPerLogin: 3, TotalAttempts: 100, Block: time.Minute, ResendAfter: time.Second},
		PhoneAttribute: "phone_number", Numbers: flashcall.Numbers{Countries: []string{"RU"}},
		Routes: []server.Route{{Route: flashcall.Route{
			ID: "main", Channel: loops.ChannelFlashCall, Driver: &loops.Driver{Manifest: loops.Manifest{CodeOrigin: loops.CodeFromCaller}},
		}}},
		Runner: w.phone, RunLimit: 10 * time.Second,
	}
}

// roundForm is a round that ended with an error.
var roundForm = regexp.MustCompile(`^person\d+, round \d+: `)

var cheap = passwords.Params{Memory: 64, Time: 1, Threads: 1}

func (w *world) clockedPeople(t *testing.T, data *store.Store) {
	t.Helper()
	hasher, err := passwords.NewHasher(passwords.HasherOptions{Params: cheap})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range w.people {
		hash, err := hasher.Hash(t.Context(), password)
		if err != nil {
			t.Fatal(err)
		}
		u := &idp.User{ID: p.login, Login: p.login, PasswordHash: hash, Attributes: map[string]string{"phone_number": p.number}}
		if err := data.CreateUser(t.Context(), u); err != nil {
			t.Fatal(err)
		}
	}
}

// TestClockJumps sets the clock an hour ahead and back again while people sign in.
// What a jump lets expire is lost; nobody is called twice for one request, no code
// works twice, and nobody has to wait for the hour to pass.
func TestClockJumps(t *testing.T) {
	needsFaults(t)
	var ahead atomic.Int64
	w := newClocked(t, 8, func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) })
	end := w.crowd(context.Background())
	for i := range runs(10) {
		<-time.After(2 * time.Second)
		if i%2 == 0 {
			ahead.Store(int64(time.Hour))
			w.faults.count("times that the clock went an hour ahead")
		} else {
			ahead.Store(0)
			w.faults.count("times that the clock went an hour back")
		}
		w.comesBack(t)
		w.everybody(t)
	}
	end()
	w.forgive()
	db := w.open(t)
	defer db.Close()
	w.callsOnce(t, db)
	w.codesOnce(t, db)
	w.recorded(t, db)
	w.faults.tell(t)
}

// everybody signs in once more, or some have to wait for the clock.
func (w *world) everybody(t *testing.T) {
	t.Helper()
	before := map[*person]int64{}
	for _, p := range w.people {
		before[p] = p.let.Load()
	}
	for _, p := range w.people {
		processtest.EventuallyWithin(t, 30*time.Second, func() string {
			return p.login + " does not get in any more after the clock has jumped: " + w.faults.first()
		}, func() bool {
			return p.let.Load() > before[p]
		})
	}
}

// forgive leaves out what a jump may do: to let codes, tokens and sessions expire, and
// to have a relying party whose clock went otherwise refuse an ID token.
func (w *world) forgive() {
	w.faults.mu.Lock()
	defer w.faults.mu.Unlock()
	var left []string
	for _, finding := range w.faults.list {
		if roundForm.MatchString(finding) {
			w.faults.counts["rounds that a jump broke"]++
			continue
		}
		left = append(left, finding)
	}
	w.faults.list = left
}
