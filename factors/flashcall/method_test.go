package flashcall_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/factors"
	"github.com/ringtail-id/ringtail/factors/factortest"
	"github.com/ringtail-id/ringtail/factors/flashcall"
	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/loops"
)

func TestContract(t *testing.T) {
	factortest.Run(t, func(t *testing.T) factortest.Subject {
		w := newWorld(t)
		w.settings.ResendAfter = 0   // the suite has two logins of one person begin at once
		codes := map[string]string{} // by challenge
		w.answer = func(job loops.Job) (*loops.Result, error) {
			id := job.Input[loops.InputReference].(string)
			codes[id] = []string{"9042", "9043"}[len(codes)%2]
			return &loops.Result{Value: map[string]any{"code": codes[id]}}, nil
		}
		record := func(t *testing.T, login factors.Login) otp.Record {
			t.Helper()
			rec, err := w.store.Load(context.Background(), otp.Key{Method: flashcall.ID, LoginID: login.ID, PersonID: "person"})
			if err != nil {
				t.Fatal(err)
			}
			return rec
		}
		return factortest.Subject{
			Method: w, PersonID: "person", Secret: flashcall.FieldCode, Bound: true, Login: w.login,
			Right: func(t *testing.T, login factors.Login) factors.Answer {
				w.work(t)
				return factors.Answer{Fields: code(codes[record(t, login).Challenge.ID])}
			},
			Wrong: func(t *testing.T, login factors.Login) factors.Answer {
				w.work(t)
				return factors.Answer{Fields: code("1111")}
			},
			Snapshot: func(t *testing.T, login factors.Login) any { return record(t, login) },
		}
	})
}

func TestProof(t *testing.T) {
	w := newWorld(t)
	login := w.called(t)
	proof, err := w.Answer(context.Background(), login, factors.Answer{Fields: code("00 42")})
	if err != nil {
		t.Fatal(err)
	}
	if proof.PersonID != "person" || !slices.Equal(proof.AMR, []string{"tel"}) {
		t.Errorf("proof is %+v, want the person with amr tel", proof)
	}
}

// TestCallerOfNativeApp: an app that read the call log posts the whole number;
// it counts as a typed code does.
func TestCallerOfNativeApp(t *testing.T) {
	tests := map[string]struct {
		fields map[string]string
		want   string
		spent  int
	}{
		"whole number":          {map[string]string{"caller": "+7 (495) 000-00-42"}, "", -1},
		"digits":                {map[string]string{"caller": "74950000042"}, "", -1},
		"another number":        {map[string]string{"caller": "+7 495 000-00-43"}, otp.ProblemCodeWrong, 1},
		"too short":             {map[string]string{"caller": "042"}, otp.ProblemCodeFormat, 0},
		"hidden":                {map[string]string{"caller": "unknown"}, otp.ProblemCodeFormat, 0},
		"letters at the end":    {map[string]string{"caller": "7495000x0042"}, otp.ProblemCodeFormat, 0},
		"a code beats it":       {map[string]string{"caller": "74950000042", "code": "1111"}, otp.ProblemCodeWrong, 1},
		"an empty code doesn't": {map[string]string{"caller": "74950000042", "code": ""}, "", -1},
	}
	for name, test := range tests {
		w := newWorld(t)
		login := w.called(t)
		if got := w.post(t, login, "", test.fields); got != test.want {
			t.Errorf("%s: problem %q, want %q", name, got, test.want)
		}
		st, err := w.engine.Status(context.Background(), login.ID, "person")
		if err != nil {
			t.Fatal(err)
		}
		if test.spent >= 0 && st.Challenge.Attempts != test.spent {
			t.Errorf("%s: %d attempts spent, want %d", name, st.Challenge.Attempts, test.spent)
		}
	}
}

func TestReady(t *testing.T) {
	tests := map[string]struct {
		phone string
		want  string
	}{
		"mobile": {"79990000001", ""}, "none": {"", flashcall.ProblemNoPhone}, "blanks": {"  ", flashcall.ProblemNoPhone},
		"malformed": {"12", flashcall.ProblemPhoneMalformed}, "landline": {"+74951234567", flashcall.ProblemPhoneUnfit},
	}
	for name, test := range tests {
		w := newWorld(t)
		login := w.login()
		login.Person.Attributes["phone_number"] = test.phone
		for what, err := range map[string]error{
			"Ready": w.Ready(context.Background(), login), "Begin": w.Begin(context.Background(), login),
		} {
			got := ""
			if p := factors.AsProblem(err); p != nil {
				got = p.ID
			}
			if got != test.want || (err == nil) != (test.want == "") {
				t.Errorf("%s: %s gave %v, want %q", name, what, err, test.want)
			}
		}
		if test.want == "" {
			continue
		}
		if v := w.show(t, login); v.State != flashcall.StateNoPhone || v.Problem.ID != test.want || len(v.Actions) != 0 {
			t.Errorf("%s: the page is %+v", name, v)
		}
		if got := w.post(t, login, factors.ActionResend, nil); got != test.want {
			t.Errorf("%s: asking for a call gave %q", name, got)
		}
		w.work(t)
		if len(w.jobs) != 0 {
			t.Errorf("%s: a call was placed", name)
		}
	}
}

func TestFirstFactorIsRefused(t *testing.T) {
	w := newWorld(t)
	w.Method = flashcall.New(flashcall.Options{Engine: w.engine, Settings: func() flashcall.Settings { return w.own }})
	login := factors.Login{ID: "login", Factor: 1}
	_, showErr := w.Show(context.Background(), login)
	_, answerErr := w.Answer(context.Background(), login, factors.Answer{Fields: code("0042")})
	for what, err := range map[string]error{
		"Ready": w.Ready(context.Background(), login), "Begin": w.Begin(context.Background(), login),
		"Show": showErr, "Answer": answerErr,
	} {
		if p := factors.AsProblem(err); p == nil || p.ID != factors.ProblemNoPerson {
			t.Errorf("%s without a person gave %v", what, err)
		}
	}
}

func TestBlocked(t *testing.T) {
	w := newWorld(t)
	w.settings.TotalAttempts = 2
	login := w.called(t)
	if got := w.post(t, login, "", code("1111")); got != otp.ProblemMethodBlocked {
		t.Errorf("the last attempt gave %q", got)
	}
	if p := factors.AsProblem(w.Ready(context.Background(), w.login())); p == nil || p.ID != otp.ProblemMethodBlocked {
		t.Errorf("Ready while blocked gives %v", p)
	}
	v := w.show(t, login)
	until, _ := v.Values[flashcall.ValueUntil].(time.Time)
	if v.State != flashcall.StateBlocked || !until.Equal(w.now.Add(30*time.Minute)) || v.Refresh != 30*time.Minute || len(v.Actions) != 0 {
		t.Errorf("the page is %+v", v)
	}
}
