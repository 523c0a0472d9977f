package idp_test

import (
	"slices"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp"
)

func TestAMR(t *testing.T) {
	password := idp.Fact{Method: "password", Factor: 1, AMR: []string{"pwd"}}
	call := idp.Fact{Method: "flashCall", Factor: 2, AMR: []string{"tel"}}
	firstCall := idp.Fact{Method: "flashCall", Factor: 1, AMR: []string{"tel"}}
	message := idp.Fact{Method: "sms", Factor: 2, AMR: []string{"sms"}}
	totp := idp.Fact{Method: "totp", Factor: 2, AMR: []string{"otp"}}
	for name, c := range map[string]struct {
		facts []idp.Fact
		want  []string
	}{
		"nothing":                        {nil, nil},
		"password alone":                 {[]idp.Fact{password}, []string{"pwd"}},
		"call alone as the first factor": {[]idp.Fact{firstCall}, []string{"tel"}},
		"password and call":              {[]idp.Fact{password, call}, []string{"pwd", "tel", "mca", "mfa"}},
		"password and message":           {[]idp.Fact{password, message}, []string{"pwd", "sms", "mca", "mfa"}},
		"password and TOTP":              {[]idp.Fact{password, totp}, []string{"pwd", "otp", "mfa"}},
		"the same twice":                 {[]idp.Fact{password, call, call}, []string{"pwd", "tel", "mca", "mfa"}},
		"a second factor alone":          {[]idp.Fact{call}, []string{"tel"}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := idp.AMR(c.facts); !slices.Equal(got, c.want) {
				t.Errorf("AMR = %v, want %v", got, c.want)
			}
		})
	}
}

func TestACR(t *testing.T) {
	password := idp.Fact{Method: "password", Factor: 1}
	call := idp.Fact{Method: "flashCall", Factor: 2}
	firstCall := idp.Fact{Method: "flashCall", Factor: 1}
	totp := idp.Fact{Method: "totp", Factor: 2}
	one, two, phone := idp.ACROneFactor, idp.ACRTwoFactors, idp.ACRPhone
	for name, c := range map[string]struct {
		asked []string
		facts []idp.Fact
		want  string
	}{
		"nothing asked, one factor":       {nil, []idp.Fact{password}, one},
		"nothing asked, two":              {nil, []idp.Fact{password, call}, two},
		"nothing asked, a call alone":     {nil, []idp.Fact{firstCall}, one},
		"one asked, two reached":          {[]string{one}, []idp.Fact{password, call}, two},
		"phone by the second factor":      {[]string{phone}, []idp.Fact{password, call}, phone},
		"phone by the first factor":       {[]string{phone}, []idp.Fact{firstCall}, phone},
		"phone asked, not reached":        {[]string{phone}, []idp.Fact{password, totp}, two},
		"phone asked after an unknown":    {[]string{"urn:x", phone, two}, []idp.Fact{password, call}, phone},
		"two preferred, phone possible":   {[]string{two, phone}, []idp.Fact{password, call}, two},
		"an unknown class alone":          {[]string{"urn:x"}, []idp.Fact{password, call}, two},
		"the class in other letters":      {[]string{"URN:RINGTAIL:ACR:PHONE"}, []idp.Fact{password, call}, two},
		"phone asked, nothing was proved": {[]string{phone}, nil, one},
	} {
		t.Run(name, func(t *testing.T) {
			request := idp.AuthorizationRequest{ACRValues: c.asked}
			if got := idp.ACR(request.Class(), c.facts); got != c.want {
				t.Errorf("ACR = %s, want %s", got, c.want)
			}
		})
	}
}

func TestRedirectURIs(t *testing.T) {
	c := idp.Client{RedirectURIs: []string{"https://shop.example/cb", "http://127.0.0.1/cb", "http://[::1]:99/cb", "com.example.app:/cb", "http://localhost:8401/callback"}}
	for uri, want := range map[string]bool{
		"https://shop.example/cb":           true,
		"https://shop.example/cb/":          false,
		"https://shop.example/cb?x=1":       false,
		"https://shop.example/%63b":         false,
		"https://SHOP.example/cb":           false,
		"https://shop.example.evil.test/cb": false,
		"https://shop.example:443/cb":       false,
		"http://127.0.0.1:51234/cb":         true,
		"http://127.0.0.1:51234/other":      false,
		"http://127.0.0.2:51234/cb":         false,
		"http://user@127.0.0.1:51234/cb":    false,
		"http://127.0.0.1:51234/cb#":        false,
		"http://127.0.0.1:/cb":              false,
		"http://127.0.0.1:99999/cb":         false,
		"http://[::ffff:127.0.0.1]:5/cb":    false,
		"http://127.0.0.1:51234/cb#x":       false,
		"https://127.0.0.1:51234/cb":        false,
		"http://[::1]:51234/cb":             true,
		"http://localhost:8401/callback":    true,
		"http://localhost:9999/callback":    false,
		"com.example.app:/cb":               true,
		"com.example.app:/cb2":              false,
		"":                                  false,
	} {
		if got := c.AllowsRedirect(uri); got != want {
			t.Errorf("AllowsRedirect(%q) = %v, want %v", uri, got, want)
		}
	}
}

func TestALoginRemembersItsFormsWithinBounds(t *testing.T) {
	var l idp.Login
	l.Answer("")
	if l.Answered("") {
		t.Error("a form without an id counts as answered")
	}
	l.Answer("first")
	for range 40 {
		id, err := idp.NewID(nil)
		if err != nil {
			t.Fatal(err)
		}
		l.Answer(id)
		if !l.Answered(id) {
			t.Fatal("the newest form was forgotten")
		}
	}
	if l.Answered("first") || len(l.Forms) > 32 {
		t.Errorf("%d forms are kept", len(l.Forms))
	}
}

func TestSessionsEnd(t *testing.T) {
	start := time.Unix(1_800_000_000, 0)
	living := idp.Session{SeenAt: start, ExpiresAt: start.Add(10 * time.Hour)}
	ended := living
	ended.EndedAt = start
	for name, c := range map[string]struct {
		session       idp.Session
		at            time.Time
		alive, stands bool
	}{
		"in use":  {living, start.Add(59 * time.Minute), true, true},
		"idle":    {living, start.Add(time.Hour), false, true},
		"expired": {idp.Session{SeenAt: start.Add(10 * time.Hour), ExpiresAt: start.Add(10 * time.Hour)}, start.Add(10 * time.Hour), false, false},
		"ended":   {ended, start, false, false},
	} {
		if got := c.session.Alive(c.at, time.Hour); got != c.alive {
			t.Errorf("%s: alive %v, want %v", name, got, c.alive)
		}
		if got := c.session.Stands(c.at); got != c.stands {
			t.Errorf("%s: stands %v, want %v", name, got, c.stands)
		}
	}
	living.End(start.Add(time.Minute))
	living.End(start.Add(time.Hour))
	if !living.EndedAt.Equal(start.Add(time.Minute)) || living.Stands(start) {
		t.Errorf("ended twice, at %v", living.EndedAt)
	}
}

func TestReached(t *testing.T) {
	password := idp.Fact{Method: "password", Factor: 1}
	call := idp.Fact{Method: "flashCall", Factor: 2}
	totp := idp.Fact{Method: "totp", Factor: 2}
	one, two, phone := idp.ACROneFactor, idp.ACRTwoFactors, idp.ACRPhone
	for name, c := range map[string]struct {
		essential bool
		asked     []string
		facts     []idp.Fact
		want      string
	}{
		"not essential, more was proved":  {false, []string{one}, []idp.Fact{password, call}, two},
		"essential, more was proved":      {true, []string{one}, []idp.Fact{password, call}, one},
		"essential, the first is reached": {true, []string{two, one}, []idp.Fact{password, call}, two},
		"essential, the last is reached":  {true, []string{two, one}, []idp.Fact{password}, one},
		"essential, phone":                {true, []string{phone}, []idp.Fact{password, call}, phone},
		"essential, phone isn't reached":  {true, []string{phone}, []idp.Fact{password, totp}, ""},
		"essential, two isn't reached":    {true, []string{two}, []idp.Fact{password}, ""},
		"essential, nothing was asked":    {true, nil, []idp.Fact{password}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := idp.AuthorizationRequest{ACRValues: c.asked, ACREssential: c.essential}
			if got := r.Reached(c.facts); got != c.want {
				t.Errorf("Reached = %q, want %q", got, c.want)
			}
		})
	}
}
