package factors_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/ringtail-id/ringtail/factors"
)

// named is a method that has an ID and nothing else.
type named struct {
	factors.Method
	id string
}

func (n named) ID() string { return n.id }

func TestRegistry(t *testing.T) {
	r, err := factors.NewRegistry(named{id: "password"}, named{id: "flashCall"})
	if err != nil {
		t.Fatal(err)
	}
	if m, ok := r.Method("flashCall"); !ok || m.ID() != "flashCall" {
		t.Errorf("flashCall is %v, %v", m, ok)
	}
	if m, ok := r.Method("flashcall"); ok {
		t.Errorf("an ID in other letters gives %v", m)
	}
	if _, err := factors.NewRegistry(named{id: "password"}, named{id: "password"}); err == nil {
		t.Error("two methods of one ID are accepted")
	}
}

func TestProblem(t *testing.T) {
	p := factors.Busy(context.DeadlineExceeded)
	err := fmt.Errorf("answering: %w", p)
	if factors.AsProblem(err) != p || !errors.Is(err, context.DeadlineExceeded) || p.HTTPStatus() != 503 {
		t.Errorf("problem %+v gets lost in %v", p, err)
	}
	if factors.AsProblem(errors.New("fault")) != nil || factors.AsProblem(nil) != nil {
		t.Error("a fault of ours is taken for a problem")
	}
	if status := (&factors.Problem{ID: "x"}).HTTPStatus(); status != 400 {
		t.Errorf("status is %d, want 400", status)
	}
}

func TestChecks(t *testing.T) {
	answer := factors.Answer{Action: "resend", Fields: map[string]string{"code": "0042", "bad": "\xff"}}
	tests := map[string]struct {
		err  error
		want string
	}{
		"allowed action":    {factors.CheckAction(answer, "", factors.ActionResend), ""},
		"other action":      {factors.CheckAction(answer, ""), factors.ProblemUnknownAction},
		"field":             {factors.CheckField(answer, "code", 4), ""},
		"absent field":      {factors.CheckField(answer, "login", 4), ""},
		"long field":        {factors.CheckField(answer, "code", 3), factors.ProblemFieldTooLong},
		"field not UTF-8":   {factors.CheckField(answer, "bad", 4), factors.ProblemFieldInvalid},
		"empty answer":      {factors.CheckField(factors.Answer{}, "code", 4), ""},
		"answer, not asked": {factors.CheckAction(factors.Answer{}, "resend"), factors.ProblemUnknownAction},
	}
	for name, test := range tests {
		got := ""
		if p := factors.AsProblem(test.err); p != nil {
			got = p.ID
		}
		if got != test.want || (test.err == nil) != (test.want == "") {
			t.Errorf("%s: %v, want %q", name, test.err, test.want)
		}
	}
}
