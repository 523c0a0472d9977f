package device

import (
	"context"
	"time"

	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/idp/keyring"
)

// State is where a device authorization stands. Pending may become one of the
// others, once.
type State string

// The states. What is expired stays as it was; see Device.Expired.
const (
	Pending  State = "pending"
	Approved State = "approved" // its grant is stored
	Denied   State = "denied"
)

// SlowBy is what each poll that comes too soon adds to the interval (RFC 8628,
// section 3.5).
const SlowBy = 5 * time.Second

// Leeway is how much sooner than the interval says a poll may come: timers and
// networks of honest devices are not exact.
const Leeway = time.Second

// Device is one device authorization.
type Device struct {
	ID string
	// CodeHash and UserHash are the keyed hashes of the device code and of the user
	// code, under which the row is found.
	CodeHash, UserHash string
	// ClientID began it, and nobody else is told anything about it.
	ClientID  string
	Scopes    []string
	Resources []string
	State     State
	// Interval is the least time between two polls; it grows.
	Interval time.Duration
	// PolledAt is the last poll; zero before the first.
	PolledAt time.Time
	// Login is the ID of the login that decided; empty while it is pending, and where
	// the person denied without signing in.
	Login     string
	CreatedAt time.Time
	// ExpiresAt ends both codes. The row is kept a little longer, so that a device
	// learns why.
	ExpiresAt time.Time
}

// Expired says whether the time for an answer is over at now.
func (d *Device) Expired(now time.Time) bool { return !now.Before(d.ExpiresAt) }

// Open says whether a person may still decide at now.
func (d *Device) Open(now time.Time) bool { return d.State == Pending && !d.Expired(now) }

// Poll is what a device learns when it asks.
type Poll struct {
	Device Device
	// TooSoon: the poll came before the interval was over, which has grown by SlowBy.
	TooSoon bool
}

// Devices keeps device authorizations. Errors: idp.ErrNotFound.
type Devices interface {
	// CreateDevice fails with idp.ErrTaken where another row has one of the codes.
	CreateDevice(ctx context.Context, d *Device) error
	// DeviceByID and DeviceByUserCode find those that are expired or decided too.
	DeviceByID(ctx context.Context, id string) (*Device, error)
	DeviceByUserCode(ctx context.Context, hash string) (*Device, error)
	// PollDevice notes the client's poll, by one statement, so that of two polls at
	// once at least one is too soon. Where the device code is another client's,
	// nothing is noted and there is no such device.
	PollDevice(ctx context.Context, codeHash, clientID string, now time.Time) (Poll, error)
	// DenyDevice makes what is open at now denied. False where it isn't open.
	DenyDevice(ctx context.Context, id, login string, now time.Time) (bool, error)
}

// Guesses counts wrong user codes. The counters are those of package otp's budgets.
type Guesses interface {
	// Charge adds all charges to their counters by one statement, or none of them:
	// the error is then an *otp.OverError.
	Charge(ctx context.Context, now time.Time, charges ...otp.Charge) error
}

// purpose is the keyring's purpose for all that is hashed about devices. It keeps
// device codes and authorization codes apart: the hash of the one never finds the
// other.
const purpose = "device"

// HashCode is the keyed hash of a device code.
func HashCode(k *keyring.Keyring, code string) string { return k.Hash(purpose, "device-code", code) }

// hashUser is the keyed hash of a user code as Normalize gives it.
func hashUser(k *keyring.Keyring, code string) string { return k.Hash(purpose, "user-code", code) }
