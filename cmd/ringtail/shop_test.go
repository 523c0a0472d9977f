package main

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
)

// The shop asks for a number that a call confirmed, and is told which and when.
func TestRegistrationConfirmsANumber(t *testing.T) {
	d := startDemo(t)
	c := newClient(t)
	c.get(d.shop).must("#register").get(d.shop + "/register").must("#confirm")
	c.submit("#confirm", nil)
	c.submit("input[name=password]", map[string]string{"login": "demo", "password": demoPassword}).must("input[name=code]")
	c.submit("input[name=code]", map[string]string{"code": d.ring(t, 1)}).must("#confirmed")
	if number := c.page.Find("#number").Text(); number != "+79990000001" || !c.has("#confirmed-at") {
		t.Errorf("the shop was told %q:\n%s", number, c.page.Text())
	}
	if c.get(d.shop + "/register").must("#confirmed"); len(d.calls(t, demoNumber)) != 1 {
		t.Error("looking at the page once more placed a call")
	}

	// The shop forgets, the provider doesn't: its session answers, and nobody is
	// called.
	if c.get(d.shop); !c.has("#signed-in") {
		t.Error("who registered is not signed in")
	}
	c.http.Jar.SetCookies(c.at, []*http.Cookie{{Name: "shop", Path: "/", MaxAge: -1}})
	c.get(d.shop + "/register").must("#confirm")
	if c.submit("#confirm", nil).must("#confirmed"); len(d.calls(t, demoNumber)) != 1 {
		t.Errorf("%d calls for a number that stands as confirmed", len(d.calls(t, demoNumber)))
	}
}

// At the checkout nobody signs in: the shop's server asks for the call and has
// the digits checked.
func TestCheckoutConfirmsANumber(t *testing.T) {
	d := startDemo(t)
	c := newClient(t)
	c.get(d.shop).must("#checkout").get(d.shop + "/checkout").must("#call")
	key, _ := c.page.Find("input[name=key]").Attr("value")
	c.submit("#call", map[string]string{"phone": "8 999 no"}).must("#problem")
	if len(d.calls(t, customerNumber)) != 0 {
		t.Fatal("a call before a number was given")
	}
	c.submit("#call", map[string]string{"phone": "+7 (999) 000-77-77"}).must("#check")
	code := d.ringing(t, customerNumber, 1)
	c.get(d.shop + "/checkout").must("#check")
	if shown := c.page.Text(); !strings.Contains(shown, "+7 999 ***-**-77") || strings.Contains(shown, code) {
		t.Errorf("the page shows:\n%s", shown)
	}
	c.submit("#code", map[string]string{"code": wrong(code)}).must("#problem").must("#check")

	// Another browser can't type the code for this one.
	thief := newClient(t)
	thief.get(d.shop + "/checkout")
	res, err := thief.http.PostForm(d.shop+"/checkout/code", url.Values{"code": {code}, "key": {key}})
	if thief.read(res, err); thief.has("#confirmed") {
		t.Error("another browser confirmed the number")
	}

	c.submit("#again", nil).must("#check")
	second := d.ringing(t, customerNumber, 2)
	if second != code { // one in ten thousand
		c.submit("#code", map[string]string{"code": code}).must("#problem")
	}
	c.submit("#code", map[string]string{"code": second}).must("#confirmed")
	if number := c.page.Find("#number").Text(); number != "+7 (999) 000-77-77" {
		t.Errorf("confirmed is %q", number)
	}
	if n := len(d.calls(t, customerNumber)); n != 2 {
		t.Errorf("%d calls were placed", n)
	}
	if strings.Contains(d.log.String(), "9990007777") {
		t.Errorf("the log names the number:\n%s", d.log)
	}
}

// customerNumber is nobody's who has an account.
const customerNumber = "79990007777"

// A form that is posted twice calls once; the limits of numbers hold for shops too.
func TestCheckoutIsLimited(t *testing.T) {
	d := startDemo(t, "--set", "login.methods.flashCall.limits.perNumber.hour=2")
	for range 2 {
		c := newClient(t)
		c.get(d.shop + "/checkout")
		action, values := c.fields("#call")
		values.Set("phone", "+79990007777")
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				if res, err := c.http.PostForm(action, values); err != nil {
					t.Error(err)
				} else {
					res.Body.Close()
				}
			})
		}
		all.Wait()
		d.ringing(t, customerNumber, 1)
	}
	d.ringing(t, customerNumber, 2)
	c := newClient(t)
	c.get(d.shop+"/checkout").submit("#call", map[string]string{"phone": "+79990007777"}).must("#problem")
	if got := c.page.Find("#problem").Text(); !strings.Contains(got, "too many calls") || !strings.Contains(got, "possible again at") {
		t.Errorf("the third call in an hour: %q", got)
	}
	if n := len(d.calls(t, customerNumber)); n != 2 {
		t.Errorf("%d calls were placed, and 2 an hour are allowed", n)
	}
}
