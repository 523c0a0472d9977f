// Package factortest is the suite that every factors.Method passes.
//
// It owns what the contract promises to the login, whatever the method is. It
// does not own what a method promises besides: that is tested beside it.
package factortest

import (
	"context"
	"fmt"
	"reflect"
	"testing"

	"github.com/ringtail-id/ringtail/factors"
)

// Subject is a method with what the suite must know to use it.
type Subject struct {
	Method factors.Method
	// Login gives a new login, with which nothing was done yet, of one person
	// whom the method can serve; all logins are that person's.
	Login func() factors.Login
	// PersonID is whom a proof must name.
	PersonID string
	// Right and Wrong give answers after Begin: one that proves the person, and
	// one of the right form that doesn't.
	Right, Wrong func(t *testing.T, login factors.Login) factors.Answer
	// Secret is the field of the right answer that nothing may show.
	Secret string
	// Bound says that an answer counts in its own login only, and once.
	Bound bool
	// Snapshot is all that the method keeps of the login, in any form that
	// reflect.DeepEqual compares.
	Snapshot func(t *testing.T, login factors.Login) any
}

// Run runs the suite. newSubject is called once per test; its method has room
// for at least four wrong answers.
func Run(t *testing.T, newSubject func(t *testing.T) Subject) {
	tests := []struct {
		name string
		run  func(t *testing.T, s Subject)
	}{
		{"its ID is stable", idIsStable},
		{"looking changes nothing", lookingChangesNothing},
		{"a second Begin changes nothing", beginIsIdempotent},
		{"the right answer proves the person", rightAnswer},
		{"a wrong answer is a problem", wrongAnswer},
		{"a wrong answer doesn't spoil the right one", wrongThenRight},
		{"an empty answer is a problem and costs nothing", emptyAnswer},
		{"an unknown action is refused and costs nothing", unknownAction},
		{"over-long fields are refused and cost nothing", longFields},
		{"text that isn't UTF-8 is refused and costs nothing", invalidFields},
		{"an answer of another login is refused", otherLogin},
		{"an answer counts once", usedOnce},
		{"nothing shows the answer", showsNoSecret},
		{"a cancelled request proves nothing", cancelled},
		{"it serves many at once", concurrent},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { test.run(t, newSubject(t)) })
	}
}

func idIsStable(t *testing.T, s Subject) {
	if id := s.Method.ID(); id == "" || id != s.Method.ID() {
		t.Errorf("ID is %q, then %q", id, s.Method.ID())
	}
}

// look calls what must change nothing, twice, and compares.
func look(t *testing.T, s Subject, login factors.Login) {
	t.Helper()
	before := s.Snapshot(t, login)
	if err := s.Method.Ready(context.Background(), login); err != nil {
		t.Errorf("Ready: %v", err)
	}
	first, second := show(t, s, login), show(t, s, login)
	if !reflect.DeepEqual(first, second) {
		t.Errorf("two views differ: %+v, %+v", first, second)
	}
	if after := s.Snapshot(t, login); !reflect.DeepEqual(before, after) {
		t.Errorf("looking changed %+v to %+v", before, after)
	}
}

func lookingChangesNothing(t *testing.T, s Subject) {
	login := s.Login()
	look(t, s, login)
	begin(t, s, login)
	look(t, s, login)
	s.Right(t, login)
	look(t, s, login)
}

func beginIsIdempotent(t *testing.T, s Subject) {
	login := s.Login()
	begin(t, s, login)
	once := s.Snapshot(t, login)
	begin(t, s, login)
	if twice := s.Snapshot(t, login); !reflect.DeepEqual(once, twice) {
		t.Errorf("a second Begin changed %+v to %+v", once, twice)
	}
	s.Right(t, login)
	answered := s.Snapshot(t, login)
	begin(t, s, login)
	if later := s.Snapshot(t, login); !reflect.DeepEqual(answered, later) {
		t.Errorf("a later Begin changed %+v to %+v", answered, later)
	}
}

func rightAnswer(t *testing.T, s Subject) {
	login := s.Login()
	begin(t, s, login)
	prove(t, s, login, s.Right(t, login))
}

func wrongAnswer(t *testing.T, s Subject) {
	login := s.Login()
	begin(t, s, login)
	refuse(t, s, login, s.Wrong(t, login))
}

func wrongThenRight(t *testing.T, s Subject) {
	login := s.Login()
	begin(t, s, login)
	refuse(t, s, login, s.Wrong(t, login))
	prove(t, s, login, s.Right(t, login))
}

func otherLogin(t *testing.T, s Subject) {
	if !s.Bound {
		return
	}
	login, other := s.Login(), s.Login()
	begin(t, s, login)
	begin(t, s, other)
	answer := s.Right(t, login)
	s.Right(t, other)
	refuse(t, s, other, answer)
	refuse(t, s, s.Login(), answer)
	prove(t, s, login, answer)
}

func usedOnce(t *testing.T, s Subject) {
	if !s.Bound {
		return
	}
	login := s.Login()
	begin(t, s, login)
	answer := s.Right(t, login)
	prove(t, s, login, answer)
	refuse(t, s, login, answer)
}

func showsNoSecret(t *testing.T, s Subject) {
	login := s.Login()
	begin(t, s, login)
	secret := s.Right(t, login).Field(s.Secret)
	if secret == "" {
		t.Fatalf("the right answer has no field %s", s.Secret)
	}
	_, err := s.Method.Answer(context.Background(), login, s.Wrong(t, login))
	noSecret(t, "the problem", secret, fmt.Sprintf("%v %+v", err, factors.AsProblem(err).Args))
	v := show(t, s, login)
	noSecret(t, "the view", secret, fmt.Sprintf("%+v %+v", v.Values, v.State))
}
