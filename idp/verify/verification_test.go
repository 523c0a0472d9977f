package verify_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/factors/flashcall"
	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/idp/verify"
)

func TestANumberIsVerified(t *testing.T) {
	w := newWorld(t)
	g := w.post(verify.PathVerifications, `{"phone":"`+number+`"}`)
	w.want(g, http.StatusCreated, "")
	w.is(g, verify.StatusPending)
	id := g.text("id")
	if g.header.Get("Location") != issuer+verify.PathVerifications+"/"+id {
		t.Errorf("Location is %q", g.header.Get("Location"))
	}
	if g.text("phone") != masked || g.body["code_length"] != 4.0 || g.body["tries_left"] != 3.0 || strings.Contains(g.raw, "0000001") {
		t.Errorf("begun: %s", g.raw)
	}
	if w.calls() != 0 {
		t.Error("the call was placed inside the request")
	}
	w.work()
	g = w.show(id)
	w.is(g, verify.StatusCalled)
	if g.text("channel") != "flashCall" || g.text("caller_mask") != "+7 495 000-__-__" || g.text("expires_at") != "2026-03-04T12:01:00Z" ||
		g.text("resend_at") != "2026-03-04T12:00:30Z" || g.text("called_at") != "2026-03-04T12:00:00Z" || g.text("ends_at") != "2026-03-04T13:00:00Z" {
		t.Errorf("called: %s", g.raw)
	}
	w.advance(10 * time.Second)
	g = w.check(id, " 00-42 ")
	w.want(g, http.StatusOK, "")
	w.is(g, verify.StatusVerified)
	if g.text("verified_at") != "2026-03-04T12:00:10Z" {
		t.Errorf("verified: %s", g.raw)
	}
	w.want(w.check(id, "0042"), http.StatusConflict, verify.ProblemVerified)
	w.want(w.resend(id, ""), http.StatusConflict, verify.ProblemVerified)
	w.advance(2 * time.Hour)
	if g = w.show(id); g.text("verified_at") != "2026-03-04T12:00:10Z" || g.text("status") != verify.StatusVerified {
		t.Errorf("two hours later: %s", g.raw)
	}
	w.advance(22 * time.Hour)
	w.want(w.show(id), http.StatusNotFound, verify.ProblemUnknown)
	if w.calls() != 1 {
		t.Errorf("%d calls were placed", w.calls())
	}
	if log := w.log.String(); strings.Contains(log, e164) || strings.Contains(log, "0042") || strings.Contains(log, "shop's") {
		t.Errorf("the log tells a number, a code or a token: %s", log)
	}
}

func TestWhatCanBeChecked(t *testing.T) {
	for name, c := range map[string]struct {
		body    string
		status  int
		problem string
	}{
		"the digits":               {`{"code":"0042"}`, 200, ""},
		"the caller":               {`{"caller":"+7 (495) 000-00-42"}`, 200, ""},
		"another caller":           {`{"caller":"+74950000043"}`, 400, otp.ProblemCodeWrong},
		"wrong digits":             {`{"code":"0043"}`, 400, otp.ProblemCodeWrong},
		"too few":                  {`{"code":"042"}`, 400, otp.ProblemCodeFormat},
		"a caller of three digits": {`{"caller":"042"}`, 400, otp.ProblemCodeFormat},
		"a caller with letters":    {`{"caller":"7495000 ext 0042"}`, 400, otp.ProblemCodeFormat},
		"letters":                  {`{"code":"OO42"}`, 400, otp.ProblemCodeFormat},
		"digits of another script": {`{"code":"٠٠٤٢"}`, 400, otp.ProblemCodeFormat},
		"nothing":                  {`{}`, 400, "field_missing"},
		"no body":                  {``, 400, "field_missing"},
		"an empty code":            {`{"code":""}`, 400, "field_missing"},
		"both":                     {`{"code":"0042","caller":"+74950000042"}`, 400, "field_invalid"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			id := w.called()
			w.want(w.post(verify.PathVerifications+"/"+id+"/check", c.body), c.status, c.problem)
		})
	}
}

func TestAProviderThatChecksMayWantTheWholeNumber(t *testing.T) {
	w := newWorld(t)
	w.send = func(otp.Delivery) (otp.Sent, error) { return otp.Sent{ByProvider: true, CallID: "c1"}, nil }
	id := w.called()
	if g := w.show(id); g.body["whole_number"] != true {
		t.Errorf("called: %s", g.raw)
	}
	w.want(w.post(verify.PathVerifications+"/"+id+"/check", `{"caller":"+7 495 000-00-43"}`), http.StatusBadRequest, otp.ProblemCodeWrong)
	w.is(w.post(verify.PathVerifications+"/"+id+"/check", `{"caller":"+7 495 000-00-42"}`), verify.StatusVerified)
}

func TestACodeByAnotherChannel(t *testing.T) {
	w := newWorld(t)
	id := w.called()
	g := w.show(id)
	others, _ := g.body["others"].([]any)
	if len(others) != 1 || others[0].(map[string]any)["channel"] != "sms" || others[0].(map[string]any)["at"] != "2026-03-04T12:00:45Z" {
		t.Errorf("others: %s", g.raw)
	}
	w.advance(40 * time.Second)
	w.want(w.resend(id, `{"channel":"sms"}`), http.StatusTooManyRequests, otp.ProblemResendWait)
	w.advance(5 * time.Second)
	w.want(w.resend(id, `{"channel":"voice"}`), http.StatusConflict, otp.ProblemNoRoute)
	w.want(w.resend(id, `{"channel":"pigeon"}`), http.StatusBadRequest, "field_invalid")
	g = w.resend(id, `{"channel":"sms"}`)
	w.want(g, http.StatusOK, "")
	if g.text("channel") != "sms" {
		t.Errorf("resent: %s", g.raw)
	}
	w.want(w.check(id, "0042"), http.StatusConflict, otp.ProblemCodePending)
	w.work()
	w.is(w.check(id, "0042"), verify.StatusVerified)

	g = w.post(verify.PathVerifications, `{"phone":"+79990000002","channel":"sms","lang":"ru-RU","ip":"2001:db8::1"}`)
	w.want(g, http.StatusCreated, "")
	w.work()
	if d := w.sent[len(w.sent)-1]; d.Route != "sms" || d.Lang != "ru" || d.RemoteIP != "2001:db8::1" {
		t.Errorf("delivery %+v", d)
	}
}

func TestEveryStatusIsTold(t *testing.T) {
	w := newWorld(t)
	w.settings.TotalAttempts = 5
	id := w.called()
	for range 2 {
		w.want(w.check(id, "9999"), http.StatusBadRequest, otp.ProblemCodeWrong)
	}
	if g := w.show(id); g.body["tries_left"] != 1.0 {
		t.Errorf("after two wrong codes: %s", g.raw)
	}
	w.want(w.check(id, "9999"), http.StatusBadRequest, otp.ProblemCodeExhausted)
	w.is(w.show(id), verify.StatusExhausted)
	w.want(w.check(id, "0042"), http.StatusBadRequest, otp.ProblemCodeExhausted)
	w.advance(30 * time.Second)
	g := w.resend(id, "")
	w.want(g, http.StatusTooManyRequests, otp.ProblemMethodBlocked)
	if g.header.Get("Retry-After") != "1800" || g.text("until") != "2026-03-04T12:30:30Z" {
		t.Errorf("blocked: %v %s", g.header, g.raw)
	}
	if g := w.show(id); g.text("status") != verify.StatusBlocked || g.text("blocked_until") != "2026-03-04T12:30:30Z" {
		t.Errorf("blocked: %s", g.raw)
	}
	w.advance(30 * time.Minute)
	w.want(w.resend(id, ""), http.StatusOK, "")
	w.work()
	w.advance(time.Minute)
	w.is(w.show(id), verify.StatusExpired)
	w.want(w.check(id, "0042"), http.StatusBadRequest, otp.ProblemCodeExpired)
	w.advance(time.Hour)
	w.is(w.show(id), verify.StatusExpired)
	w.want(w.check(id, "0042"), http.StatusConflict, verify.ProblemOver)
	w.want(w.resend(id, ""), http.StatusConflict, verify.ProblemOver)
}

func TestAFailedCallIsTold(t *testing.T) {
	w := newWorld(t)
	w.routes = w.routes[:1]
	w.send = func(otp.Delivery) (otp.Sent, error) { return otp.Sent{}, &otp.SendError{Kind: "unreachable"} }
	id := w.begin()
	w.work()
	g := w.ask(http.MethodGet, verify.PathVerifications+"/"+id, "", "Accept-Language", "ru")
	w.is(g, verify.StatusFailed)
	problem, _ := g.body["problem"].(map[string]any)
	if problem["id"] != "call_unreachable" || problem["type"] != "urn:ringtail:problem:call_unreachable" || !strings.Contains(problem["detail"].(string), "недоступен") {
		t.Errorf("failed: %s", g.raw)
	}
	w.want(w.check(id, "0042"), http.StatusConflict, otp.ProblemCodeNone)
}

func TestAProblemIsInTheLanguageAskedFor(t *testing.T) {
	w := newWorld(t)
	g := w.post(verify.PathVerifications, `{"phone":"123"}`, "Accept-Language", "ru-RU,ru;q=0.9")
	w.want(g, http.StatusBadRequest, flashcall.ProblemNumberMalformed)
	if g.text("detail") != "Это не номер телефона." || g.text("hint") == "" || g.text("title") != "Number malformed" ||
		g.text("type") != "urn:ringtail:problem:number_malformed" || g.text("field") != "phone" || g.body["status"] != 400.0 {
		t.Errorf("problem: %s", g.raw)
	}
}
