package storetest

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp"
)

func someLogin(id string) *idp.Login {
	maxAge := int64(0)
	return &idp.Login{
		ID: id, Browser: "browser", State: idp.LoginDone,
		Request: idp.AuthorizationRequest{
			ClientID: "shop", RedirectURI: "https://shop.example/callback", ResponseType: "code", ResponseMode: "form_post",
			Scopes: []string{"openid", "phone"}, State: "state", Nonce: "nonce", CodeChallenge: "challenge",
			Prompt: []string{idp.PromptLogin}, MaxAge: &maxAge, ACRValues: []string{idp.ACRTwoFactors},
			LoginHint: "anna", HintSubject: "u1", UILocales: []string{"ru", "en"}, Display: "page", Trace: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
			Claims:       &idp.ClaimsRequest{Userinfo: map[string]*idp.ClaimWish{"email": nil}},
			ACREssential: true, Resources: []string{"https://api.example/"}, Device: "device", UserCode: "BCDF-GHJK",
		},
		UserID: "u1", Session: "session",
		Facts:    []idp.Fact{{Method: "password", Factor: 1, AMR: []string{"pwd"}, At: noon}},
		AuthTime: noon, Chosen: "flashCall", Consented: true, Error: "access_denied", Forms: []string{"f1", "f2"},
		CreatedAt: noon, ExpiresAt: noon.Add(time.Hour),
	}
}

func keepsLogin(t *testing.T, s Stores) {
	wantFull(t, *someLogin("full"))
	wantFull(t, someLogin("full").Request)
	wantFull(t, someLogin("full").Facts[0])
	for _, want := range []*idp.Login{
		someLogin("full"),
		{ID: "bare", State: idp.LoginOpen},
	} {
		must(t, s.Logins.CreateLogin(t.Context(), want))
		got, err := s.Logins.LoginByID(t.Context(), want.ID)
		must(t, err)
		if !reflect.DeepEqual(got, want) {
			t.Errorf("login is %+v, want %+v", got, want)
		}
	}
	wantError(t, "same id", s.Logins.CreateLogin(t.Context(), someLogin("full")), idp.ErrTaken)
	_, err := s.Logins.LoginByID(t.Context(), "none")
	wantError(t, "unknown", err, idp.ErrNotFound)
}

func updatesLogin(t *testing.T, s Stores) {
	must(t, s.Logins.CreateLogin(t.Context(), someLogin("one")))
	must(t, s.Logins.CreateLogin(t.Context(), someLogin("two")))
	refusal := errors.New("refused")
	_, err := s.Logins.UpdateLogin(t.Context(), "one", func(l *idp.Login) error {
		l.State, l.Facts[0].Factor, l.Forms = idp.LoginAnswered, 2, nil
		return refusal
	})
	if err != refusal {
		t.Errorf("error is %v, want that of change itself", err)
	}
	got, err := s.Logins.LoginByID(t.Context(), "one")
	must(t, err)
	if !reflect.DeepEqual(got, someLogin("one")) {
		t.Errorf("a refused change was stored: %+v", got)
	}
	want := someLogin("one") // what it began with stays
	want.State, want.UserID, want.Session, want.Facts, want.AuthTime = idp.LoginAnswered, "", "", nil, time.Time{}
	want.Chosen, want.Consented, want.Error, want.Forms = "", false, "", nil
	told, err := s.Logins.UpdateLogin(t.Context(), "one", func(l *idp.Login) error {
		*l = idp.Login{ID: "three", Browser: "other", State: idp.LoginAnswered, ExpiresAt: noon}
		return nil
	})
	must(t, err)
	got, err = s.Logins.LoginByID(t.Context(), "one")
	must(t, err)
	if !reflect.DeepEqual(got, want) || !reflect.DeepEqual(told, want) {
		t.Errorf("stored %+v, told %+v, want %+v", got, told, want)
	}
	if got, err := s.Logins.LoginByID(t.Context(), "two"); err != nil || !reflect.DeepEqual(got, someLogin("two")) {
		t.Errorf("the other login is %+v, %v", got, err)
	}
	_, err = s.Logins.UpdateLogin(t.Context(), "none", func(*idp.Login) error { return nil })
	wantError(t, "unknown", err, idp.ErrNotFound)
}

func countsLogin(t *testing.T, s Stores) {
	const writers = 64
	bare := &idp.Login{ID: "one", State: idp.LoginOpen}
	must(t, s.Logins.CreateLogin(t.Context(), bare))
	var all sync.WaitGroup
	for i := range writers {
		all.Go(func() {
			_, err := s.Logins.UpdateLogin(t.Context(), "one", func(l *idp.Login) error {
				l.Forms = append(l.Forms, fmt.Sprint(i))
				return nil
			})
			if err != nil {
				t.Errorf("update %d: %v", i, err)
			}
		})
	}
	all.Wait()
	got, err := s.Logins.LoginByID(t.Context(), "one")
	must(t, err)
	slices.Sort(got.Forms)
	if forms := slices.Compact(got.Forms); len(forms) != writers {
		t.Errorf("%d of %d parallel changes are there", len(forms), writers)
	}
}

func cancelsLogin(t *testing.T, s Stores) {
	must(t, s.Logins.CreateLogin(t.Context(), someLogin("one")))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := s.Logins.UpdateLogin(ctx, "one", func(l *idp.Login) error {
		l.State = idp.LoginAnswered
		return nil
	})
	wantError(t, "update", err, context.Canceled)
	_, err = s.Logins.LoginByID(ctx, "one")
	wantError(t, "read", err, context.Canceled)
	got, err := s.Logins.LoginByID(t.Context(), "one")
	must(t, err)
	if got.State != idp.LoginDone {
		t.Errorf("state is %s: a cancelled update was stored", got.State)
	}
}

// keepsText stores what breaks careless SQL.
func keepsText(t *testing.T, s Stores) {
	for i, text := range []string{"?", ":name", "$1", "'; DROP TABLE logins; --", `"`, "a%b_c", `\`, "👩‍💻", "a\u2028b", "<&>"} {
		want := &idp.Login{ID: fmt.Sprint("l", i), Chosen: text, Forms: []string{text}, State: idp.LoginOpen}
		must(t, s.Logins.CreateLogin(t.Context(), want))
		got, err := s.Logins.UpdateLogin(t.Context(), want.ID, func(*idp.Login) error { return nil })
		must(t, err)
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%q came back as %q and %q", text, got.Chosen, got.Forms)
		}
		_, err = s.Users.UserByLogin(t.Context(), text)
		wantError(t, text, err, idp.ErrNotFound)
	}
}
