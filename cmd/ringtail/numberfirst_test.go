package main

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// person is who an app's login signed in: sub of the ID token that the redirect's
// code gives.
func (a *nativeApp) person(d *demo) string {
	a.t.Helper()
	res, err := a.http.PostForm(d.provider+"/blitz/oauth/te", url.Values{
		"grant_type": {"authorization_code"}, "client_id": {"demo-native"}, "redirect_uri": {"com.example.native:/callback"},
		"code": {a.redirect(a.step.RedirectTo).Query().Get("code")}, "code_verifier": {"dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"},
	})
	if err != nil {
		a.t.Fatal(err)
	}
	defer res.Body.Close()
	var tokens struct {
		IDToken string `json:"id_token"`
	}
	if err := json.NewDecoder(res.Body).Decode(&tokens); err != nil || strings.Count(tokens.IDToken, ".") != 2 {
		a.t.Fatalf("the token endpoint answers %s: %v", res.Status, err)
	}
	payload, err := base64.RawURLEncoding.DecodeString(strings.Split(tokens.IDToken, ".")[1])
	if err != nil {
		a.t.Fatal(err)
	}
	var claims struct{ Sub string }
	if err := json.Unmarshal(payload, &claims); err != nil {
		a.t.Fatal(err)
	}
	return claims.Sub
}

// byNumber is an app that gave a number as first factor.
func byNumber(t *testing.T, d *demo, number string) *nativeApp {
	t.Helper()
	a := newApp(t, d)
	if got := a.post(map[string]string{"phone": number}); got != "" {
		t.Fatalf("the number %s: %s", number, got)
	}
	return a
}

// As first factor a call signs in the owner of the number that was called,
// whatever else is posted beside what the log says.
func TestAttacksOnSignInByNumber(t *testing.T) {
	const admin = "79990000002"
	d := startDemo(t, "--set", "login.level=1", "--set", `login.factors=[[{method=flashCall,enabled=true}],[]]`)
	own := byNumber(t, d, "+7 (999) 000-00-01")
	d.ring(t, 1)
	from := d.calls(t, demoNumber)[0].From
	if own.post(map[string]string{"caller": from}); own.step.Step != "done" {
		t.Fatalf("the owner's call leads to %+v", own.step)
	}
	demoSub := own.person(d)

	for name, fields := range map[string]func(from string) map[string]string{
		"the number beside the caller": func(from string) map[string]string { return map[string]string{"caller": from, "phone": admin} },
		"the number beside the code":   func(from string) map[string]string { return map[string]string{"code": tail(from), "phone": admin} },
		"a login name":                 func(from string) map[string]string { return map[string]string{"caller": from, "login": "admin"} },
	} {
		before := len(d.calls(t, demoNumber))
		a := byNumber(t, d, demoNumber)
		d.ring(t, before+1)
		from := d.calls(t, demoNumber)[0].From
		a.post(fields(from))
		if a.step.Step != "done" {
			a.post(map[string]string{"caller": from})
		}
		if a.step.Step == "done" {
			if sub := a.person(d); sub != demoSub {
				t.Errorf("%s: %s is signed in, want %s", name, sub, demoSub)
			}
		}
	}

	// Nobody has this number: it looks the same, and no phone rings.
	nobody := byNumber(t, d, "+79990007777")
	if nobody.step.State != byNumber(t, d, demoNumber).step.State {
		t.Errorf("a number that nobody has: %+v", nobody.step)
	}
	if got := nobody.post(map[string]string{"caller": from}); got != "code_wrong" || nobody.status != http.StatusBadRequest {
		t.Errorf("a caller for nobody: %d %q", nobody.status, got)
	}
	if n := len(d.calls(t, customerNumber)); n != 0 {
		t.Errorf("%d calls to a number that nobody has", n)
	}
}
