package main

import (
	"fmt"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/loops/standin"
)

// chainOf is the demo's setting of a chain.
func chainOf(routes ...string) []string {
	return []string{"--set", "login.methods.flashCall.driver=null", "--set", "login.methods.flashCall.channels=[" + strings.Join(routes, ",") + "]"}
}

// TestFallsBackToSMS: the phone's provider is out of order, and the code comes in
// a message that a browser can read.
func TestFallsBackToSMS(t *testing.T) {
	d := startDemo(t, append(chainOf("{channel=flashCall, driver=virtual-phone, prefixes=[\"+7999\"]}", "{channel=sms, driver=virtual-phone-sms, wait=30}"),
		"--set", "loops.secrets.virtual-phone.URL=http://localhost:1")...)
	c := newClient(t)
	c.password(d).must("input[name=code]")
	code, text := d.writtenCode(t), d.message(t)
	if !strings.Contains(strings.Split(text, "\n")[0], code) {
		t.Errorf("a person doesn't find the code in %q", text)
	}
	if page := c.get(c.at.String()).page.Text(); !strings.Contains(page, "SMS") || strings.Contains(page, "ringing") {
		t.Errorf("the page doesn't name the channel:\n%s", page)
	}
	c.submit("input[name=code]", map[string]string{"code": code}).must("#signed-in")
	if amr := c.claims()["amr"]; !slices.Equal(amr.([]any), []any{"pwd", "sms", "mca", "mfa"}) {
		t.Errorf("amr = %v", amr)
	}
}

// TestChainStaysWhereItMust: what a provider refuses for the number's sake is not
// tried by another way.
func TestChainStaysWhereItMust(t *testing.T) {
	phone, err := standin.NewPhone(standin.PhoneOptions{Token: "a-token-of-the-test"})
	if err != nil {
		t.Fatal(err)
	}
	provider := httptest.NewServer(phone)
	defer provider.Close()
	if err := phone.Play(standin.FaultRateLimit, 1); err != nil {
		t.Fatal(err)
	}
	d := startDemo(t, append(chainOf("{channel=flashCall, driver=virtual-phone}", "{channel=sms, driver=virtual-phone-sms}"),
		"--set", "loops.secrets.virtual-phone.URL="+strings.Replace(provider.URL, "127.0.0.1", "localhost", 1),
		"--set", "loops.secrets.virtual-phone.TOKEN=a-token-of-the-test")...)
	c := newClient(t).password(d)
	c.untilProblem("call_limited")
	await(t, d, "/api/messages?to="+demoNumber, func(list []standin.Message) bool { return len(list) == 0 })
}

// until reloads the page until it shows the selector.
func (d *demo) until(t *testing.T, c *client, selector string) {
	t.Helper()
	eventually(t, func() bool { return c.get(c.at.String()).has(selector) },
		func() string { return fmt.Sprintf("%s never came:\n%s\n%s", selector, c.page.Text(), d.log) })
}

// TestSendAnSMSInstead: the person asks for the other channels themselves.
func TestSendAnSMSInstead(t *testing.T) {
	d := startDemo(t, chainOf("{channel=flashCall, driver=virtual-phone}", "{channel=sms, driver=virtual-phone-sms}", "{channel=voice, driver=virtual-phone-voice}")...)
	c := newClient(t)
	c.password(d)
	code := d.ring(t, 1)
	d.until(t, c, "button[value=sms]")
	c.submit("button[value=sms]", map[string]string{"action": "sms"})
	text := d.writtenCode(t)
	d.until(t, c, "button[value=voice]")
	c.must("button[value=call]") // the way back
	if text != code {
		c.submit("input[name=code]", map[string]string{"code": code}).must(`[data-problem="code_wrong"]`)
	}
	c.submit("input[name=code]", map[string]string{"code": text}).must("#signed-in")
}

// TestFirstFactorByCall: a number alone signs in where the settings say so, and
// the page doesn't tell whether somebody has it.
func TestFirstFactorByCall(t *testing.T) {
	d := startDemo(t, "--set", "login.level=1", "--set", "login.factors=[[{method=flashCall, enabled=true}],[]]")
	stranger := newClient(t).get(d.shop + "/login").must("input[name=phone]")
	stranger.submit("input[name=phone]", map[string]string{"phone": "+7 999 000-00-77"}).must("input[name=code]")
	c := newClient(t).get(d.shop + "/login")
	c.submit("input[name=phone]", map[string]string{"phone": "+7 (999) 000-00-01"}).must("input[name=code]")
	if a, b := c.shape(), stranger.shape(); a != b {
		t.Errorf("the pages differ:\n%s\n%s", a, b)
	}
	c.submit("input[name=code]", map[string]string{"code": d.ring(t, 1)}).must("#signed-in")
	if claims := c.claims(); !slices.Equal(claims["amr"].([]any), []any{"tel"}) || claims["acr"] != "urn:ringtail:acr:1" {
		t.Errorf("claims %v", claims)
	}
	if n := len(d.calls(t, "79990000077")); n != 0 {
		t.Errorf("nobody's number was called %d times", n)
	}
}

var changing = regexp.MustCompile(`\*-\d\d|name="form" value="[a-z0-9]+"|data-\w+="\d+"|datetime="[^"]+"|action="[^"]+"`)

// shape is the page without what differs between any two.
func (c *client) shape() string {
	html, err := c.page.Find("main").Html()
	if err != nil {
		c.t.Fatal(err)
	}
	return changing.ReplaceAllString(html, "")
}

// TestMistypedNumberStays: the person mends what they typed, and doesn't type it again.
func TestMistypedNumberStays(t *testing.T) {
	d := startDemo(t, "--set", "login.level=1", "--set", "login.factors=[[{method=flashCall, enabled=true}],[]]")
	c := newClient(t).get(d.shop + "/login")
	c.submit("input[name=phone]", map[string]string{"phone": "+7 999 000"}).must(`[data-problem="number_malformed"]`)
	if kept := c.page.Find("input[name=phone]").AttrOr("value", ""); kept != "+7 999 000" {
		t.Errorf("the field holds %q", kept)
	}
}
