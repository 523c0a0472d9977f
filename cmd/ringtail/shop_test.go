package main

import (
	"net/http"
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
