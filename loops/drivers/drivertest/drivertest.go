// Package drivertest is what every driver that ships must pass, as a suite of named tests: real scripts in real worker
// processes, real requests over TLS, against the provider's stand-in.
//
// A test binary that runs it must be its own worker: give Main to TestMain. This package owns what is demanded of all
// drivers; what is particular to one is in its Subject, and the exact requests are in the cases stored beside it.
package drivertest

import (
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/sandbox"
	"github.com/ringtail-id/ringtail/loops/standin"
	"github.com/ringtail-id/ringtail/loops/standin/providers"
)

// Number is the number that the suite calls, and E164 the same with "+".
const (
	Number = "79990000001"
	E164   = "+" + Number
)

// workerName is the argument with which a test binary is a worker.
const workerName = "loop-worker"

// Subject is a driver and what must come of what.
type Subject struct {
	Driver string // the name of a driver that ships, of its stand-in, and of its folder beside the test
	Sent   string // how Number stands in the request that places the call, percent-encoded where that is so; empty: as it is
	Length int    // of the code; zero: 4
	// Address names the secret that holds the provider's address, for a driver whose provider has no address of its own. The
	// stand-in is then reached over plain http on this machine.
	Address string
	// Play makes what plays the provider, and Secrets are ready-made credentials for it. Nil: the stand-in of the driver's name in
	// loops/standin/providers, with its own.
	Play    func(o providers.Options) (Provider, error)
	Secrets map[string]string

	Fails map[standin.Fault]loops.Key // the stand-in's own faults, and the word that placing a call must end with
	Works []standin.Fault             // the stand-in's faults that a driver must put up with: the call is placed all the same
	Slow  []standin.Fault             // the stand-in's own faults with which its answer comes later than anybody waits
	Short []standin.Fault             // those with which the value of Ok must hold no code that a login would take
	Once  bool                        // the provider knows our reference: the same one rings once
	Free  []string                    // secrets that are no credentials, so that the provider may take any value
	Skew  time.Duration               // how wrong our clock may not be, beyond which the provider refuses us with auth_failed; zero: it doesn't look

	Login    *Login
	Check    *Check
	Poll     *Poll
	Callback *Callback
	Report   map[bool]string // by what the person typed (right or wrong): the fate that the stand-in then notes; nil: no report
}

// Provider plays the provider that a driver speaks to.
type Provider interface {
	http.Handler
	Play(fault standin.Fault, times int) error
	Faults() []standin.Fault
	Calls(to string) []standin.Call // what was ordered for a number, newest first
	Callback(id, event string) (standin.Callback, error)
}

// Login says how the driver gets its token.
type Login struct {
	Path    string        // of the request that logs in
	Expired standin.Fault // with which the provider answers 401 to a call
}

// Check says how the provider checks what a person typed.
type Check struct {
	Whole   bool          // the whole caller number may be typed too
	Expires time.Duration // after which the right code is expired; zero: the provider doesn't say
	Locks   int           // wrong codes after which it is locked; zero: the provider doesn't say
	Fails   map[standin.Fault]loops.Key
	Refuses map[standin.Fault]string // the faults with which even the right code isn't taken, and the reason
}

// Poll says how the provider tells what became of a call.
type Poll struct {
	Delivered time.Duration               // after which it says that the phone rang
	Rang      []standin.Fault             // fates of a call that all mean that the phone rang
	Fails     map[standin.Fault]loops.Key // fates of a call, chosen when it is placed, and the word that polling must end with
	Broken    map[standin.Fault]loops.Key // faults of the poll itself
	Verified  bool                        // it tells how its check stands, not how the call does: the phone rang once the right code was typed
	Gone      string                      // the state of a call that the provider knows no more, or never knew; empty: that is a failure
}

// Callback says how the provider calls back.
type Callback struct {
	Events map[string]string    // by the stand-in's event: the state, "delivered", "ringing", "pending" or "failed"
	Words  map[string]loops.Key // by the stand-in's event: the error word of those that failed
	Signed bool                 // it signs, so that a forged one must be auth_failed
	Keyed  bool                 // a secret of ours stands in its query, so that one with another must be auth_failed
	Forged []string             // the stand-in's events that nobody must believe
	Moves  bool                 // its signature says nothing of the path that it was sent to
	Stale  time.Duration        // the age at which one must be auth_failed; zero: it has no time in it
}

// Main runs a test binary, as a worker where the suite has started it as one. Give its result to os.Exit.
func Main(m *testing.M) int {
	if len(os.Args) > 1 && os.Args[1] == workerName {
		return sandbox.WorkerMain(os.Stdin, os.Stdout)
	}
	return m.Run()
}

// Run holds a driver to everything that is demanded of drivers.
func Run(t *testing.T, s Subject) {
	b := newBench(t, s)
	t.Run("manifest", b.manifest)
	t.Run("cases", b.cases)
	t.Run("call", b.call)
	t.Run("leading zero", b.leadingZero)
	t.Run("common faults", b.commonFaults)
	t.Run("time-out", b.timeOut)
	t.Run("garbage", b.garbage)
	t.Run("errors", b.errors)
	t.Run("wrong credentials", b.wrongCredentials)
	t.Run("no secret shows", b.noSecretShows)
	t.Run("once", b.once)
	t.Run("clock", b.clockSkew)
	t.Run("login", b.login)
	t.Run("check", b.check)
	t.Run("poll", b.poll)
	t.Run("callback", b.callback)
	t.Run("report", b.report)
}
