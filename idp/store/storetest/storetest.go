// Package storetest is the suite that every database behind idp/store passes.
//
// It owns what users and their numbers, clients, logins, sessions, browsers,
// grants, tokens, consents, imports, devices, verifications, calls, keys, drivers' scripts and secrets and sweeps must do,
// through the interfaces of their consumers. It does not own the suites of the
// factors, the callbacks, the drivers' tokens and the logout notices (otptest,
// pooltest, passwordtest, hookstest, tokenstest, queuetest, recoverytest), which it runs, nor how one database gets there.
package storetest

import (
	"context"
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/factors/otp/otptest"
	"github.com/ringtail-id/ringtail/factors/otp/pool"
	"github.com/ringtail-id/ringtail/factors/otp/pool/pooltest"
	"github.com/ringtail-id/ringtail/factors/password"
	"github.com/ringtail-id/ringtail/factors/password/passwordtest"
	"github.com/ringtail-id/ringtail/factors/recovery"
	"github.com/ringtail-id/ringtail/factors/recovery/recoverytest"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/account"
	"github.com/ringtail-id/ringtail/idp/admin/administrators"
	"github.com/ringtail-id/ringtail/idp/admin/calls/ledger"
	"github.com/ringtail-id/ringtail/idp/admin/console"
	"github.com/ringtail-id/ringtail/idp/admin/drivers"
	"github.com/ringtail-id/ringtail/idp/browser"
	"github.com/ringtail-id/ringtail/idp/consent"
	"github.com/ringtail-id/ringtail/idp/hooks"
	"github.com/ringtail-id/ringtail/idp/hooks/hookstest"
	"github.com/ringtail-id/ringtail/idp/login"
	"github.com/ringtail-id/ringtail/idp/logout/backchannel"
	"github.com/ringtail-id/ringtail/idp/logout/backchannel/queuetest"
	"github.com/ringtail-id/ringtail/idp/oauth/clientauth"
	"github.com/ringtail-id/ringtail/idp/oidc"
	"github.com/ringtail-id/ringtail/idp/oidc/signing"
	"github.com/ringtail-id/ringtail/idp/vault"
	"github.com/ringtail-id/ringtail/idp/verify"
	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/tokens"
	"github.com/ringtail-id/ringtail/loops/tokens/tokenstest"
)

// Users is what a store does for users: the reading, and what the command
// line and the console write.
type Users interface {
	idp.Users
	idp.Numbers
	CreateUser(ctx context.Context, u *idp.User) error
	UpdateUser(ctx context.Context, id string, change func(*idp.User) error) (*idp.User, error)
	ResetUser(ctx context.Context, id string, change func(*idp.User) error) error
	ConfirmPhone(ctx context.Context, userID, attribute, e164 string, proved time.Time) error
	ListUsers(ctx context.Context, after string, limit int) ([]*idp.User, error)
	SearchUsers(ctx context.Context, q idp.UserQuery) (idp.UserPage, error)
	DeleteUser(ctx context.Context, id string) error
	CreateUsers(ctx context.Context, users []*idp.User) error
	ChangePassword(ctx context.Context, c login.PasswordChange) error
}

// Imports is what a store does for files of users that wait to be imported.
type Imports interface {
	StageImport(ctx context.Context, f idp.StagedImport) error
	StagedImport(ctx context.Context, id, madeBy string, now time.Time) (idp.StagedImport, error)
	DropImport(ctx context.Context, id string) error
}

// Clients is what a store does for clients.
type Clients interface {
	idp.Clients
	CreateClient(ctx context.Context, c *idp.Client) error
	UpdateClient(ctx context.Context, id string, change func(*idp.Client) error) (*idp.Client, error)
	DeleteClient(ctx context.Context, id string) error
	ListClients(ctx context.Context, after string, limit int) ([]*idp.Client, error)
	LongestTokenLife(ctx context.Context) (time.Duration, error)
}

// Logins is what a store does for logins.
type Logins interface {
	login.Logins
	CreateLogin(ctx context.Context, l *idp.Login) error
}

// Sweeper deletes what is over.
type Sweeper interface {
	Sweep(ctx context.Context, now time.Time, limit int) (int, error)
}

// Stores is one store by its consumers' interfaces.
type Stores struct {
	Users         Users
	Imports       Imports
	Clients       Clients
	Logins        Logins
	Sessions      Sessions
	Notices       backchannel.Queue
	Browsers      browser.Rows
	Sweeper       Sweeper
	Grants        oidc.Grants
	Tokens        oidc.Tokens
	ClientTokens  oidc.ClientTokens
	Pushed        oidc.PushedRequests
	Verifications verify.Records
	Answers       verify.Answers
	Devices       Devices
	Keys          signing.Records
	Secrets       vault.Records
	Drivers       tokens.Store
	Callbacks     hooks.Seen
	Assertions    clientauth.Used
	Pools         pool.Store
	Challenges    otp.Store
	Calls         account.Calls
	Ledger        ledger.Records
	Counters      password.Store
	Recovery      recovery.Store
	Accounts      password.Accounts
	Registrations Registrations
	Consents      Consents
	Scripts       Scripts
	// Who may use the console, and its sessions.
	Administrators  administrators.Store
	ConsoleSessions console.Records
}

// Scripts is what a store does for the scripts of drivers.
type Scripts interface {
	drivers.Records
	PublishedDriver(ctx context.Context, name string, number int) (*loops.Driver, error)
}

// Consents is what a store does for what people allowed applications.
type Consents interface {
	consent.Records
	consent.Register
}

// noon is any time; whole microseconds, as stores need keep no more.
var noon = time.Date(2026, 3, 4, 12, 0, 0, int(5*time.Microsecond), time.UTC)

// Clock is the clock to give the stores.
func Clock() time.Time { return noon.Add(2 * time.Hour) }

type test struct {
	name string
	run  func(t *testing.T, s Stores)
}

// Run runs the suite. open returns the stores on an empty database, which it
// closes through t.Cleanup; Run calls it once per test.
func Run(t *testing.T, open func(t *testing.T) Stores) {
	tests := []test{
		{"users/every field comes back", keepsUser},
		{"users/a login is found however it is typed", normalizesLogin},
		{"users/ids and logins are taken once", takesUserOnce},
		{"users/a reset ends what rests on it", resetsUser},
		{"users/an update is whole or not at all", updatesUser},
		{"users/an unknown user", missesUser},
		{"users/lists go page by page", listsUsers},
		{"users/found by a number however it is written", findsByNumber},
		{"users/nobody is found by a number that two have", sharesNumber},
		{"users/numbers change with the user", changesNumber},
		{"users/a number is confirmed while it is theirs", confirmsNumber},
		{"users/a changed number isn't confirmed any more", unconfirmsNumber},
		{"users/parallel creations of one login leave one", createsUserOnce},
		{"administrators/roles come back", keepsRoles},
		{"administrators/somebody stays root", keepsLastRoot},
		{"console sessions/every field comes back", keepsConsoleSession},
		{"accounts/a password changed meanwhile stays", replacesHash},
		{"clients/every field comes back", keepsClient},
		{"clients/created, updated, deleted", updatesClient},
		{"clients/an unknown client", missesClient},
		{"clients/lists go page by page", listsClients},
		{"logins/every field comes back", keepsLogin},
		{"logins/an update is whole or not at all", updatesLogin},
		{"logins/the end is whole or not at all", endsLogin},
		{"logins/who is stopped doesn't get in", stopsSignIn},
		{"logins/parallel updates lose nothing", countsLogin},
		{"logins/a cancelled update changes nothing", cancelsLogin},
		{"sessions/every field comes back", keepsSession},
		{"sessions/an update is whole or not at all", updatesSession},
		{"sessions/nobody's session is refused", refusesSession},
		{"sessions/who is named ends, and nobody else", endsSessions},
		{"sessions/signing out everywhere leaves nothing", endsOffline},
		{"sessions/whatever ends one tells of it", endsOtherwise},
		{"sessions/listed with their applications", listsSessions},
		{"browsers/a row is found until it expires", expiresBrowser},
		{"browsers/a rotated key keeps the browser for a grace", rotatesBrowser},
		{"browsers/a rotation lengthens no life", shortensGrace},
		{"browsers/an unknown key rotates to a new one", rotatesUnknown},
		{"grants/every field comes back", keepsGrant},
		{"grants/a code is redeemed once", redeemsOnce},
		{"grants/with its session or not at all", grantsInSession},
		{"grants/what can't be redeemed or rotated", refusesRedeeming},
		{"grants/what is over goes", sweepsGrants},
		{"grants/found by their session", findsGrantOfSession},
		{"grants/of a token exchange end with the token's", endsWithParent},
		{"tokens/every field comes back", keepsToken},
		{"tokens/a refresh token is rotated once", rotatesOnce},
		{"tokens/a lost answer is given again", repeatsWithinGrace},
		{"tokens/reuse revokes", revokesWhereNoAnswerWasLost},
		{"grants/tokens from the start", keepsTokensFromTheStart},
		{"clients' own tokens/kept until deleted or over", keepsClientToken},
		{"pushed requests/every field comes back, once", takesPushedOnce},
		{"pushed requests/one of 64 has it", takesPushedInParallel},
		{"pushed requests/what is over goes", sweepsPushed},
		{"verifications/every field comes back", keepsVerification},
		{"verifications/the first time counts", verifiesOnce},
		{"verifications/what is over goes", sweepsVerifications},
		{"answers/every field comes back", keepsAnswer},
		{"answers/a key is claimed once", claimsAnswerOnce},
		{"devices/every field comes back", keepsDevice},
		{"devices/polls that come too soon slow down", slowsDown},
		{"devices/of polls at once one is in time", pollsAtOnce},
		{"devices/nobody decides twice", decidesOnce},
		{"devices/what is over goes", sweepsDevices},
		{"devices/guesses are counted", countsGuesses},
		{"keys/every field comes back", keepsKey},
		{"keys/a generation is made once", addsGenerationOnce},
		{"keys/one takes another's place", replacesKeys},
		{"keys/the longest life of what they sign", tellsLongestLife},
		{"secrets/every field comes back", keepsSecret},
		{"secrets/listed and deleted", listsSecrets},
		{"calls/of the person and to the number", tellsCalls},
		{"assertions/one is used once until its time is over", usesAssertionOnce},
		{"assertions/of 64 at once one is the first", racesAssertion},
		{"assertions/what is over goes", sweepsAssertions},
		{"consents/kept by person and client", keepsConsent},
		{"consents/accesses are what was allowed and what is granted", tellsAccesses},
		{"consents/revoking ends all that rests on it", revokesAccess},
		{"consents/a reset and a deleted client ask anew", forgetsConsent},
		{"consents/revoked while tokens are rotated", revokesWhileRotated},
		{"registrations/every field of an initial token comes back", keepsInitialToken},
		{"registrations/every field comes back", keepsRegistration},
		{"registrations/a token lets in as often as it says", entersOnce},
		{"registrations/bounds hold, and what fails takes nothing", boundsRegistrations},
		{"registrations/a client goes with all that it was given", deletesRegistration},
		{"registrations/who isn't used goes", sweepsRegistrations},
		{"sweeps take what is over, in batches", sweeps},
		{"sweeps take callbacks and what was seen of codes", sweepsHooks},
		{"odd texts come back as they were", keepsText},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { test.run(t, open(t)) })
	}
	for name, run := range scripts() {
		t.Run("scripts/"+name, func(t *testing.T) { run(t, open(t)) })
	}
	runOthers(t, open)
}

// scripts are the tests of what drivers consist of.
func scripts() map[string]func(*testing.T, Stores) {
	return map[string]func(*testing.T, Stores){
		"every field of a draft comes back":        keepsDraft,
		"of writers who saw the same one saves":    savesDraftOnce,
		"a version is what was seen, and stays":    sealsDraft,
		"versions and releases are listed":         listsVersions,
		"a request is decided once":                takesRequestOnce,
		"the newest trials are kept":               keepsTrials,
		"calls of trials are counted, all or none": chargesTrials,
	}
}

// runOthers runs the suites that belong to others.
func runOthers(t *testing.T, open func(t *testing.T) Stores) {
	for name, run := range testsOfSearch() {
		t.Run(name, func(t *testing.T) { run(t, open(t)) })
	}
	runLedger(t, open)
	t.Run("challenges", func(t *testing.T) {
		otptest.Run(t, func(t *testing.T) otp.Store { return open(t).Challenges })
	})
	t.Run("drivers' tokens", func(t *testing.T) {
		tokenstest.Run(t, func(t *testing.T) tokens.Store { return open(t).Drivers })
	})
	t.Run("callbacks", func(t *testing.T) {
		hookstest.Run(t, func(t *testing.T) hooks.Seen { return open(t).Callbacks })
	})
	t.Run("code pools", func(t *testing.T) {
		pooltest.Run(t, func(t *testing.T) pool.Store { return open(t).Pools })
	})
	t.Run("logout notices", func(t *testing.T) {
		queuetest.Run(t, func(t *testing.T) (backchannel.Queue, queuetest.Filler) {
			s := open(t)
			return s.Notices, fillsNotices(s)
		})
	})
	t.Run("counters", func(t *testing.T) {
		passwordtest.Run(t, func(t *testing.T) password.Store { return open(t).Counters })
	})
	t.Run("recovery codes", func(t *testing.T) {
		recoverytest.Run(t, func(t *testing.T) (recovery.Store, string, string) {
			s := open(t)
			for _, id := range []string{"u1", "u2"} {
				must(t, s.Users.CreateUser(t.Context(), &idp.User{ID: id, Login: id}))
			}
			return s.Recovery, "u1", "u2"
		})
	})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantError(t *testing.T, what string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: %v, want %v", what, err, want)
	}
}

// wantFull fails where a field is zero: a field that is new and that nobody
// stores would otherwise come back as it was.
func wantFull(t *testing.T, value any) {
	t.Helper()
	v := reflect.ValueOf(value)
	for i := range v.NumField() {
		if v.Field(i).IsZero() {
			t.Errorf("%T.%s is zero, so the test wouldn't miss it", value, v.Type().Field(i).Name)
		}
	}
}
