package conf

import (
	"encoding/base64"
	"encoding/hex"
	"net/netip"
	"net/url"
	"time"

	"github.com/ringtail-id/ringtail/conf/hocon"
)

// Settings are the checked settings of one provider, all under
// blitz.prod.local.idp. They are read only: a reload makes new ones. Relative
// paths of files were taken from the folder of the settings file.
type Settings struct {
	Issuer       string // the provider's address, without a slash at its end; https unless the host is loopback
	Server       Server
	Ops          Ops
	Store        Store
	Keys         Keys
	Lang         Lang
	Login        Login
	Apps         []App        // file-managed relying parties, by ID
	Registration Registration // of relying parties by themselves
	Scopes       []Scope
	Tokens       Tokens
	Logout       Logout
	Egress       Egress // to addresses that relying parties registered
	Device       Device
	Loops        Loops
	Calls        Calls
	Audit        Audit
	Log          Log
	Console      Console

	root  *hocon.Value // what they were made of, for Origin
	saved []Saved      // by line, for SavedAt
}

// Server is the public listener.
type Server struct {
	Listen          string // host:port; port 0 lets the system choose
	TLS             *TLS   // nil: plain HTTP, for a loopback address or behind a proxy
	TrustedProxies  []netip.Prefix
	DrainDelay      time.Duration // from SIGTERM, while the node isn't ready and serves all the same
	ShutdownTimeout time.Duration // after it, for requests in progress
	Limits          ServerLimits
	RateLimits      RateLimits
	ShedsLoad       bool // overload.enabled
}

// TLS names the certificate's files in PEM.
type TLS struct {
	Cert string // the certificate and its chain
	Key  string // its private key
}

// ServerLimits bound what one request may bring.
type ServerLimits struct {
	Headers int // bytes
	Body    int // bytes
	// Connections are kept at once, in all and from one address.
	Connections, AddressConnections int
}

// Ops is the operations listener: /healthz, /readyz, /metrics and /debug/pprof/.
type Ops struct {
	Listen  string // host:port, empty when it is off
	Pprof   bool   // serves profiles of the Go runtime there
	Tracing Tracing
}

// Tracing is where traces go (OpenTelemetry, OTLP over HTTP).
type Tracing struct {
	Endpoint string   // URL of the receiver; empty: nothing is traced
	Sample   float64  // the part of the traces that is kept, 0 to 1
	Headers  []Secret // "NAME: VALUE", sent to the receiver
}

// Store says where the data lives.
type Store struct {
	URL  Secret // sqlite:PATH or PostgreSQL's, which may hold a password
	Path string // the SQLite file; empty for PostgreSQL
}

// Keys are the master key and the plan for the signing keys.
type Keys struct {
	Master      Secret        // 32 bytes in hex or base64, see MasterKey; empty when none is set
	RotateAfter time.Duration // a signing key signs for so long
	KeepFor     time.Duration // and can then be used to verify for so long
	Algorithms  []string      // JWS algorithms that have a signing key; RS256 is always among them
}

// MasterKey is Master's 32 bytes, nil when none is set: a provider can't be
// served then.
func (k Keys) MasterKey() []byte { return masterKey(k.Master.Reveal()) }

// masterKey reads 64 hex digits or the base64 of 32 bytes; nil is neither.
func masterKey(text string) []byte {
	if key, err := hex.DecodeString(text); err == nil && len(key) == masterKeyBytes {
		return key
	}
	for _, b64 := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding} {
		if key, err := b64.Strict().DecodeString(text); err == nil && len(key) == masterKeyBytes {
			return key
		}
	}
	return nil
}

// masterKeyBytes is the length of a master key.
const masterKeyBytes = 32

// Lang are the languages of the pages.
type Lang struct {
	Languages     []string // the first is the default; never empty
	IgnoreBrowser bool     // don't ask Accept-Language
}

// Login is how people sign in.
type Login struct {
	Level   int           // 1: the first factor will do; 2: a second one is always asked for
	First   []string      // ids of the enabled methods of the first list of login.factors, in order
	Second  []string      // the same of the second list
	Life    time.Duration // of a login, from the request to its answer (lstateTtlInSec)
	Session Session
	Methods Methods
}

// Session is how long a person stays signed in in one browser.
type Session struct {
	Idle     time.Duration // without any use
	Absolute time.Duration // at most, used or not
}

// Methods are the settings of each method, whether it is enabled or not.
type Methods struct {
	Password  Password
	FlashCall FlashCall
}

// Password is login.methods.password.
type Password struct {
	MinLength  int // characters of a new password
	Throughput Throughput
	Block      Block
	Delay      Delay
	Hash       Hash
}

// Throughput refuses more than Limit tries within Window for one login, as Blitz does.
type Throughput struct {
	Limit  int
	Window time.Duration
}

// Block stops password login of one user after failures in a row.
type Block struct {
	Failures int
	For      time.Duration
}

// Delay makes the next try wait for Time, from the After-th failure in a row on.
type Delay struct {
	After int
	Time  time.Duration
}

// Hash are the argon2id parameters of new password hashes.
type Hash struct {
	MemoryKiB   int
	Iterations  int
	Parallelism int
	Concurrent  int // hashes computed at once; 0: one per processor
}

// FlashCall is login.methods.flashCall. The first six are Blitz's settings.
type FlashCall struct {
	CodeLength       int           // digits of the calling number's end
	Validity         time.Duration // of a code
	AttemptsPerLogin int           // wrong codes, until a new call is needed
	TotalAttempts    int           // calls placed and codes entered, until the method is blocked for the user
	BlockFor         time.Duration // how long it is then blocked
	PhoneAttribute   string        // the user's attribute that holds the number
	LoginRule        string        // as first factor: the attribute that holds the number that was typed
	Ask              string        // never, firstTime or always: ask before the first call of a login
	ResendAfter      time.Duration // until a person may ask for another call
	Channels         []Route       // the chain, in order; where the short form, driver, is written, its one route; empty only while the method is not enabled
	Breaker          Breaker
	Numbers          Numbers
	Limits           CallLimits
	Stopped          Stopped
}

// Route is one way to bring a code to a person: a channel by a driver. Lists
// that are empty let every number pass.
type Route struct {
	Channel   string        // flashCall, sms or voice
	Driver    string        // the driver's name
	Price     int64         // of one order, in millionths of Limits.Currency
	Wait      time.Duration // after the code before, until the person may ask for this channel
	Countries []string      // ISO 3166, two letters
	Prefixes  []string      // beginnings of numbers, "+" and digits
	Operators []string      // English names, as libphonenumber has them
	From, To  int           // minutes of the day at the number's place, 0 to 1439, To not included; over midnight where To is less; equal: always
}

// Breaker passes over a route that failed Failures times in a row, for Pause.
type Breaker struct {
	Failures int
	Pause    time.Duration
}

// Numbers say who may be called.
type Numbers struct {
	Countries []string // ISO 3166, two letters; nobody else is called
	VoIP      bool     // numbers of internet telephony too
}

// CallLimits bound what is ordered from providers, over all users; 0 switches
// a limit off. An hour and a day begin with the first order in them.
type CallLimits struct {
	NumberHour  int    // to one number
	NumberDay   int    // to one number
	AddressHour int    // from one IP address
	NetworkHour int    // from one /24, or /48 of IPv6
	PrefixHour  int    // to numbers that differ in their last four digits alone
	CountryHour int    // to one country
	SpendDay    int64  // millionths of Currency
	Currency    string // ISO 4217, of SpendDay and of the routes' prices
}

// Scope is a scope that the file adds, or a standard one that it changes.
type Scope struct {
	Name        string
	Title       map[string]string // on the consent page, by language; default: every other
	Description map[string]string // likewise
	Claims      map[string]string // templates by claim; see idp/claims
	ClientLevel bool              // for clients themselves, not for people
	Enabled     bool
}

// Tokens are the lives of what clients get, where an App says nothing.
type Tokens struct {
	Code    time.Duration // authorization code (RFC 6749: at most 10 minutes)
	Access  time.Duration
	ID      time.Duration
	Refresh time.Duration
	// RefreshGrace is how long a used refresh token may come again where the answer
	// was lost; 0: never.
	RefreshGrace time.Duration
}

// Loops are the drivers, their sandbox and what they may reach.
type Loops struct {
	Folder  string // of the installation's own drivers; empty: only those that ship
	Workers int    // worker processes
	Queue   int    // runs that may wait for a worker
	Limits  LoopLimits
	Egress  Egress
	Secrets map[string]map[string]Secret // by driver, then by the name that the driver reads
}

// LoopLimits bound one run of a driver; names as in loops.Limits. Sizes are bytes.
type LoopLimits struct {
	Code    int           // of a script
	Step    time.Duration // processor time of one step of the script
	Memory  int64         // that a script may take in a worker
	Steps   int           // requests in one run
	Run     time.Duration // a whole run, requests and waiting included
	Message int           // input, state, result: each
	Headers int           // of a request, of an answer
	Request int           // body of a request
	Answer  int           // body of an answer
	Connect time.Duration // name resolution, connection and TLS
	Reply   time.Duration // one whole request, connect included
}

// Egress opens what is closed by default, to drivers or to addresses that
// relying parties registered.
type Egress struct {
	AllowHTTP    []string // hosts that may be reached without TLS, written as in a driver's manifest
	AllowPrivate []string // hosts that may have loopback and private addresses, written likewise
	Proxy        *url.URL // nil: none
}

// Log is the log on standard error.
type Log struct {
	Level  string // debug, info, warn, error
	Format string // text, json
}

// Device is how devices without a browser sign in (RFC 8628).
type Device struct {
	Life     time.Duration // of the codes
	Interval time.Duration // between two polls, to begin with
	// Wrong user codes in an hour, from one browser and from one address.
	BrowserHour, AddressHour int
}
