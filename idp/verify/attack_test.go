package verify_test

import (
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/factors/flashcall"
	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/idp/api"
	"github.com/ringtail-id/ringtail/idp/verify"
)

func TestWhoMayAsk(t *testing.T) {
	for name, c := range map[string]struct {
		headers []string
		status  int
		problem string
		says    string
	}{
		"no token":            {[]string{"Authorization", ""}, 401, api.ProblemToken, `Bearer realm="ringtail"`},
		"an unknown token":    {[]string{"Authorization", "", "Authorization", "Bearer unknown"}, 401, api.ProblemToken, "invalid_token"},
		"an empty token":      {[]string{"Authorization", "", "Authorization", "Bearer "}, 401, api.ProblemToken, "invalid_"},
		"another scope":       {[]string{"Authorization", "Bearer else"}, 403, api.ProblemScope, `scope="phone_verification"`},
		"a secret":            {[]string{"Authorization", "Basic c2hvcDpzZWNyZXQ="}, 401, api.ProblemToken, "invalid_request"},
		"letters in any case": {[]string{"Authorization", "bearer shop's"}, 404, verify.ProblemUnknown, ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			one := verify.PathVerifications + "/none"
			for _, g := range []got{
				w.ask("GET", one, "", c.headers...), w.post(one+"/check", `{"code":"0042"}`, c.headers...), w.post(one+"/resend", "", c.headers...),
			} {
				w.want(g, c.status, c.problem)
				if says := g.header.Get("WWW-Authenticate"); !strings.Contains(says, c.says) || (says == "") != (c.says == "") {
					t.Errorf("WWW-Authenticate is %q", says)
				}
			}
			if c.status == http.StatusNotFound {
				return
			}
			w.want(w.post(verify.PathVerifications, `{"phone":"`+number+`"}`, c.headers...), c.status, c.problem)
			if w.work(); w.calls() != 0 {
				t.Error("a call was placed")
			}
		})
	}
	w := newWorld(t)
	r, err := http.NewRequest("GET", w.server.URL+"/blitz"+verify.PathVerifications+"/x", nil)
	w.must(err)
	r.Header["Authorization"] = []string{"Bearer shop's", "Bearer other's"}
	resp, err := w.client.Do(r)
	w.must(err)
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("two headers: %d", resp.StatusCode)
	}
}

// Another client learns nothing, and changes nothing.
func TestAVerificationIsItsClientsAlone(t *testing.T) {
	w := newWorld(t)
	id := w.called()
	other := []string{"Authorization", "Bearer other's"}
	w.want(w.ask("GET", verify.PathVerifications+"/"+id, "", other...), http.StatusNotFound, verify.ProblemUnknown)
	for range 4 {
		w.want(w.check(id, "9999", other...), http.StatusNotFound, verify.ProblemUnknown)
	}
	w.want(w.check(id, "0042", other...), http.StatusNotFound, verify.ProblemUnknown)
	w.want(w.resend(id, "", other...), http.StatusNotFound, verify.ProblemUnknown)
	w.want(w.ask("GET", verify.PathVerifications+"/none", "", other...), http.StatusNotFound, verify.ProblemUnknown)
	w.is(w.check(id, "0042"), verify.StatusVerified)
}

func TestOfParallelRightChecksOneWins(t *testing.T) {
	w := newWorld(t)
	w.settings.AttemptsPerLogin, w.settings.TotalAttempts = 100, 200
	id := w.called()
	var all sync.WaitGroup
	var winners atomic.Int32
	for range 64 {
		all.Go(func() {
			g := w.check(id, "0042")
			switch {
			case g.status == http.StatusOK && g.text("status") == verify.StatusVerified:
				winners.Add(1)
			case g.status != http.StatusConflict || g.text("id") != otp.ProblemCodeUsed && g.text("id") != verify.ProblemVerified:
				t.Errorf("a loser is told %d %s", g.status, g.raw)
			}
		})
	}
	all.Wait()
	if winners.Load() != 1 {
		t.Errorf("%d of 64 right checks won", winners.Load())
	}
	w.is(w.show(id), verify.StatusVerified)
}

// The process died between the engine's word and ours: the number is verified.
func TestARightCodeIsNotForgotten(t *testing.T) {
	w := newWorld(t)
	id := w.called()
	w.must(w.engine.Enter(t.Context(), otp.Entered{LoginID: id, PersonID: w.engine.NumberKey(e164), Code: "0042"}))
	w.advance(time.Second)
	w.want(w.check(id, "0042"), http.StatusConflict, verify.ProblemVerified)
	w.want(w.resend(id, ""), http.StatusConflict, verify.ProblemVerified)
	for range 2 {
		if g := w.show(id); g.text("status") != verify.StatusVerified || g.text("verified_at") != "2026-03-04T12:00:01Z" {
			t.Errorf("shown: %s", g.raw)
		}
		w.advance(time.Minute)
	}
}

// Beginning anew gives no new tries: they are the number's.
func TestNewVerificationsGiveNoNewTries(t *testing.T) {
	w := newWorld(t)
	guesses := 0
	for range 20 {
		g := w.post(verify.PathVerifications, `{"phone":"`+number+`"}`)
		if g.status == http.StatusTooManyRequests {
			w.want(g, http.StatusTooManyRequests, otp.ProblemMethodBlocked)
			break
		}
		w.work()
		for w.check(g.text("id"), "9999").text("id") == otp.ProblemCodeWrong {
			guesses++
		}
		guesses++
		w.advance(31 * time.Second)
	}
	if guesses > 9 || w.calls()+guesses > 10 {
		t.Errorf("%d calls and %d guesses, with a total of 10", w.calls(), guesses)
	}
}

// Logins and verifications share what is counted of a number, in both directions.
func TestBudgetsAreSharedWithLogins(t *testing.T) {
	limits := map[string]struct {
		limits  otp.Limits
		phone   string // of the login
		problem string
	}{
		"number":  {otp.Limits{NumberHour: 1}, e164, otp.ProblemNumberLimited},
		"address": {otp.Limits{AddressHour: 1}, "+79991111111", otp.ProblemNumberLimited},
		"network": {otp.Limits{NetworkHour: 1}, "+79991111111", otp.ProblemNumberLimited},
		"prefix":  {otp.Limits{PrefixHour: 1}, "+79990000002", otp.ProblemCallsLimited},
		"country": {otp.Limits{CountryHour: 1}, "+79991111111", otp.ProblemCallsLimited},
		"spend":   {otp.Limits{SpendDay: 400_000}, "+79991111111", otp.ProblemCallsLimited},
	}
	login := func(w *world, phone string) error {
		return w.engine.Request(t.Context(), otp.Target{LoginID: "l", PersonID: "user", Phone: phone, Country: "RU", RemoteIP: "192.0.2.1"})
	}
	for name, c := range limits {
		for _, first := range []string{"login", "verification"} {
			t.Run(name+" used by a "+first, func(t *testing.T) {
				w := newWorld(t)
				w.settings.Limits = c.limits
				w.routes = []otp.Route{{ID: "call", Channel: "flashCall", Driver: "test", Price: 400_000}}
				if first == "verification" {
					w.begin()
					if err := login(w, c.phone); err == nil || !strings.Contains(err.Error(), c.problem) {
						t.Errorf("the login: %v, want %s", err, c.problem)
					}
					return
				}
				w.must(login(w, c.phone))
				g := w.post(verify.PathVerifications, `{"phone":"`+number+`"}`)
				w.want(g, http.StatusTooManyRequests, c.problem)
				if g.header.Get("Retry-After") == "" || g.text("until") == "" {
					t.Errorf("nothing says when: %v %s", g.header, g.raw)
				}
			})
		}
	}
}

// A site may tell where its visitor is; then the visitor's address counts.
func TestTheVisitorsAddressCounts(t *testing.T) {
	w := newWorld(t)
	w.settings.Limits = otp.Limits{AddressHour: 1}
	begin := func(phone, ip string) got {
		return w.post(verify.PathVerifications, `{"phone":"`+phone+`","ip":"`+ip+`"}`)
	}
	w.want(begin("+79990000001", "198.51.100.1"), http.StatusCreated, "")
	w.want(begin("+79990000002", "198.51.100.2"), http.StatusCreated, "")
	w.want(begin("+79990000003", "198.51.100.1"), http.StatusTooManyRequests, otp.ProblemNumberLimited)
	w.want(begin("+79990000003", "::ffff:198.51.100.1"), http.StatusTooManyRequests, otp.ProblemNumberLimited)
}

func TestAStoppedNumberIsNotCalled(t *testing.T) {
	w := newWorld(t)
	w.must(w.engine.Stop(t.Context(), e164))
	w.want(w.post(verify.PathVerifications, `{"phone":"`+number+`"}`), http.StatusConflict, otp.ProblemCallsStopped)
	if w.work(); w.calls() != 0 {
		t.Error("a call was placed")
	}
}

func TestRequestsThatCantBeUnderstood(t *testing.T) {
	w := newWorld(t)
	long := strings.Repeat("1", 65)
	for name, c := range map[string]struct {
		body    string
		header  []string
		status  int
		problem string
	}{
		"no body":              {"", nil, 400, "field_missing"},
		"no number":            {`{}`, nil, 400, "field_missing"},
		"an empty number":      {`{"phone":""}`, nil, 400, "field_missing"},
		"a blank number":       {`{"phone":"  "}`, nil, 400, "field_missing"},
		"no such number":       {`{"phone":"12345"}`, nil, 400, flashcall.ProblemNumberMalformed},
		"premium rate":         {`{"phone":"+7 809 100-00-00"}`, nil, 400, flashcall.ProblemNumberUnfit},
		"a closed country":     {`{"phone":"+49 1512 3456789"}`, nil, 409, "phone_country"},
		"a long number":        {`{"phone":"` + long + `"}`, nil, 400, "field_too_long"},
		"a number as a number": {`{"phone":79990000001}`, nil, 400, verify.ProblemBody},
		"a field more":         {`{"phone":"` + number + `","client_id":"other"}`, nil, 400, verify.ProblemField},
		"a long name":          {`{"phone":"` + number + `","` + long + `":""}`, nil, 400, verify.ProblemField},
		"a name twice":         {`{"phone":"` + number + `","phone":"+79990000002"}`, nil, 400, verify.ProblemBody},
		"two objects":          {`{"phone":"` + number + `"}{}`, nil, 400, verify.ProblemBody},
		"a list":               {`["` + number + `"]`, nil, 400, verify.ProblemBody},
		"half an object":       {`{"phone":"` + number, nil, 400, verify.ProblemBody},
		"null":                 {`null`, nil, 400, verify.ProblemBody},
		"a form":               {"phone=79990000001", []string{"Content-Type", "application/x-www-form-urlencoded"}, 415, verify.ProblemMedia},
		"no media type":        {`{"phone":"` + number + `"}`, []string{"Content-Type", ""}, 415, verify.ProblemMedia},
		"5 KB":                 {`{"phone":"` + strings.Repeat(" ", 5<<10) + `"}`, nil, 413, verify.ProblemTooLarge},
		"another channel":      {`{"phone":"` + number + `","channel":"FLASHCALL"}`, nil, 400, "field_invalid"},
		"an empty channel":     {`{"phone":"` + number + `","channel":""}`, nil, 400, "field_invalid"},
		"no address":           {`{"phone":"` + number + `","ip":"localhost"}`, nil, 400, "field_invalid"},
		"an empty address":     {`{"phone":"` + number + `","ip":""}`, nil, 400, "field_invalid"},
		"an address's zone":    {`{"phone":"` + number + `","ip":"fe80::1%eth0"}`, nil, 400, "field_invalid"},
	} {
		t.Run(name, func(t *testing.T) {
			w.want(w.post(verify.PathVerifications, c.body, c.header...), c.status, c.problem)
		})
	}
	w.want(w.ask("GET", "/api/v1/users", ""), http.StatusNotFound, api.ProblemPath)
	w.want(w.ask("GET", "/api/", ""), http.StatusNotFound, api.ProblemPath)
	w.want(w.ask("DELETE", verify.PathVerifications, ""), http.StatusMethodNotAllowed, api.ProblemMethod)
	if w.work(); w.calls() != 0 {
		t.Error("a call was placed")
	}
}
