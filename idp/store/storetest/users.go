package storetest

import (
	"errors"
	"fmt"
	"reflect"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/factors/password"
	"github.com/ringtail-id/ringtail/idp"
)

func someUser(id, login string) *idp.User {
	return &idp.User{
		ID: id, Login: login, PasswordHash: "$argon2id$old",
		Attributes:     map[string]string{"name": "Анна", "phone_number": "+79990000001"},
		RequiredFactor: 2, Blocked: true, CreatedAt: noon, UpdatedAt: noon.Add(time.Hour),
		MustChangePassword: true, PasswordSetAt: noon,
	}
}

func keepsUser(t *testing.T, s Stores) {
	want := someUser("u1", "anna")
	wantFull(t, *want)
	must(t, s.Users.CreateUser(t.Context(), want))
	got, err := s.Users.UserByID(t.Context(), "u1")
	must(t, err)
	if !reflect.DeepEqual(got, want) {
		t.Errorf("user is %+v, want %+v", got, want)
	}
	bare := &idp.User{ID: "u2", Login: "bare"}
	must(t, s.Users.CreateUser(t.Context(), bare))
	got, err = s.Users.UserByID(t.Context(), "u2")
	must(t, err)
	if !got.CreatedAt.Equal(Clock()) || !got.UpdatedAt.Equal(Clock()) {
		t.Errorf("a new user's times are %v and %v, want the time of creation", got.CreatedAt, got.UpdatedAt)
	}
	if got.Attribute("name") != "" || got.Blocked || got.RequiredFactor != 0 || got.PasswordHash != "" {
		t.Errorf("a bare user came back as %+v", got)
	}
}

func normalizesLogin(t *testing.T, s Stores) {
	must(t, s.Users.CreateUser(t.Context(), someUser("u1", " Анна@Example.ORG ")))
	for _, typed := range []string{"анна@example.org", "АННА@EXAMPLE.ORG\t", "  Анна@example.org"} {
		got, err := s.Users.UserByLogin(t.Context(), typed)
		if err != nil || got.ID != "u1" {
			t.Errorf("login %q: %v, %v", typed, got, err)
		}
	}
}

func takesUserOnce(t *testing.T, s Stores) {
	must(t, s.Users.CreateUser(t.Context(), someUser("u1", "anna")))
	must(t, s.Users.CreateUser(t.Context(), someUser("u2", "boris")))
	wantError(t, "same id", s.Users.CreateUser(t.Context(), someUser("u1", "clara")), idp.ErrTaken)
	wantError(t, "same login", s.Users.CreateUser(t.Context(), someUser("u3", "ANNA ")), idp.ErrTaken)
	_, err := s.Users.UpdateUser(t.Context(), "u2", func(u *idp.User) error {
		u.Login = "Anna"
		return nil
	})
	wantError(t, "another's login", err, idp.ErrTaken)
	got, err := s.Users.UserByLogin(t.Context(), "boris")
	if err != nil || got.ID != "u2" {
		t.Errorf("after a refused change boris is %v, %v", got, err)
	}
}

func updatesUser(t *testing.T, s Stores) {
	must(t, s.Users.CreateUser(t.Context(), someUser("u1", "anna")))
	refusal := errors.New("refused")
	_, err := s.Users.UpdateUser(t.Context(), "u1", func(u *idp.User) error {
		u.Attributes["name"], u.Login, u.Blocked = "changed", "changed", false
		return refusal
	})
	if err != refusal {
		t.Errorf("error is %v, want that of change itself", err)
	}
	got, err := s.Users.UserByID(t.Context(), "u1")
	must(t, err)
	if !reflect.DeepEqual(got, someUser("u1", "anna")) {
		t.Errorf("a refused change was stored: %+v", got)
	}
	updated, err := s.Users.UpdateUser(t.Context(), "u1", func(u *idp.User) error {
		u.ID, u.Login, u.RequiredFactor, u.Blocked = "other", " Anya", 1, false
		u.Attributes = map[string]string{"name": "Аня"}
		u.CreatedAt = noon.Add(time.Hour)
		return nil
	})
	must(t, err)
	got, err = s.Users.UserByID(t.Context(), "u1")
	must(t, err)
	if !reflect.DeepEqual(got, updated) {
		t.Errorf("stored %+v, told %+v", got, updated)
	}
	if got.Login != "anya" || got.RequiredFactor != 1 || got.Blocked || len(got.Attributes) != 1 {
		t.Errorf("the change is not there: %+v", got)
	}
	if !got.CreatedAt.Equal(noon) || !got.UpdatedAt.Equal(Clock()) {
		t.Errorf("times are %v and %v, want noon and now", got.CreatedAt, got.UpdatedAt)
	}
}

func missesUser(t *testing.T, s Stores) {
	_, err := s.Users.UserByID(t.Context(), "nobody")
	wantError(t, "by id", err, idp.ErrNotFound)
	_, err = s.Users.UserByLogin(t.Context(), "nobody")
	wantError(t, "by login", err, idp.ErrNotFound)
	_, err = s.Users.UpdateUser(t.Context(), "nobody", func(*idp.User) error {
		t.Error("change was called without a user")
		return nil
	})
	wantError(t, "update", err, idp.ErrNotFound)
	wantError(t, "reset", s.Users.ResetUser(t.Context(), "nobody", func(*idp.User) error { return nil }), idp.ErrNotFound)
	_, err = s.Accounts.AccountByLogin(t.Context(), "nobody")
	wantError(t, "account", err, password.ErrNoAccount)
}

func listsUsers(t *testing.T, s Stores) {
	for i := range 5 {
		must(t, s.Users.CreateUser(t.Context(), someUser(fmt.Sprint("u", 9-i), fmt.Sprint("login-", i))))
	}
	var logins []string
	after := ""
	for {
		page, err := s.Users.ListUsers(t.Context(), after, 2)
		must(t, err)
		if len(page) == 0 {
			break
		}
		for _, u := range page {
			logins = append(logins, u.Login)
		}
		after = page[len(page)-1].Login
	}
	want := []string{"login-0", "login-1", "login-2", "login-3", "login-4"}
	if !reflect.DeepEqual(logins, want) {
		t.Errorf("listed %v, want %v", logins, want)
	}
}

func createsUserOnce(t *testing.T, s Stores) {
	var all sync.WaitGroup
	var created atomic.Int32
	for i := range 16 {
		all.Go(func() {
			switch err := s.Users.CreateUser(t.Context(), someUser(fmt.Sprint("u", i), "anna")); {
			case err == nil:
				created.Add(1)
			case !errors.Is(err, idp.ErrTaken):
				t.Errorf("creating: %v", err)
			}
		})
	}
	all.Wait()
	if created.Load() != 1 {
		t.Errorf("%d users have one login", created.Load())
	}
}

func replacesHash(t *testing.T, s Stores) {
	must(t, s.Users.CreateUser(t.Context(), someUser("u1", "anna")))
	hash := func() string {
		t.Helper()
		account, err := s.Accounts.AccountByLogin(t.Context(), "ANNA")
		must(t, err)
		if account.Person.ID != "u1" || account.Person.Login != "anna" || !account.Blocked ||
			account.Person.Attributes["phone_number"] != "+79990000001" {
			t.Errorf("account is %+v", account)
		}
		return account.Hash
	}
	must(t, s.Accounts.SetHash(t.Context(), "u1", "$argon2id$old", "$argon2id$rehashed"))
	if got := hash(); got != "$argon2id$rehashed" {
		t.Errorf("hash is %s after a rehash", got)
	}
	must(t, s.Users.ResetUser(t.Context(), "u1", func(u *idp.User) error {
		u.PasswordHash = "$argon2id$changed"
		return nil
	}))
	must(t, s.Accounts.SetHash(t.Context(), "u1", "$argon2id$rehashed", "$argon2id$again"))
	if got := hash(); got != "$argon2id$changed" {
		t.Errorf("hash is %s: a late rehash brought an old password back", got)
	}
	must(t, s.Accounts.SetHash(t.Context(), "nobody", "", "$argon2id$x"))
}

// resetsUser shows that nothing that a person proved before a reset goes on,
// and that nobody else's does not.
func resetsUser(t *testing.T, s Stores) {
	for _, id := range []string{"u1", "u2"} {
		must(t, s.Users.CreateUser(t.Context(), someUser(id, "user-"+id)))
		session := someSession("s-"+id, id)
		session.EndedAt = time.Time{}
		must(t, s.Sessions.CreateSession(t.Context(), session))
		g := someGrant("g-" + id)
		g.UserID, g.RevokedAt = id, time.Time{}
		must(t, s.Grants.CreateGrant(t.Context(), g))
		l := someLogin("l-" + id)
		l.UserID, l.State = id, idp.LoginOpen
		must(t, s.Logins.CreateLogin(t.Context(), l))
	}
	failed := errors.New("no")
	wantError(t, "reset", s.Users.ResetUser(t.Context(), "u2", func(*idp.User) error { return failed }), failed)
	must(t, s.Users.ResetUser(t.Context(), "u1", func(u *idp.User) error {
		u.Blocked = true
		return nil
	}))
	for id, over := range map[string]bool{"u1": true, "u2": false} {
		session, err := s.Sessions.SessionByID(t.Context(), "s-"+id)
		must(t, err)
		g, err := s.Grants.GrantByCode(t.Context(), "code-g-"+id)
		must(t, err)
		l, err := s.Logins.LoginByID(t.Context(), "l-"+id)
		must(t, err)
		if session.EndedAt.IsZero() == over || g.RevokedAt.IsZero() == over || (l.State == idp.LoginDenied) != over {
			t.Errorf("%s: session ended %v, grant revoked %v, login %s; want over %v", id, session.EndedAt, g.RevokedAt, l.State, over)
		}
	}
}
