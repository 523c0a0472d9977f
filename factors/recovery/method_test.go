package recovery_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/factors"
	"github.com/ringtail-id/ringtail/factors/factortest"
	"github.com/ringtail-id/ringtail/factors/recovery"
	"github.com/ringtail-id/ringtail/factors/recovery/recoverytest"
)

const person = "u1"

// world is a method with a person who has codes, and a clock.
type world struct {
	store  recovery.Memory
	now    time.Time
	method *recovery.Method
	codes  []string
}

func hash(parts ...string) string { return strings.Join(parts, "|") }

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
	var err error
	if w.method, err = recovery.New(recovery.Options{Store: &w.store, Hash: hash, Now: func() time.Time { return w.now }}); err != nil {
		t.Fatal(err)
	}
	if w.codes, err = recovery.Issue(context.Background(), &w.store, hash, nil, person, w.now); err != nil {
		t.Fatal(err)
	}
	return w
}

func login() factors.Login {
	return factors.Login{ID: "l1", Factor: 2, Person: &factors.Person{ID: person, Login: "ann"}}
}

func typed(code string) factors.Answer {
	return factors.Answer{Fields: map[string]string{recovery.FieldCode: code}}
}

func (w *world) answer(code string) (*factors.Proof, string) {
	proof, err := w.method.Answer(context.Background(), login(), typed(code))
	if p := factors.AsProblem(err); p != nil {
		return proof, p.ID
	}
	return proof, ""
}

func TestSuite(t *testing.T) {
	factortest.Run(t, func(t *testing.T) factortest.Subject {
		w := newWorld(t)
		next := -1
		return factortest.Subject{
			Method: w.method, Login: login, PersonID: person, Secret: recovery.FieldCode,
			Right: func(*testing.T, factors.Login) factors.Answer { next++; return typed(w.codes[next]) },
			Wrong: func(*testing.T, factors.Login) factors.Answer { return typed("00000-00000") },
			Snapshot: func(t *testing.T, _ factors.Login) any {
				kept, err := w.store.Recovery(context.Background(), person)
				if err != nil {
					t.Fatal(err)
				}
				return kept
			},
		}
	})
}

func TestMemory(t *testing.T) {
	recoverytest.Run(t, func(*testing.T) (recovery.Store, string, string) { return new(recovery.Memory), "u1", "u2" })
}

func TestCodesAreForgiving(t *testing.T) {
	for name, write := range map[string]func(code string) string{
		"as given":      func(c string) string { return c },
		"capitals":      strings.ToUpper,
		"no hyphen":     func(c string) string { return strings.ReplaceAll(c, "-", "") },
		"blanks":        func(c string) string { return " " + strings.ReplaceAll(c, "-", " ") + " " },
		"another dash":  func(c string) string { return strings.ReplaceAll(c, "-", "–") },
		"o for 0":       func(c string) string { return strings.ReplaceAll(c, "0", "O") },
		"l and I for 1": func(c string) string { return strings.Replace(strings.Replace(c, "1", "l", 1), "1", "I", 1) },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			for _, code := range w.codes {
				if proof, problem := w.answer(write(code)); proof == nil {
					t.Fatalf("%q: %s", write(code), problem)
				}
			}
		})
	}
}

func TestCodesCountOnceAndEnd(t *testing.T) {
	w := newWorld(t)
	for _, code := range w.codes {
		if proof, problem := w.answer(code); proof == nil || proof.PersonID != person {
			t.Fatal(problem)
		}
		if proof, _ := w.answer(code); proof != nil {
			t.Fatal("a code counted twice")
		}
	}
	if _, problem := w.answer(w.codes[0]); problem != recovery.ProblemNone {
		t.Errorf("without codes: %s", problem)
	}
	if has, err := w.method.Enrolled(context.Background(), person); has || err != nil {
		t.Errorf("enrolled without codes: %v, %v", has, err)
	}
}

func TestNewCodesEndTheOldOnes(t *testing.T) {
	w := newWorld(t)
	if _, err := recovery.Issue(context.Background(), &w.store, hash, nil, person, w.now); err != nil {
		t.Fatal(err)
	}
	if proof, problem := w.answer(w.codes[0]); proof != nil || problem != recovery.ProblemWrong {
		t.Errorf("an old code: %v, %s", proof, problem)
	}
	if err := recovery.Reset(context.Background(), &w.store, person); err != nil {
		t.Fatal(err)
	}
	if _, problem := w.answer(w.codes[0]); problem != recovery.ProblemNone {
		t.Errorf("after a reset: %s", problem)
	}
}

func TestGuessesMustWait(t *testing.T) {
	w := newWorld(t)
	for range 5 {
		if _, problem := w.answer("nnnnn-nnnnn"); problem != recovery.ProblemWrong {
			t.Fatal(problem)
		}
	}
	if proof, problem := w.answer(w.codes[0]); proof != nil || problem != recovery.ProblemWait {
		t.Errorf("the sixth: %v, %s", proof, problem)
	}
	w.now = w.now.Add(16 * time.Minute)
	if proof, problem := w.answer(w.codes[0]); proof == nil {
		t.Errorf("after the wait: %s", problem)
	}
}

func TestCodesAreThePersonsOwn(t *testing.T) {
	w := newWorld(t)
	others, err := recovery.Issue(context.Background(), &w.store, hash, nil, "u2", w.now)
	if err != nil {
		t.Fatal(err)
	}
	if proof, _ := w.answer(others[0]); proof != nil {
		t.Error("another person's code counted")
	}
	if _, err := w.method.Answer(context.Background(), factors.Login{Factor: 1}, typed(w.codes[0])); factors.AsProblem(err).ID != factors.ProblemNoPerson {
		t.Errorf("as a first factor: %v", err)
	}
}
