package factortest

import (
	"context"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/ringtail-id/ringtail/factors"
)

func begin(t *testing.T, s Subject, login factors.Login) {
	t.Helper()
	if err := s.Method.Begin(context.Background(), login); err != nil {
		t.Fatalf("Begin: %v", err)
	}
}

func show(t *testing.T, s Subject, login factors.Login) factors.View {
	t.Helper()
	v, err := s.Method.Show(context.Background(), login)
	if err != nil {
		t.Fatalf("Show: %v", err)
	}
	if v.State == "" {
		t.Error("the view has no state")
	}
	return v
}

func prove(t *testing.T, s Subject, login factors.Login, answer factors.Answer) {
	t.Helper()
	proof, err := s.Method.Answer(context.Background(), login, answer)
	if err != nil || proof == nil {
		t.Fatalf("the right answer gave %+v, %v", proof, err)
	}
	if proof.PersonID != s.PersonID || len(proof.AMR) == 0 {
		t.Errorf("the proof is %+v, want one of person %s with amr values", proof, s.PersonID)
	}
}

func refuse(t *testing.T, s Subject, login factors.Login, answer factors.Answer) *factors.Problem {
	t.Helper()
	proof, err := s.Method.Answer(context.Background(), login, answer)
	p := factors.AsProblem(err)
	if proof != nil || p == nil || p.ID == "" {
		t.Fatalf("answer %v gave %+v, %v; want a problem", answer.Action, proof, err)
	}
	if p.HTTPStatus() < 400 || p.HTTPStatus() > 599 {
		t.Errorf("problem %s has status %d", p.ID, p.HTTPStatus())
	}
	return p
}

// costless refuses the answer and sees that nothing was spent for it.
func costless(t *testing.T, s Subject, login factors.Login, answer factors.Answer) *factors.Problem {
	t.Helper()
	before := s.Snapshot(t, login)
	p := refuse(t, s, login, answer)
	if after := s.Snapshot(t, login); !reflect.DeepEqual(before, after) {
		t.Errorf("problem %s changed %+v to %+v", p.ID, before, after)
	}
	return p
}

func emptyAnswer(t *testing.T, s Subject) {
	login := s.Login()
	begin(t, s, login)
	s.Right(t, login)
	costless(t, s, login, factors.Answer{})
}

func unknownAction(t *testing.T, s Subject) {
	login := s.Login()
	begin(t, s, login)
	answer := s.Right(t, login)
	for _, action := range []string{"jump", factors.ActionOther, factors.ActionCancel} {
		answer.Action = action
		if p := costless(t, s, login, answer); p.ID != factors.ProblemUnknownAction {
			t.Errorf("action %s gave problem %s, want %s", action, p.ID, factors.ProblemUnknownAction)
		}
	}
}

func longFields(t *testing.T, s Subject) {
	spoilFields(t, s, strings.Repeat("1", 64<<10), factors.ProblemFieldTooLong)
}

func invalidFields(t *testing.T, s Subject) {
	spoilFields(t, s, "\xff\xfe", factors.ProblemFieldInvalid)
}

// spoilFields puts value into each field of the right answer in turn.
func spoilFields(t *testing.T, s Subject, value, want string) {
	t.Helper()
	login := s.Login()
	begin(t, s, login)
	right := s.Right(t, login)
	for name := range right.Fields {
		spoilt := factors.Answer{Fields: map[string]string{}}
		for n, v := range right.Fields {
			spoilt.Fields[n] = v
		}
		spoilt.Fields[name] = value
		if p := costless(t, s, login, spoilt); p.ID != want || p.Field != name {
			t.Errorf("field %s gave problem %s of field %q, want %s", name, p.ID, p.Field, want)
		}
	}
	prove(t, s, login, right)
}

func noSecret(t *testing.T, what, secret, text string) {
	t.Helper()
	if strings.Contains(text, secret) {
		t.Errorf("%s shows the answer: %s", what, text)
	}
}

func cancelled(t *testing.T, s Subject) {
	login := s.Login()
	begin(t, s, login)
	answer := s.Right(t, login)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if proof, err := s.Method.Answer(ctx, login, answer); proof != nil || err == nil {
		t.Errorf("a cancelled request gave %+v, %v", proof, err)
	}
}

// concurrent is for the race detector, and counts proofs.
func concurrent(t *testing.T, s Subject) {
	login := s.Login()
	begin(t, s, login)
	answer := s.Right(t, login)
	var mu sync.Mutex
	proofs := 0
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			show(t, s, login)
			proof, err := s.Method.Answer(context.Background(), login, answer)
			if err != nil && factors.AsProblem(err) == nil {
				t.Errorf("answering at once: %v", err)
			}
			mu.Lock()
			defer mu.Unlock()
			if proof != nil {
				proofs++
			}
		})
	}
	all.Wait()
	if proofs == 0 || s.Bound && proofs != 1 {
		t.Errorf("16 right answers at once gave %d proofs", proofs)
	}
}
