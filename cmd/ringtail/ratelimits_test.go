package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/conf"
	"github.com/ringtail-id/ringtail/idp/front"
)

const rateLimitsHead = `# Rate limits

Generated from the table that is in force (idp/front) and from the settings.

Every public endpoint has a row. One address may make *burst* requests at once, and *a minute* of them in the long run; who comes too often is answered
429 with ` + "`Retry-After`" + ` (seconds), in the caller's form: a page or its JSON twin, an OAuth error ` + "`temporarily_unavailable`" + `, or a problem of RFC 9457. A refused request
costs nothing: who goes on too fast still gets the rate.

An address of IPv6 is its /64, and a /48 has sixteen times as much. X-Forwarded-For counts only where the connection comes from one of
` + "`server.trustedProxies`" + `: behind a proxy that isn't named there all people are one address. Who comes from this machine itself, without X-Forwarded-For, isn't
counted (` + "`server.rateLimits.exempt`" + ` has the loopback addresses): no stranger can. Write ` + "`exempt = []`" + ` to count them too. A proxy on this machine that isn't trusted
is counted.

Requests are counted in the memory of each node, of fixed size (2.2 MB): with three nodes behind a balancer an address has up to three times as much. What protects
accounts, numbers and money is counted in the database, over all nodes; see below.

Change one with ` + "`server.rateLimits.routes.NAME { perMinute = 1000, burst = 100 }`" + `, all with ` + "`server.rateLimits.factor`" + `; leave your own servers and load tests out with
` + "`server.rateLimits.exempt`" + `; switch all off with ` + "`server.rateLimits.enabled = false`" + `. The demo has a factor of 1000. The metric ` + "`ringtail_rate_limited_total`" + ` counts refusals by name.

## By address

| name | paths below the issuer | a minute | burst | why |
|---|---|---|---|---|
`

const rateLimitsClient = `
## By client

| name | endpoints | a minute | burst | why |
|---|---|---|---|---|
| %s | all at which clients authenticate: %s, %s, %s, %s, %s | %d | %d | One relying party that runs wild takes nothing from the others. Only clients that proved who they are count: anybody could use up what is somebody else's. |

## By account, number and network, in the database

These hold over all nodes and outlive a restart. Their settings are below ` + "`blitz.prod.local.idp`" + `.

| what | counted by | setting | default |
|---|---|---|---|
`

// counted are the limits that the database counts, by their settings.
func counted() [][3]string {
	const call = "login.methods.flashCall."
	return [][3]string{
		{"passwords tried", "login name", "login.methods.password.throughput.limit"},
		{"wrong passwords until answers are delayed", "account", "login.methods.password.delay.after"},
		{"wrong passwords until the account is blocked", "account", "login.methods.password.block.failures"},
		{"codes of one call", "login", call + "attemptsPerLogin"},
		{"calls and codes until the method is blocked", "account", call + "totalAttempts"},
		{"pause between two calls", "account", call + "resendAfter"},
		{"calls an hour", "number", call + "limits.perNumber.hour"},
		{"calls a day", "number", call + "limits.perNumber.day"},
		{"calls an hour", "address", call + "limits.perAddress.hour"},
		{"calls an hour", "network (/24, /48)", call + "limits.perNetwork.hour"},
		{"calls an hour", "prefix of the number", call + "limits.perPrefix.hour"},
		{"calls an hour", "country", call + "limits.perCountry.hour"},
		{"money a day", "installation", call + "limits.spend.day"},
		{"wrong codes of devices an hour", "browser", "device.wrongCodes.perBrowser.hour"},
		{"wrong codes of devices an hour", "address", "device.wrongCodes.perAddress.hour"},
		{"clients that register themselves an hour", "network (/24, /48)", "registration.perNetworkHour"},
		{"clients that registered themselves", "installation", "registration.most"},
	}
}

func TestRateLimitReference(t *testing.T) {
	var b strings.Builder
	b.WriteString(rateLimitsHead)
	for _, r := range front.Table() {
		paths := "`" + strings.Join(r.Paths, "`, `") + "`"
		if r.Posts {
			paths = "POST " + paths
		}
		if r.Name == front.Other {
			paths = "all else"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %d | %d | %s |\n", r.Name, paths, r.PerMinute, r.Burst, r.Why)
	}
	client := front.ClientRule()
	fmt.Fprintf(&b, rateLimitsClient, "`"+client.Name+"`", "token", "introspection", "revocation", "pushed requests", "device authorization", client.PerMinute, client.Burst)
	defaults := map[string]string{}
	keys, err := conf.AllKeys()
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range keys {
		defaults[k.Path] = k.Default
	}
	for _, c := range counted() {
		value, known := defaults[c[2]]
		if !known {
			t.Errorf("there is no setting %s", c[2])
		}
		fmt.Fprintf(&b, "| %s | %s | `%s` | %s |\n", c[0], c[1], c[2], value)
	}
	golden(t, "rate-limits.md", b.String())
}

func TestCheckTellsOfUnknownRules(t *testing.T) {
	code, _, errOut := ringtail(t, "", "check", "--conf", settingsFile(t, "  server.rateLimits.routes.tokens.burst = 5"))
	if want := "server.rateLimits.routes.tokens: there is no such rule; write one of admin_api, api, "; code != exitRefused || !strings.Contains(errOut, want) {
		t.Errorf("exit code %d: %s", code, errOut)
	}
}
