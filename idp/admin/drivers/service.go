package drivers

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"io/fs"
	"time"

	"github.com/ringtail-id/ringtail/factors/flashcall"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/idp/settings"
	"github.com/ringtail-id/ringtail/idp/vault"
	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/egress"
	"github.com/ringtail-id/ringtail/loops/host"
	"github.com/ringtail-id/ringtail/loops/trial"
)

// Settings is where a published version becomes a setting; *settings.Service is one.
type Settings interface {
	Current(ctx context.Context) (settings.Revision, error)
	Save(ctx context.Context, a *admin.Actor, base int, changes []settings.Change, comment string) (settings.Revision, error)
}

// Workers run and check scripts; *sandbox.Pool is one.
type Workers interface {
	host.Stepper
	trial.Checker
	Entries(ctx context.Context, file, source string) ([]loops.Entry, error)
}

// Secrets are the drivers' secrets; *vault.Secrets is one.
type Secrets interface {
	Put(ctx context.Context, driver, name, value string) error
	Remove(ctx context.Context, driver, name string) error
	Of(ctx context.Context, driver string, settings map[string]string) (map[string]string, error)
	List(ctx context.Context) ([]vault.Listed, error)
}

// Facts are what the settings that this node serves say.
type Facts struct {
	Shipped []*loops.Driver // the ready ones
	Folder  []*loops.Driver // of loops.folder
	Files   fs.FS           // that folder; nil: none
	Faults  error           // of drivers in it, as loops/drivers.Load gives them
	Routes  []string        // names of the drivers that the chain uses, in its order
	// CodeLength is how many digits a code has; Numbers say who may be called.
	CodeLength int
	Numbers    flashcall.Numbers
	// Stops are what an administrator switched off.
	Stops flashcall.Stops
	// Given are a driver's secrets that the settings hold; nil: none.
	Given func(driver string) map[string]string
	// Message is the text of an SMS that holds the code; nil: the code alone.
	Message func(code string) string
	// SecondAdministrator asks for two people to publish.
	SecondAdministrator bool
}

// Options for New. All but those with a default are required.
type Options struct {
	Records  Records
	Settings Settings
	Secrets  Secrets
	Workers  Workers
	// Requests checks what scripts ask for, and makes the requests of trials that call.
	Requests *egress.Client
	Trail    audit.Trail
	// Facts is asked anew at every use.
	Facts func() Facts
	// Hash is a keyed hash under which a number that is called is counted.
	Hash func(parts ...string) string
	// Limits are the workers'; zero: loops.DefaultLimits.
	Limits loops.Limits
	Now    func() time.Time // zero: time.Now
	Rand   io.Reader        // zero: crypto/rand
}

// Service is the section's operations. Whoever calls it has checked the actor's right; it serves many goroutines.
type Service struct {
	o      Options
	gate   gate
	trials chan struct{} // one for each trial that may run now
}

// mostTrials is how many trials run at once on a node.
const mostTrials = 4

// New makes the service.
func New(o Options) (*Service, error) {
	if o.Records == nil || o.Settings == nil || o.Secrets == nil || o.Workers == nil || o.Requests == nil || o.Trail == nil || o.Facts == nil || o.Hash == nil {
		return nil, errors.New("drivers: Records, Settings, Secrets, Workers, Requests, Trail, Facts and Hash are needed")
	}
	if o.Limits == (loops.Limits{}) {
		o.Limits = loops.DefaultLimits()
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Rand == nil {
		o.Rand = rand.Reader
	}
	return &Service{o: o, gate: gate{o.Workers, make(chan struct{}, 1)}, trials: make(chan struct{}, mostTrials)}, nil
}
