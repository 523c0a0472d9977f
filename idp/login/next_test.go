package login

import (
	"slices"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/consent"
)

var (
	now    = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	began  = now.Add(-2 * time.Minute) // the login's CreatedAt
	before = now.Add(-time.Hour)       // a proof of an earlier login
	after  = now.Add(-time.Minute)     // a proof since the login began
)

func pwd(at time.Time) idp.Fact {
	return idp.Fact{Method: "password", Factor: 1, AMR: []string{"pwd"}, At: at}
}

func tel(at time.Time) idp.Fact {
	return idp.Fact{Method: "flashCall", Factor: 2, AMR: []string{"tel"}, At: at}
}

func totp(at time.Time) idp.Fact {
	return idp.Fact{Method: "totp", Factor: 2, AMR: []string{"otp"}, At: at}
}

func seconds(n int64) *int64 { return &n }

// situation is a fresh login at a provider that asks for one factor, with one
// method of each; the changes make it the case.
func situation(changes ...func(*Situation)) Situation {
	s := Situation{
		Login:  &idp.Login{ID: "l", State: idp.LoginOpen, CreatedAt: began, ExpiresAt: now.Add(time.Hour)},
		Client: &idp.Client{ID: "app"},
		Policy: Policy{Level: 1, First: []string{"password"}, Second: []string{"flashCall"}},
		Now:    now,
	}
	for _, change := range changes {
		change(&s)
	}
	return s
}

// ann is a login in which ann proved the facts.
func ann(facts ...idp.Fact) func(*Situation) {
	return func(s *Situation) {
		s.Login.UserID, s.Login.Facts = "ann", facts
		s.User = &idp.User{ID: "ann"}
	}
}

// annIn is a browser in which ann is signed in.
func annIn(facts ...idp.Fact) func(*Situation) {
	return func(s *Situation) {
		s.Session = &idp.Session{ID: "s", UserID: "ann", Facts: facts}
		if s.User == nil {
			s.User = &idp.User{ID: "ann"}
		}
	}
}

func level(n int) func(*Situation)     { return func(s *Situation) { s.Policy.Level = n } }
func app(n int) func(*Situation)       { return func(s *Situation) { s.Client.RequiredFactor = n } }
func user(n int) func(*Situation)      { return func(s *Situation) { s.User.RequiredFactor = n } }
func blocked(s *Situation)             { s.User.Blocked = true }
func gone(s *Situation)                { s.User = nil }
func chosen(m string) func(*Situation) { return func(s *Situation) { s.Login.Chosen = m } }
func consented(s *Situation)           { s.Login.Consented = true }
func registered(s *Situation)          { s.Client.RegistrationHash = "hash" }
func device(s *Situation)              { s.Login.Request.Device, s.Login.Request.UserCode = "d1", "WDJB-MJHT" }

func asked(scopes ...string) func(*Situation) {
	return func(s *Situation) { s.Asked = items(scopes) }
}

func given(scopes ...string) func(*Situation) {
	return func(s *Situation) { s.Given = items(scopes) }
}

func items(scopes []string) (all []consent.Item) {
	for _, scope := range scopes {
		all = append(all, consent.Item{Kind: consent.Scope, Name: scope})
	}
	return all
}
func asksConsent(s *Situation) { s.Client.AskConsent = true }

func prompt(values ...string) func(*Situation) {
	return func(s *Situation) { s.Login.Request.Prompt = values }
}

func maxAge(n int64) func(*Situation) {
	return func(s *Situation) { s.Login.Request.MaxAge = seconds(n) }
}

func acr(values ...string) func(*Situation) {
	return func(s *Situation) { s.Login.Request.ACRValues = values }
}

func hinted(sub string) func(*Situation) {
	return func(s *Situation) { s.Login.Request.HintSubject = sub }
}

func first(methods ...string) func(*Situation) {
	return func(s *Situation) { s.Policy.First = methods }
}
func second(methods ...string) func(*Situation) {
	return func(s *Situation) { s.Policy.Second = methods }
}

func only(methods ...string) func(*Situation) {
	return func(s *Situation) { s.Client.SecondFactors = methods }
}

func lacking(methods ...string) func(*Situation) {
	return func(s *Situation) { s.Lacking = methods }
}

func state(st idp.LoginState) func(*Situation) { return func(s *Situation) { s.Login.State = st } }

func TestNext(t *testing.T) {
	type changes = []func(*Situation)
	tests := []struct {
		name    string
		changes changes
		want    string // Step.Name, and the error after a blank
	}{
		{"a new login asks for the first factor", changes{}, "password"},
		{"login_hint names nobody", changes{func(s *Situation) { s.Login.Request.LoginHint = "ann" }}, "password"},
		{"one factor suffices at level 1", changes{ann(pwd(after))}, "done"},
		{"level 0 is level 1", changes{level(0)}, "password"},
		{"level 0 is level 1, proved", changes{level(0), ann(pwd(after))}, "done"},
		{"level 2 asks for the second", changes{level(2), ann(pwd(after))}, "flashCall"},
		{"both factors", changes{level(2), ann(pwd(after), tel(after))}, "done"},
		{"a level above 2 is 2", changes{level(3), ann(pwd(after), tel(after))}, "done"},
		{"the second factor alone does not skip the first", changes{level(2), ann(tel(after))}, "password"},
		{"the second alone at level 1", changes{ann(tel(after))}, "password"},
		{"a proof repeated is one proof", changes{level(2), ann(pwd(after), pwd(after))}, "flashCall"},
		{"facts of a login that names nobody", changes{ann(pwd(after)), func(s *Situation) { s.Login.UserID = "" }}, "password"},
		{"the app asks for two", changes{app(2), ann(pwd(after))}, "flashCall"},
		{"the app can't lower the policy", changes{level(2), app(1), ann(pwd(after))}, "flashCall"},
		{"the user asks for two", changes{ann(pwd(after)), user(2)}, "flashCall"},
		{"the user can't lower the policy", changes{level(2), ann(pwd(after)), user(1)}, "flashCall"},
		{"the session's user asks for two", changes{annIn(pwd(before)), user(2)}, "flashCall"},

		{"acr 2 asks for two", changes{acr(idp.ACRTwoFactors), ann(pwd(after))}, "flashCall"},
		{"acr 2 reached", changes{acr(idp.ACRTwoFactors), ann(pwd(after), tel(after))}, "done"},
		{"acr 2 steps a session up", changes{acr(idp.ACRTwoFactors), annIn(pwd(before))}, "flashCall"},
		{"acr 1 does not lower the policy", changes{level(2), acr(idp.ACROneFactor), ann(pwd(after))}, "flashCall"},
		{"the preferred acr decides", changes{acr(idp.ACROneFactor, idp.ACRTwoFactors), ann(pwd(after))}, "done"},
		{"unknown acr values are passed over", changes{acr("urn:x", idp.ACRTwoFactors), ann(pwd(after))}, "flashCall"},
		{"an unknown acr asks for nothing", changes{acr("urn:x"), ann(pwd(after))}, "done"},

		{"acr phone asks for a call", changes{acr(idp.ACRPhone), ann(pwd(after))}, "flashCall"},
		{"acr phone reached by the second factor", changes{acr(idp.ACRPhone), ann(pwd(after), tel(after))}, "done"},
		{"acr phone reached by the first factor", changes{acr(idp.ACRPhone), calls, ann(fact("flashCall", 1))}, "done"},
		{"acr phone is not reached by another second factor", changes{acr(idp.ACRPhone), second("flashCall", "totp"), ann(pwd(after), totp(after))}, "flashCall"},
		{"acr phone offers no other second factor", changes{acr(idp.ACRPhone), second("totp", "flashCall"), ann(pwd(after)), chosen("totp")}, "flashCall"},
		{"acr phone, then the second factor of the policy", changes{acr(idp.ACRPhone), level(2), calls, second("totp"), ann(fact("flashCall", 1))}, "totp"},
		{"acr phone where a call is a first factor alone", changes{acr(idp.ACRPhone), calls, second("totp")}, "flashCall"},
		{"the same after a password", changes{acr(idp.ACRPhone), calls, second("totp"), annIn(pwd(before))}, "flashCall"},
		{"the same at an app that takes no call as second factor", changes{acr(idp.ACRPhone), calls, second("flashCall", "totp"), only("totp"), annIn(pwd(before))}, "flashCall"},
		{"acr phone where no method calls", changes{acr(idp.ACRPhone), second("totp"), ann(pwd(after))}, "denied unmet_authentication_requirements"},
		{"acr phone where no method calls, at once", changes{acr(idp.ACRPhone), second("totp")}, "denied unmet_authentication_requirements"},
		{"acr phone at an app that takes no call", changes{acr(idp.ACRPhone), second("flashCall", "totp"), only("totp"), ann(pwd(after))}, "denied unmet_authentication_requirements"},
		{"acr phone steps a session up", changes{acr(idp.ACRPhone), annIn(pwd(before))}, "flashCall"},
		{"acr phone by a session's call", changes{acr(idp.ACRPhone), annIn(pwd(before), tel(before)), verified}, "done"},
		{"a session's call to a number that was changed since", changes{acr(idp.ACRPhone), annIn(pwd(before), tel(before))}, "flashCall"},
		{"the same where the call was the first factor", changes{acr(idp.ACRPhone), calls, annIn(fact1("flashCall", before))}, "flashCall"},
		{"acr phone with prompt=login", changes{acr(idp.ACRPhone), prompt("login"), annIn(pwd(before), tel(before)), verified, ann(pwd(after)), verified}, "flashCall"},
		{"acr phone with prompt=none", changes{acr(idp.ACRPhone), prompt("none"), annIn(pwd(before))}, "denied interaction_required"},
		{"acr 2 before acr phone", changes{acr(idp.ACRTwoFactors, idp.ACRPhone), second("totp"), ann(pwd(after), totp(after))}, "done"},
		{"acr phone does not lower the policy", changes{level(2), acr(idp.ACRPhone), calls, second("flashCall", "totp"), ann(fact("flashCall", 1))}, "totp"},

		{"a session suffices", changes{annIn(pwd(before))}, "done"},
		{"a session of one factor at level 2", changes{level(2), annIn(pwd(before))}, "flashCall"},
		{"a session of two factors", changes{level(2), annIn(pwd(before), tel(before))}, "done"},
		{"a session and a new second factor", changes{level(2), annIn(pwd(before)), ann(tel(after))}, "done"},
		{"a session whose user is blocked", changes{annIn(pwd(before)), blocked}, "password"},
		{"a session whose user is gone", changes{annIn(pwd(before)), gone}, "password"},
		{"a session of somebody else than the login names", changes{level(2), ann(pwd(after)),
			func(s *Situation) {
				s.Session = &idp.Session{UserID: "bob", Facts: []idp.Fact{pwd(before), tel(before)}}
			}}, "flashCall"},
		{"blocked in the middle", changes{level(2), ann(pwd(after)), blocked}, "denied access_denied"},
		{"deleted in the middle", changes{level(2), ann(pwd(after)), gone}, "denied access_denied"},
		{"another user than the login names", changes{ann(pwd(after)), func(s *Situation) { s.User = &idp.User{ID: "bob"} }}, "denied access_denied"},

		{"prompt=login forgets the session", changes{prompt("login"), annIn(pwd(before))}, "password"},
		{"prompt=login forgets both factors", changes{prompt("login"), level(2), annIn(pwd(before), tel(before)), ann(pwd(after))}, "flashCall"},
		{"prompt=login takes a proof of another tab", changes{prompt("login"), annIn(pwd(after))}, "done"},
		{"prompt=login proved", changes{prompt("login"), annIn(pwd(before)), ann(pwd(after))}, "done"},
		{"prompt=select_account forgets the session", changes{prompt("select_account"), annIn(pwd(before))}, "password"},
		{"max_age not over", changes{maxAge(3600), annIn(pwd(before))}, "done"},
		{"max_age over", changes{maxAge(3599), annIn(pwd(before))}, "password"},
		{"max_age over for the first factor alone", changes{level(2), maxAge(600), annIn(pwd(before), tel(now.Add(-5*time.Minute)))}, "password"},
		{"max_age=0", changes{maxAge(0), annIn(pwd(before))}, "password"},
		{"max_age=0 ends, once proved", changes{maxAge(0), annIn(pwd(before)), ann(pwd(after))}, "done"},
		{"max_age counts no proof of this login", changes{maxAge(1), ann(pwd(began))}, "done"},

		{"the hint's session", changes{hinted("ann"), annIn(pwd(before))}, "done"},
		{"a session of somebody else than the hint", changes{hinted("bob"), annIn(pwd(before))}, "password"},
		{"the hint's person proved", changes{hinted("ann"), ann(pwd(after))}, "done"},
		{"somebody else than the hint proved", changes{hinted("bob"), ann(pwd(after))}, "denied login_required"},
		{"somebody else is not called", changes{level(2), hinted("bob"), ann(pwd(after))}, "denied login_required"},

		{"prompt=none without a session", changes{prompt("none")}, "denied login_required"},
		{"prompt=none with a session", changes{prompt("none"), annIn(pwd(before))}, "done"},
		{"prompt=none, second factor missing", changes{prompt("none"), level(2), annIn(pwd(before))}, "denied interaction_required"},
		{"prompt=none, choice of a second factor", changes{prompt("none"), level(2), second("flashCall", "totp"), annIn(pwd(before))}, "denied interaction_required"},
		{"prompt=none, choice of a first factor", changes{prompt("none"), first("password", "flashCall")}, "denied login_required"},
		{"prompt=none, consent missing", changes{prompt("none"), asksConsent, annIn(pwd(before))}, "denied consent_required"},
		{"prompt=none, max_age over", changes{prompt("none"), maxAge(60), annIn(pwd(before))}, "denied login_required"},
		{"prompt=none, another person", changes{prompt("none"), hinted("bob"), annIn(pwd(before))}, "denied login_required"},
		{"prompt=none, blocked", changes{prompt("none"), annIn(pwd(before)), blocked}, "denied login_required"},

		{"consent of the client", changes{asksConsent, ann(pwd(after))}, "consent"},
		{"consent before the facts suffice", changes{asksConsent, consented}, "password"},
		{"consent comes last", changes{level(2), asksConsent, ann(pwd(after))}, "flashCall"},
		{"consent given", changes{asksConsent, consented, ann(pwd(after))}, "done"},
		{"consent given before", changes{asksConsent, asked("openid", "email"), given("openid", "email", "phone"), annIn(pwd(before))}, "done"},
		{"consent to more than before", changes{asksConsent, asked("openid", "offline_access"), given("openid"), annIn(pwd(before))}, "consent"},
		{"consent to nothing by name", changes{asksConsent, annIn(pwd(before))}, "consent"},
		{"consent given before, prompt=none", changes{asksConsent, prompt("none"), asked("openid"), given("openid"), annIn(pwd(before))}, "done"},
		{"more than before, prompt=none", changes{asksConsent, prompt("none"), asked("openid", "email"), given("openid"), annIn(pwd(before))}, "denied consent_required"},
		{"consent given before, prompt=consent", changes{asksConsent, prompt("consent"), asked("openid"), given("openid"), annIn(pwd(before))}, "consent"},
		{"a client that registered by itself", changes{registered, asked("openid"), annIn(pwd(before))}, "consent"},
		{"a client that registered by itself, the second time", changes{registered, asked("openid"), given("openid"), annIn(pwd(before))}, "done"},
		{"a device", changes{device, asked("openid"), annIn(pwd(before))}, "consent"},
		{"a device, given before", changes{device, asksConsent, asked("openid"), given("openid"), annIn(pwd(before))}, "consent"},
		{"a device, consented", changes{device, asked("openid"), consented, annIn(pwd(before))}, "done"},
		{"prompt=consent", changes{prompt("consent"), annIn(pwd(before))}, "consent"},
		{"prompt=login consent", changes{prompt("login", "consent"), annIn(pwd(before))}, "password"},

		{"two second factors are a choice", changes{level(2), second("flashCall", "totp"), ann(pwd(after))}, "choose"},
		{"what the person has not is no choice", changes{level(2), second("flashCall", "totp"), lacking("totp"), ann(pwd(after))}, "flashCall"},
		{"the person has no second factor", changes{level(2), second("totp"), lacking("totp"), ann(pwd(after))}, "denied unmet_authentication_requirements"},
		{"a factor that was used up by this login counts", changes{level(2), second("totp"), lacking("totp"), ann(pwd(after), totp(after))}, "done"},
		{"chosen", changes{level(2), second("flashCall", "totp"), ann(pwd(after)), chosen("totp")}, "totp"},
		{"chosen one that is not offered", changes{level(2), second("flashCall", "totp"), ann(pwd(after)), chosen("sms")}, "choose"},
		{"two first factors are a choice", changes{first("password", "flashCall")}, "choose"},
		{"the app takes one of them", changes{level(2), second("flashCall", "totp"), only("totp"), ann(pwd(after))}, "totp"},
		{"the app takes no method that is in use", changes{level(2), only("totp"), ann(pwd(after))}, "denied unmet_authentication_requirements"},
		{"a proof that the app does not take", changes{level(2), second("flashCall", "totp"), only("totp"), ann(pwd(after), tel(after))}, "totp"},
		{"a session's proof that the app does not take", changes{level(2), second("flashCall", "totp"), only("totp"), annIn(pwd(before), tel(before))}, "totp"},
		{"any second factor", changes{level(2), second("flashCall", "totp"), ann(pwd(after), totp(after))}, "done"},
		{"no first factor in use", changes{first()}, "denied unmet_authentication_requirements"},
		{"no second factor in use", changes{level(2), second(), ann(pwd(after))}, "denied unmet_authentication_requirements"},
		{"a first factor that is no longer in use", changes{first("flashCall"), annIn(pwd(before))}, "flashCall"},
		{"a second factor that is no longer in use", changes{level(2), second("totp"), annIn(pwd(before), tel(before))}, "totp"},
		{"one method can't be both factors", changes{level(2), first("password", "flashCall"), ann(fact("flashCall", 1))}, "denied unmet_authentication_requirements"},
		{"one method proved as both", changes{level(2), first("password", "flashCall"), second("flashCall", "totp"),
			ann(fact("flashCall", 1), fact("flashCall", 2))}, "totp"},
		{"the same beside another first factor", changes{level(2), first("password", "flashCall"),
			ann(pwd(after), fact("flashCall", 1), fact("flashCall", 2))}, "done"},

		{"a password that has to go", changes{ann(pwd(after)), mustChange}, "newPassword"},
		{"after the second factor", changes{level(2), ann(pwd(after)), mustChange}, "flashCall"},
		{"after both", changes{level(2), ann(pwd(after), tel(after)), mustChange, prompt("consent")}, "newPassword"},
		{"who signs in otherwise keeps it", changes{calls, ann(fact("flashCall", 1)), mustChange}, "done"},
		{"a session by it counts no more", changes{annIn(pwd(before)), mustChange}, "password"},
		{"nor one that began just now", changes{annIn(pwd(after)), mustChange}, "password"},
		{"silently", changes{annIn(pwd(before)), mustChange, prompt("none")}, "denied login_required"},
		{"silently, where it was proved", changes{ann(pwd(after)), mustChange, prompt("none")}, "denied interaction_required"},
		{"nobody here can change it", changes{ann(pwd(after)), mustChange, func(s *Situation) { s.ChangesPasswords = false }}, "done"},

		{"done stays done", changes{state(idp.LoginDone), prompt("login"), gone}, "done"},
		{"answered stays done", changes{state(idp.LoginAnswered)}, "done"},
		{"denied stays denied", changes{state(idp.LoginDenied), ann(pwd(after)), func(s *Situation) { s.Login.Error = "access_denied" }}, "denied access_denied"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			step := Next(situation(test.changes...))
			got := step.Name()
			if step.Error != "" {
				got += " " + step.Error
			}
			if got != test.want {
				t.Errorf("Next = %q, want %q", got, test.want)
			}
		})
	}
}

// calls is a provider where a call serves as first factor too.
func calls(s *Situation) { s.Policy.First = []string{"password", "flashCall"} }

func mustChange(s *Situation) { s.ChangesPasswords, s.User.MustChangePassword = true, true }

func verified(s *Situation) {
	s.User.Attributes = map[string]string{idp.AttributePhoneVerified: "true"}
}

func fact1(method string, at time.Time) idp.Fact { return idp.Fact{Method: method, Factor: 1, At: at} }

func fact(method string, factor int) idp.Fact {
	return idp.Fact{Method: method, Factor: factor, At: after}
}

// What a login ends with says neither less nor more than was proved.
func TestNextFacts(t *testing.T) {
	tests := []struct {
		name string
		s    Situation
		want []idp.Fact
	}{
		{"the session's and the login's", situation(level(2), annIn(pwd(before)), ann(tel(after))), []idp.Fact{pwd(before), tel(after)}},
		{"a new proof replaces the old", situation(annIn(pwd(before), tel(before)), ann(pwd(after))), []idp.Fact{tel(before), pwd(after)}},
		{"stale ones don't count", situation(prompt("login"), annIn(pwd(before), tel(before)), ann(pwd(after))), []idp.Fact{pwd(after)}},
		{"a second factor by the first one's method is none", situation(first("flashCall"), annIn(pwd(before), tel(before)),
			ann(fact("flashCall", 1))), []idp.Fact{fact("flashCall", 1)}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			step := Next(test.s)
			same := slices.EqualFunc(step.Facts, test.want, func(a, b idp.Fact) bool {
				return a.Method == b.Method && a.Factor == b.Factor && a.At.Equal(b.At)
			})
			if step.Kind != Done || !same {
				t.Errorf("Next = %v with %v, want done with %v", step.Kind, step.Facts, test.want)
			}
		})
	}
}

func TestNextChangesNothing(t *testing.T) {
	s := situation(level(2), first("flashCall", "password"), annIn(pwd(before), tel(before)), ann(pwd(after), fact("flashCall", 1)))
	facts, login := slices.Clone(s.Session.Facts), slices.Clone(s.Login.Facts)
	Next(s)
	Next(s)
	for i := range facts {
		if s.Session.Facts[i].Method != facts[i].Method {
			t.Fatal("Next changed the session's facts")
		}
	}
	for i := range login {
		if s.Login.Facts[i].Method != login[i].Method {
			t.Fatal("Next changed the login's facts")
		}
	}
}
