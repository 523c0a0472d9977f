package front

import (
	"github.com/ringtail-id/ringtail/idp/account"
	"github.com/ringtail-id/ringtail/idp/admin/console"
	"github.com/ringtail-id/ringtail/idp/device"
	"github.com/ringtail-id/ringtail/idp/logout"
	"github.com/ringtail-id/ringtail/idp/oidc"
	"github.com/ringtail-id/ringtail/idp/overload"
	"github.com/ringtail-id/ringtail/idp/ratelimit"
	"github.com/ringtail-id/ringtail/idp/register"
	"github.com/ringtail-id/ringtail/idp/sessions"
	"github.com/ringtail-id/ringtail/idp/verify"
)

// Form is how a route's callers are told that they are refused.
type Form int

// Forms of refusals.
const (
	FormPage  Form = iota // a page, or its JSON twin where the request asks for that
	FormOAuth             // RFC 6749, section 5.2
	FormAPI               // RFC 9457
)

// Route is a row of the table of public routes.
type Route struct {
	ratelimit.Rule
	// Paths below the issuer. One that ends in a slash is all below it, unless a longer
	// one has it.
	Paths []string
	// Posts says that only requests with method POST are meant.
	Posts bool
	// Class says who goes first when more comes than can be served.
	Class overload.Class
	Form  Form
	// Why the limit is what it is, for the documentation.
	Why string
}

// Other is the name of the route of all that is served nowhere.
const Other = "other"

// Table is all public routes with what one address may ask of each. A burst is what
// an office behind one address does at nine o'clock; what people alone reach is
// narrower than what servers of relying parties reach.
func Table() []Route {
	return append(append(machineRoutes(), peopleRoutes()...), consoleRoutes()...)
}

// machineRoutes are those that programs come to.
func machineRoutes() []Route {
	return []Route{
		{Paths: []string{oidc.PathDiscovery, oidc.PathMetadata}, Rule: byAddress("discovery", 6000, 1000), Form: FormOAuth,
			Why: "A document from memory, which relying parties keep."},
		{Paths: []string{oidc.PathKeys}, Rule: byAddress("keys", 6000, 1000), Form: FormOAuth,
			Why: "A document from memory, which relying parties keep."},
		{Paths: []string{oidc.PathToken}, Rule: byAddress("token", 6000, 1000), Form: FormOAuth,
			Why: "All people of a relying party come from its server's one address; a stranger who tries secrets and codes stays far below what could find one."},
		{Paths: []string{oidc.PathUserinfo}, Rule: byAddress("userinfo", 6000, 1000), Form: FormOAuth,
			Why: "As the token endpoint, which each call follows."},
		{Paths: []string{oidc.PathIntrospect}, Rule: byAddress("introspection", 12000, 2000), Form: FormOAuth,
			Why: "Resource servers may ask at every request of theirs."},
		{Paths: []string{oidc.PathRevoke}, Rule: byAddress("revocation", 3000, 500), Form: FormOAuth,
			Why: "Once at the end of a sign-in."},
		{Paths: []string{oidc.PathPAR}, Rule: byAddress("par", 3000, 500), Class: overload.New, Form: FormOAuth,
			Why: "Each request writes a row."},
		{Paths: []string{device.PathAuthorization}, Rule: byAddress("device_authorization", 600, 100), Class: overload.New, Form: FormOAuth,
			Why: "Each request writes a row, and lessens the codes that can't be guessed."},
		{Paths: []string{register.Path, register.Path + "/"}, Rule: byAddress("registration", 120, 30), Class: overload.New, Form: FormOAuth,
			Why: "Seldom, and each request may write a client."},
		{Paths: []string{verify.PathAPI}, Rule: byAddress("api", 6000, 1000), Class: overload.Running, Form: FormAPI,
			Why: "Servers of relying parties; calls have budgets of their own."},
		{Paths: []string{sessions.PathAPI}, Rule: byAddress("sessions_api", 3000, 500), Form: FormAPI,
			Why: "Servers of relying parties."},
		{Paths: []string{pathHooks}, Rule: byAddress("callbacks", 6000, 1000), Class: overload.Apart, Form: FormAPI,
			Why: "A provider tells of all calls from a few addresses; each runs a script."},
	}
}

// peopleRoutes are those that browsers come to.
func peopleRoutes() []Route {
	return []Route{
		{Paths: []string{oidc.PathAuthorize}, Rule: byAddress("authorize", 600, 200), Class: overload.New,
			Why: "Anybody may begin a login, and each writes a row."},
		{Paths: []string{oidc.PathCallback}, Rule: byAddress("callback", 600, 200), Class: overload.Running,
			Why: "Once at the end of a login."},
		{Paths: []string{pathLogin}, Rule: byAddress("login", 1200, 300), Class: overload.Running,
			Why: "A login shows three or four pages, and asks how its call stands."},
		{Paths: []string{pathLogin}, Posts: true, Rule: byAddress("login_post", 600, 150), Class: overload.Running,
			Why: "Passwords, codes and requests for calls, which have limits of their own per account, number and login."},
		{Paths: []string{device.Path}, Rule: byAddress("device", 300, 100), Class: overload.Running,
			Why: "Somebody types a code; wrong ones have a limit of their own."},
		{Paths: []string{logout.Path, logout.PathConfirm}, Rule: byAddress("logout", 600, 200), Class: overload.SignedIn,
			Why: "Once at the end of a session."},
		{Paths: []string{account.Path}, Rule: byAddress("profile", 600, 200), Class: overload.Running,
			Why: "A person's own page."},
		{Paths: []string{pathStatic}, Rule: byAddress("static", 6000, 2000),
			Why: "Files from memory, a few for each page, which browsers keep."},
		{Paths: []string{"/"}, Rule: byAddress(Other, 300, 100), Class: overload.New,
			Why: "Nothing is there; who asks is looking for something."},
	}
}

// consoleRoutes are those of administrators.
func consoleRoutes() []Route {
	return []Route{
		{Paths: []string{console.Path, console.Path + "/"}, Rule: byAddress("console", 1200, 300),
			Why: "A few administrators."},
		{Paths: []string{console.PathAPI + "/"}, Rule: byAddress("admin_api", 3000, 500), Form: FormAPI,
			Why: "Administrators' scripts, which write many users one by one."},
	}
}

func byAddress(name string, perMinute, burst int) ratelimit.Rule {
	return ratelimit.Rule{Name: name, Key: ratelimit.KeyAddress, PerMinute: perMinute, Burst: burst}
}

// ClientRule is what one client may ask, that has proved who it is, over all
// endpoints where clients authenticate.
func ClientRule() ratelimit.Rule {
	return ratelimit.Rule{Name: "client", Key: ratelimit.KeyClient, PerMinute: 60_000, Burst: 5000}
}

// Paths below the issuer whose packages don't name them.
const (
	pathHooks  = "/hooks/"
	pathLogin  = "/login/"
	pathStatic = "/static/"
)

// Rules are those of the table and ClientRule.
func Rules() []ratelimit.Rule {
	var rules []ratelimit.Rule
	for _, r := range Table() {
		rules = append(rules, r.Rule)
	}
	return append(rules, ClientRule())
}
