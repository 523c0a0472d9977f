package login

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ringtail-id/ringtail/idp"
)

var (
	people  = []string{"ann", "bob"}
	methods = []string{"password", "flashCall", "totp"}
)

func drawFacts(t *rapid.T, label string) []idp.Fact {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) idp.Fact {
		return idp.Fact{
			Method: rapid.SampledFrom(methods).Draw(t, "method"),
			Factor: rapid.IntRange(1, 2).Draw(t, "factor"),
			At:     now.Add(-time.Duration(rapid.IntRange(0, 4000).Draw(t, "age")) * time.Second),
		}
	}), 0, 4).Draw(t, label)
}

func drawSituation(t *rapid.T) Situation {
	some := func(label string, from ...string) []string {
		return rapid.SliceOfNDistinct(rapid.SampledFrom(from), 0, len(from), rapid.ID[string]).Draw(t, label)
	}
	s := Situation{
		Login: &idp.Login{
			State: idp.LoginOpen, CreatedAt: began, Facts: drawFacts(t, "facts"),
			Chosen: rapid.SampledFrom(append(methods, "")).Draw(t, "chosen"), Consented: rapid.Bool().Draw(t, "consented"),
			UserID: rapid.SampledFrom([]string{"", "ann", "bob"}).Draw(t, "user of the login"),
			Request: idp.AuthorizationRequest{
				Prompt:      some("prompt", "none", "login", "consent", "select_account"),
				ACRValues:   some("acr", idp.ACROneFactor, idp.ACRTwoFactors, idp.ACRPhone, "urn:x"),
				HintSubject: rapid.SampledFrom([]string{"", "", "ann", "bob"}).Draw(t, "hint"),
			},
		},
		Client: &idp.Client{
			AskConsent:     rapid.Bool().Draw(t, "ask consent"),
			ClientMetadata: idp.ClientMetadata{RegistrationHash: rapid.SampledFrom([]string{"", "hash"}).Draw(t, "registered by itself")},
			RequiredFactor: rapid.IntRange(0, 2).Draw(t, "app's level"),
			SecondFactors:  some("app's methods", methods...),
		},
		Asked: items(some("asked", "openid", "email", "offline_access")), Given: items(some("given", "openid", "email", "offline_access")),
		Policy:           Policy{Level: rapid.IntRange(0, 3).Draw(t, "level"), First: some("first", methods...), Second: some("second", methods...)},
		ChangesPasswords: rapid.Bool().Draw(t, "changes passwords"),
		Now:              now,
	}
	if rapid.IntRange(0, 3).Draw(t, "for a device") == 0 {
		s.Login.Request.Device = "d1"
	}
	if rapid.Bool().Draw(t, "has max_age") {
		s.Login.Request.MaxAge = seconds(rapid.Int64Range(0, 5000).Draw(t, "max_age"))
	}
	if rapid.Bool().Draw(t, "has session") {
		s.Session = &idp.Session{UserID: rapid.SampledFrom(people).Draw(t, "user of the session"), Facts: drawFacts(t, "session's facts")}
	}
	if rapid.IntRange(0, 9).Draw(t, "user known") > 0 {
		id := s.Login.UserID
		if id == "" && s.Session != nil {
			id = s.Session.UserID
		}
		if id != "" {
			s.User = &idp.User{
				ID: id, RequiredFactor: rapid.IntRange(0, 2).Draw(t, "user's level"), Blocked: rapid.IntRange(0, 4).Draw(t, "blocked") == 0,
				MustChangePassword: rapid.IntRange(0, 3).Draw(t, "must change the password") == 0,
				Attributes:         map[string]string{"phone_number_verified": rapid.SampledFrom([]string{"", "true"}).Draw(t, "phone verified")},
			}
		}
	}
	return s
}

// evidence is every fact that could rightly count, said in another way than
// Next says it.
func evidence(s Situation) (facts []idp.Fact) {
	if s.Login.UserID == s.User.ID {
		facts = append(facts, s.Login.Facts...)
	}
	if s.Session == nil || s.Session.UserID != s.User.ID {
		return facts
	}
	for _, f := range s.Session.Facts {
		inThisLogin := !f.At.Before(s.Login.CreatedAt)
		forced := s.Login.Request.Prompts("login") || s.Login.Request.Prompts("select_account")
		limit := s.Login.Request.MaxAge
		old := limit != nil && s.Now.Sub(f.At) > time.Duration(*limit)*time.Second
		if inThisLogin || !forced && !old {
			facts = append(facts, f)
		}
	}
	return facts
}

// Whatever was posted, repeated, kept from a session or planted: nobody is done
// without what the policy asks of them.
func TestNextNeverDoneWithoutWhatIsAsked(t *testing.T) {
	reached := 0
	rapid.Check(t, func(t *rapid.T) {
		for range 20 { // few situations are done
			s := drawSituation(t)
			step := Next(s)
			if s.Login.Request.Prompts("none") && step.Interactive() {
				t.Fatalf("prompt=none, yet the step is %s", step.Name())
			}
			if step.Kind == Done {
				reached++
				checkDone(t, s, step)
			}
		}
	})
	if reached == 0 {
		t.Error("no situation was ever done: the property held nothing")
	}
}

func checkDone(t *rapid.T, s Situation, step Step) {
	if s.User == nil || s.User.Blocked || s.Login.UserID != "" && s.User.ID != s.Login.UserID {
		t.Fatal("done for nobody, or for somebody who may not")
	}
	if hint := s.Login.Request.HintSubject; hint != "" && hint != s.User.ID {
		t.Fatal("done for another person than asked for")
	}
	if (s.Login.Request.Device != "" || s.Login.Request.Prompts("consent")) && !s.Login.Consented {
		t.Fatal("done without the consent that is always asked for")
	}
	if (s.Client.AskConsent || s.Client.RegistrationHash != "") && !s.Login.Consented {
		for _, item := range s.Asked {
			if !slices.Contains(s.Given, item) {
				t.Fatalf("done without consent to %s", item.Name)
			}
		}
		if len(s.Given) == 0 {
			t.Fatal("done for a client that nobody ever agreed to")
		}
	}
	facts := evidence(s)
	if !slices.ContainsFunc(facts, func(f idp.Fact) bool { return f.Factor == 1 && slices.Contains(s.Policy.First, f.Method) }) {
		t.Fatal("done without a first factor")
	}
	if twoAsked(s) && !twoProved(s, facts) {
		t.Fatal("done without a second factor")
	}
	if classAsked(s) == idp.ACRPhone && !phoneConfirmed(s, facts) {
		t.Fatal("done without a call to the number of now")
	}
	for _, f := range step.Facts {
		if s.ChangesPasswords && s.User.MustChangePassword && f.Method == "password" && f.Factor == 1 {
			t.Fatal("done by a password that has to be changed")
		}
		if !slices.ContainsFunc(facts, func(g idp.Fact) bool { return f.Method == g.Method && f.Factor == g.Factor && f.At.Equal(g.At) }) {
			t.Fatalf("%v counts, but was not proved here", f)
		}
	}
	switch acr := idp.ACR(classAsked(s), step.Facts); {
	case acr == idp.ACRTwoFactors && !twoProved(s, step.Facts):
		t.Fatal("the token would claim two factors")
	case (acr == idp.ACRPhone) != (classAsked(s) == idp.ACRPhone):
		t.Fatalf("the token's class is %s, asked for was %s", acr, classAsked(s))
	}
}

// classAsked is the first known class of the request.
func classAsked(s Situation) string {
	for _, v := range s.Login.Request.ACRValues {
		if v == idp.ACROneFactor || v == idp.ACRTwoFactors || v == idp.ACRPhone {
			return v
		}
	}
	return ""
}

func phoneConfirmed(s Situation, facts []idp.Fact) bool {
	return slices.ContainsFunc(facts, func(f idp.Fact) bool {
		now := !f.At.Before(s.Login.CreatedAt) || s.User.Attributes["phone_number_verified"] == "true"
		first := f.Factor == 1 && slices.Contains(s.Policy.First, "flashCall")
		second := f.Factor == 2 && slices.Contains(s.Policy.Second, "flashCall")
		return f.Method == "flashCall" && now && (first || second)
	})
}

func twoAsked(s Situation) bool {
	return classAsked(s) == idp.ACRTwoFactors || s.Policy.Level >= 2 || s.Client.RequiredFactor == 2 || s.User.RequiredFactor == 2
}

func twoProved(s Situation, facts []idp.Fact) bool {
	for _, a := range facts {
		for _, b := range facts {
			first := a.Factor == 1 && slices.Contains(s.Policy.First, a.Method)
			second := b.Factor == 2 && slices.Contains(s.Policy.Second, b.Method) &&
				(len(s.Client.SecondFactors) == 0 || slices.Contains(s.Client.SecondFactors, b.Method))
			if first && second && a.Method != b.Method {
				return true
			}
		}
	}
	return false
}

// TestLackingDecidesNothingElse: what the person lacks isn't read unless a second
// factor is due.
func TestLackingDecidesNothingElse(t *testing.T) {
	due, other := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		for range 20 {
			s := drawSituation(t)
			if s.Lacking = nil; s.secondDue() {
				due++
				continue
			}
			other++
			want := Next(s)
			s.Lacking = s.Policy.Second
			if got := Next(s); !reflect.DeepEqual(got, want) {
				t.Fatalf("%+v, and %+v where nothing lacks", got, want)
			}
		}
	})
	if due == 0 || other == 0 {
		t.Errorf("%d situations with a second factor due, %d without", due, other)
	}
}
