package password_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ringtail-id/ringtail/factors"
	"github.com/ringtail-id/ringtail/factors/factortest"
	"github.com/ringtail-id/ringtail/factors/password"
)

func TestContract(t *testing.T) {
	factortest.Run(t, func(t *testing.T) factortest.Subject {
		w := newWorldWith(t, password.HasherOptions{Params: tiny, MaxWait: time.Minute})
		w.settings = password.Settings{}
		answer := func(pass string) func(*testing.T, factors.Login) factors.Answer {
			return func(*testing.T, factors.Login) factors.Answer { return form("demo", pass) }
		}
		return factortest.Subject{
			Method: w, PersonID: "person-1", Secret: password.FieldPassword,
			Login: func() factors.Login { return factors.Login{ID: "login", Factor: 1} },
			Right: answer(right), Wrong: answer("another"),
			Snapshot: func(t *testing.T, _ factors.Login) any { return w.counter(t, "demo") },
		}
	})
}

// counter reads what the store keeps of a login name.
func (w *world) counter(t *testing.T, login string) (got password.Counter) {
	t.Helper()
	stop := errors.New("only reading")
	err := w.store.UpdateCounter(context.Background(), keyed("password login", login), func(c *password.Counter) error {
		got = *c
		return stop
	})
	if !errors.Is(err, stop) {
		t.Fatal(err)
	}
	return got
}

func TestRightPassword(t *testing.T) {
	w := newWorld(t)
	proof, err := w.try(" Demo ", right)
	if err != nil {
		t.Fatal(err)
	}
	if proof.PersonID != "person-1" || !slices.Equal(proof.AMR, []string{"pwd"}) {
		t.Errorf("proof is %+v, want person-1 with amr pwd", proof)
	}
}

// TestSameAnswer walks a wrong password through delay and block; a name that
// nobody has, a blocked account and one without a password must tell the same
// story, or the story tells who has an account.
func TestSameAnswer(t *testing.T) {
	story := func(spoil func(w *world), login, pass string) []string {
		w := newWorld(t)
		spoil(w)
		var lines []string
		for range 14 {
			_, err := w.try(login, pass)
			lines = append(lines, told(err))
			w.now = w.now.Add(3 * time.Second)
		}
		return lines
	}
	nothing := func(*world) {}
	want := story(nothing, "demo", "wrong")
	stories := map[string][]string{
		"a name that nobody has": story(nothing, "nobody", "wrong"),
		"a blocked account, right password": story(func(w *world) {
			a := w.accounts["demo"]
			a.Blocked = true
			w.accounts["demo"] = a
		}, "demo", right),
		"an account without a password": story(func(w *world) {
			w.accounts["demo"] = password.Account{Person: factors.Person{ID: "person-1"}}
		}, "demo", "wrong"),
		"an account with an unreadable hash": story(func(w *world) {
			w.accounts["demo"] = password.Account{Person: factors.Person{ID: "person-1"}, Hash: "$2a$10$bcrypt"}
		}, "demo", "wrong"),
	}
	for name, got := range stories {
		if !slices.Equal(got, want) {
			t.Errorf("%s tells\n%s\na wrong password\n%s", name, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}

// TestSameTime compares processor time, which a busy machine doesn't lengthen, with
// a hash that takes long enough to be seen; leaving it out for unknown names would
// make them a hundred times quicker.
func TestSameTime(t *testing.T) {
	w := newWorldWith(t, password.HasherOptions{Params: password.Params{Memory: 4 << 10, Time: 2, Threads: 1}})
	w.settings = password.Settings{}
	fastest := func(login string) time.Duration {
		best := time.Hour
		for range 7 {
			before := processorTime(t)
			_, _ = w.try(login, "wrong")
			best = min(best, processorTime(t)-before)
		}
		return best
	}
	known, unknown := fastest("demo"), fastest("nobody")
	if unknown*3 < known || known*3 < unknown {
		t.Errorf("a wrong password takes %v, a name that nobody has %v", known, unknown)
	}
}

func processorTime(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func TestDelayAndBlock(t *testing.T) {
	steps := []struct {
		name    string
		advance time.Duration
		pass    string
		want    string
		wait    time.Duration // Args["until"] from now on, 0 for none
	}{
		{"first failure", 0, "wrong", password.ProblemWrong, 0},
		{"second failure", 0, "wrong", password.ProblemWrong, 0},
		{"the third begins the delay", 0, "wrong", password.ProblemWrong, 5 * time.Second},
		{"too early, though right", 4 * time.Second, right, password.ProblemWait, time.Second},
		{"fourth failure", time.Second, "wrong", password.ProblemWrong, 5 * time.Second},
		{"the fifth begins the block", 5 * time.Second, "wrong", password.ProblemWrong, time.Minute},
		{"blocked, though right", 59 * time.Second, right, password.ProblemWait, time.Second},
		{"after the block the count is new", time.Second, "wrong", password.ProblemWrong, 0},
		{"and the right one is taken", 0, right, "", 0},
		{"a success forgets the failures", 0, "wrong", password.ProblemWrong, 0},
		{"second failure again", 0, "wrong", password.ProblemWrong, 0},
		{"long after, failures are forgotten", time.Hour, "wrong", password.ProblemWrong, 0},
	}
	w := newWorld(t)
	for _, step := range steps {
		w.now = w.now.Add(step.advance)
		_, err := w.try("demo", step.pass)
		p := factors.AsProblem(err)
		if step.want == "" {
			if err != nil {
				t.Fatalf("%s: %v", step.name, err)
			}
			continue
		}
		if p == nil || p.ID != step.want {
			t.Fatalf("%s: %v, want problem %s", step.name, err, step.want)
		}
		until, waits := p.Args["until"].(time.Time)
		if waits != (step.wait > 0) || waits && until.Sub(w.now) != step.wait {
			t.Errorf("%s: next try %v, want after %v", step.name, p.Args, step.wait)
		}
	}
}

func TestThroughput(t *testing.T) {
	w := newWorld(t)
	w.settings = password.Settings{Throughput: password.Throughput{Limit: 3, Window: 600 * time.Millisecond}}
	for range 3 {
		if _, err := w.try("demo", right); err != nil {
			t.Fatal(err)
		}
		w.now = w.now.Add(100 * time.Millisecond)
	}
	_, err := w.try("demo", right)
	if p := factors.AsProblem(err); p == nil || p.ID != password.ProblemWait || p.Status != http.StatusTooManyRequests {
		t.Fatalf("the fourth try in the window gave %v", err)
	}
	if _, err := w.try("other", right); factors.AsProblem(err).ID != password.ProblemWrong {
		t.Errorf("another name shares the window: %v", err)
	}
	w.now = w.now.Add(300 * time.Millisecond)
	if _, err := w.try("demo", right); err != nil {
		t.Errorf("the next window: %v", err)
	}
}

// TestParallelGuesses is the attack that beats counters which count after they
// compared.
func TestParallelGuesses(t *testing.T) {
	w := newWorldWith(t, password.HasherOptions{Params: tiny, Parallel: 64, MaxWait: time.Minute})
	w.settings = password.Settings{BlockAfter: 5, Block: time.Minute}
	var all sync.WaitGroup
	for range 64 {
		all.Go(func() {
			if proof, err := w.try("demo", "wrong"); proof != nil || factors.AsProblem(err) == nil {
				t.Errorf("a wrong guess gave %+v, %v", proof, err)
			}
		})
	}
	all.Wait()
	if w.looked != 5 {
		t.Errorf("%d guesses were compared, want 5", w.looked)
	}
}

func TestBusy(t *testing.T) {
	w := newWorldWith(t, password.HasherOptions{Params: tiny, Parallel: 1, MaxWait: time.Millisecond})
	entered, leave, first := make(chan struct{}), make(chan struct{}), make(chan error)
	w.enter = func() {
		close(entered)
		<-leave
	}
	go func() {
		_, err := w.try("demo", right)
		first <- err
	}()
	<-entered // it holds the only slot from here on
	_, err := w.try("other", right)
	if p := factors.AsProblem(err); p == nil || p.ID != factors.ProblemBusy || p.Status != http.StatusServiceUnavailable {
		t.Errorf("with all slots taken: %v, want problem busy", err)
	}
	if c := w.counter(t, "other"); c != (password.Counter{}) {
		t.Errorf("a busy method grew the store: %+v", c)
	}
	close(leave)
	if err := <-first; err != nil {
		t.Error(err)
	}
}

func TestSecondFactorIsThePersons(t *testing.T) {
	w := newWorld(t)
	login := factors.Login{ID: "login-1", Factor: 2, Person: &factors.Person{ID: "person-2", Login: "other"}}
	if _, err := w.Answer(context.Background(), login, form("demo", right)); factors.AsProblem(err) == nil ||
		factors.AsProblem(err).ID != password.ProblemWrong {
		t.Errorf("somebody else's password gave %v", err)
	}
	login.Person = &factors.Person{ID: "person-1", Login: "demo"}
	if _, err := w.Answer(context.Background(), login, form("", right)); err != nil {
		t.Errorf("the person's own, without naming them: %v", err)
	}
}

func TestShowPrefills(t *testing.T) {
	w := newWorld(t)
	for want, login := range map[string]factors.Login{
		"hint": {Hint: "hint"}, "demo": {Hint: "hint", Person: &factors.Person{Login: "demo"}}, "": {},
	} {
		v, err := w.Show(context.Background(), login)
		if err != nil || v.Values["login"] != want {
			t.Errorf("login is prefilled with %v (%v), want %q", v.Values["login"], err, want)
		}
	}
}

func TestLogTellsNoSecret(t *testing.T) {
	w := newWorld(t)
	for _, pass := range []string{right, "hunter2-hunter2"} {
		_, _ = w.try("demo", pass)
		_, _ = w.try("mistyped-password-as-login", pass)
	}
	for _, secret := range []string{right, "hunter2", "mistyped", "$argon2id"} {
		if strings.Contains(w.log.String(), secret) {
			t.Errorf("the log holds %q:\n%s", secret, w.log.String())
		}
	}
	for _, key := range []string{"login_id=", "user_id=", "login_hash="} {
		if !strings.Contains(w.log.String(), key) {
			t.Errorf("the log lacks %q:\n%s", key, w.log.String())
		}
	}
}

func TestRunSweeps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.clock = time.Now
		_, _ = w.try("nobody", "wrong")
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- w.Run(ctx) }()
		synctest.Wait()
		if c := w.counter(t, "nobody"); c.Failures != 1 {
			t.Errorf("swept too early: %+v", c)
		}
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		if n, err := w.store.SweepCounters(ctx, time.Now(), 10); n != 0 || err != nil {
			t.Errorf("Run left %d counters, %v", n, err)
		}
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}
