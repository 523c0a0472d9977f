package otp_test

import (
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/factors/otp"
)

func TestUses(t *testing.T) {
	s := withoutWait()
	s.TotalAttempts, s.Limits = 3, otp.Limits{NumberHour: 2, NumberDay: 9}
	w := newWorld(t, s)
	uses := func() map[string]otp.Use {
		t.Helper()
		list, err := w.Uses(t.Context(), "person", phone)
		if err != nil || len(list) != 3 {
			t.Fatalf("%v, %v", list, err)
		}
		by := map[string]otp.Use{}
		for _, u := range list {
			by[u.Budget] = u
		}
		return by
	}
	for name, u := range uses() {
		if u.Used != 0 || u.Over || !u.Until.IsZero() || u.Limit == 0 {
			t.Errorf("at first %s is %+v", name, u)
		}
	}
	for _, login := range []string{"a", "b"} {
		if err := w.Request(t.Context(), otp.Target{LoginID: login, PersonID: "person", Phone: phone, Country: "RU"}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Work(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	_ = w.Enter(t.Context(), otp.Entered{LoginID: "b", PersonID: "person", Code: "9999"})
	got := uses()
	if u := got[otp.BudgetTotal]; u.Used != 3 || !u.Over || !u.Until.Equal(w.now.Add(s.Block)) {
		t.Errorf("total %+v", u)
	}
	if u := got[otp.BudgetNumberHour]; u.Used != 2 || u.Limit != 2 || !u.Over || !u.Until.Equal(w.now.Add(time.Hour)) {
		t.Errorf("an hour %+v", u)
	}
	if u := got[otp.BudgetNumberDay]; u.Used != 2 || u.Limit != 9 || u.Over {
		t.Errorf("a day %+v", u)
	}
	for _, err := range []error{w.Unblock(t.Context(), "person"), w.RenewNumber(t.Context(), phone)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for name, u := range uses() {
		if u.Used != 0 || u.Over {
			t.Errorf("lifted, %s is %+v", name, u)
		}
	}
	if err := w.Request(t.Context(), otp.Target{LoginID: "c", PersonID: "person", Phone: phone, Country: "RU"}); err != nil {
		t.Errorf("lifted: %v", err)
	}
}

func TestForget(t *testing.T) {
	w := newWorld(t, withoutWait())
	target := otp.Target{LoginID: "login", PersonID: "person", Phone: phone}
	// Whoever asks by themselves agrees.
	if err := w.Resend(t.Context(), target); err != nil {
		t.Fatal(err)
	}
	agreed := func() string {
		t.Helper()
		st, err := w.Status(t.Context(), "", "person")
		if err != nil {
			t.Fatal(err)
		}
		return st.Agreed
	}
	if agreed() != w.Agreement(phone) {
		t.Fatal("asking doesn't agree")
	}
	if err := w.Forget(t.Context(), "person"); err != nil || agreed() != "" {
		t.Errorf("forgotten: %q, %v", agreed(), err)
	}
}
