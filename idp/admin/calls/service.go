package calls

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/ringtail-id/ringtail/conf"
	"github.com/ringtail-id/ringtail/factors/flashcall"
	"github.com/ringtail-id/ringtail/factors/otp/pool"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/admin/calls/ledger"
	"github.com/ringtail-id/ringtail/idp/settings"
)

// Settings is what the section asks of settings.Service.
type Settings interface {
	Current(ctx context.Context) (settings.Revision, error)
	Save(ctx context.Context, a *admin.Actor, base int, changes []settings.Change, comment string) (settings.Revision, error)
	Served() (*conf.Settings, int)
	File() (*conf.Settings, error)
}

// Limits are the thresholds of alarms; see conf.CallAlarms. 0 switches one off.
type Limits struct {
	LeastCalls         int
	LowestConfirmation int // percent
	ConfirmationFall   int // percent
	SpendRise          float64
}

// Options of a Service. Records and Metrics are required.
type Options struct {
	Records ledger.Records
	Metrics *Metrics
	// Pools tells how the codes look that providers choose; nil: nobody watches them.
	Pools func(ctx context.Context) ([]pool.Report, error)
	// Settings are nil where nothing can be switched here.
	Settings Settings
	// Zone is that of days where nobody chose another; nil means UTC.
	Zone *time.Location
	// Keep is how long single calls are kept, KeepFigures how long sums are; 0: for ever.
	Keep, KeepFigures time.Duration
	Limits            Limits
	// Drivers, Countries and Currency are those of the settings: what may be switched
	// off, and in what the day's limit for spending counts, SpendDay in millionths.
	Drivers, Countries []string
	Currency           string
	SpendDay           int64
	// Stops are what is switched off while this service runs, for the metrics.
	Stops flashcall.Stops
	Now   func() time.Time
	Log   *slog.Logger
}

// Service is what pages, endpoints and the job have in common. It serves many
// goroutines.
type Service struct {
	o Options

	mu     sync.Mutex
	judged time.Time // when alarms were last judged, and what came of it
	alarms []Alarm
}

// New refuses incomplete Options.
func New(o Options) (*Service, error) {
	if o.Records == nil || o.Metrics == nil {
		return nil, errors.New("calls: Records and Metrics are needed")
	}
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Service{o: o}, nil
}
